//! Making a vault: built beside its place and moved there whole, so that a cut leaves no half of one.

use super::database::{DatabaseKey, Expect};
use super::lock_file::LockFile;
use super::{DATABASE, FOLDER, HEADER, LOCK, Vault, connect, from_io, header_file};
use crate::error::{BadInput, Error, Result, VaultFault};
use crate::seams::Seams;
use mooring_identity::{KdfParams, VaultHeader};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Fewer digits than this fall to a guesser who has the phone unlocked for a minute.
const SHORTEST_PIN: usize = 4;

/// Makes the vault of `dir`. Refused where there is one already, whatever its state.
pub(crate) fn create(dir: &Path, pin: &[u8], cost: KdfParams, seams: &mut Seams) -> Result<Vault> {
    if pin.len() < SHORTEST_PIN {
        return Err(Error::BadInput(BadInput::Pin));
    }
    fs::create_dir_all(dir).map_err(|error| from_io(&error))?;
    let lock = LockFile::take(&dir.join(LOCK))?;
    let place = dir.join(FOLDER);
    if place.try_exists().map_err(|error| from_io(&error))? {
        return Err(Error::Vault(VaultFault::Exists));
    }
    let making = dir.join(making_name(seams));
    fs::create_dir(&making).map_err(|error| from_io(&error))?;
    let key = fill(&making, pin, cost, seams)?;
    fs::rename(&making, &place).map_err(|error| from_io(&error))?;
    header_file::sync_folder(&place).map_err(|error| from_io(&error))?;
    let path = place.join(DATABASE);
    let connection = connect(&path, &key, Expect::Present)?;
    Ok(Vault {
        connection,
        path,
        key,
        unaudited: Vec::new(),
        _lock: lock,
    })
}

fn fill(folder: &Path, pin: &[u8], cost: KdfParams, seams: &mut Seams) -> Result<DatabaseKey> {
    let (header, vault_key) =
        VaultHeader::make(pin, cost, seams.provider.as_mut(), seams.random.as_mut())
            .map_err(|error| header_file::from_unlock(error.into()))?;
    let key = DatabaseKey {
        key: vault_key.derive_database_key(),
        salt: vault_key.derive_database_salt(),
    };
    // Dropping the connection folds the WAL in, so that one file moves.
    drop(connect(&folder.join(DATABASE), &key, Expect::New)?);
    header_file::write(&folder.join(HEADER), &header)?;
    Ok(key)
}

/// A folder that an earlier, cut attempt left behind keeps its name to itself.
fn making_name(seams: &mut Seams) -> String {
    let mut chance = [0; 8];
    seams.random.fill(&mut chance);
    let mut name = String::from("making-");
    for byte in chance {
        let _ = write!(name, "{byte:02x}");
    }
    name
}
