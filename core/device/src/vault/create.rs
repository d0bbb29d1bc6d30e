//! Making a vault: built beside its place and moved there whole, so that a cut leaves no half of one.

use super::database::{DatabaseKey, Expect};
use super::fault::from_sqlite;
use super::lock_file::LockFile;
use super::mark::{Mark, MarkFile};
use super::pin::from_keystore;
use super::sql::commits::Commit;
use super::sql::generation;
use super::{
    DATABASE, FOLDER, HEADER, LOCK, MARK, Vault, connect, from_io, header_file, opening_nonce,
};
use crate::error::{BadInput, Error, Result, VaultFault};
use crate::seams::Seams;
use mooring_identity::{KdfParams, VaultHeader, VaultKey, next_generation};
use rusqlite::Connection;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Fewer digits than this fall to a guesser who has the phone unlocked for a minute.
const SHORTEST_PIN: usize = 4;

/// A PIN that may be set.
pub(super) fn check_pin(pin: &[u8]) -> Result<()> {
    if pin.len() < SHORTEST_PIN {
        return Err(Error::BadInput(BadInput::Pin));
    }
    Ok(())
}

/// Makes the vault of `dir`. Refused where there is one already, whatever its state.
pub(crate) fn create(dir: &Path, pin: &[u8], cost: KdfParams, seams: &mut Seams) -> Result<Vault> {
    check_pin(pin)?;
    fs::create_dir_all(dir).map_err(|error| from_io(&error))?;
    let lock = LockFile::take(&dir.join(LOCK))?;
    let place = dir.join(FOLDER);
    if place.try_exists().map_err(|error| from_io(&error))? {
        return Err(Error::Vault(VaultFault::Exists));
    }
    let making = dir.join(making_name(seams));
    fs::create_dir(&making).map_err(|error| from_io(&error))?;
    let mark = first_mark(seams)?;
    let key = fill(&making, pin, cost, mark.generation, seams)?;
    let marks = MarkFile::begin(&dir.join(MARK), &key, mark)?;
    fs::rename(&making, &place).map_err(|error| from_io(&error))?;
    header_file::sync_folder(&place).map_err(|error| from_io(&error))?;
    let path = place.join(DATABASE);
    let database_key = DatabaseKey::of(&key);
    let connection = connect(&path, &database_key, Expect::Present)?;
    Ok(Vault {
        connection,
        dir: dir.to_owned(),
        path,
        header_path: place.join(HEADER),
        database_key,
        key,
        commit: Commit::default(),
        nonce: opening_nonce(seams),
        marks: Some(marks),
        unmarked: false,
        only_here: 0,
        unaudited: Vec::new(),
        _lock: lock,
    })
}

/// A new vault has all its tries, whatever an earlier one used up on this phone.
fn first_mark(seams: &mut Seams) -> Result<Mark> {
    let provider = seams.provider.as_mut();
    let generation = next_generation(provider.generation().map_err(from_keystore)?);
    provider
        .raise_generation(generation)
        .map_err(from_keystore)?;
    let commit = Commit::default();
    Ok(Mark {
        commit,
        generation,
        only_here: Some(0),
    })
}

fn fill(
    folder: &Path,
    pin: &[u8],
    cost: KdfParams,
    generation: u64,
    seams: &mut Seams,
) -> Result<VaultKey> {
    let (header, key) =
        VaultHeader::make(pin, cost, seams.provider.as_mut(), seams.random.as_mut())
            .map_err(from_keystore)?;
    let mut connection = connect(&folder.join(DATABASE), &DatabaseKey::of(&key), Expect::New)?;
    note(&mut connection, generation).map_err(|error| from_sqlite(&error))?;
    // Dropping the connection folds the WAL in, so that one file moves.
    drop(connection);
    header_file::write(&folder.join(HEADER), &header)?;
    Ok(key)
}

fn note(connection: &mut Connection, generation: u64) -> rusqlite::Result<()> {
    let tx = connection.transaction()?;
    generation::put(&tx, generation)?;
    tx.commit()
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
