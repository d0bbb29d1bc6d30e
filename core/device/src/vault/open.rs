//! Opening a vault with the PIN. Whatever goes wrong, only the header's count of tries has changed.

use super::database::{DatabaseKey, Expect};
use super::lock_file::LockFile;
use super::sql::audit::Act;
use super::{DATABASE, FOLDER, HEADER, LOCK, Vault, connect, from_io, header_file};
use crate::error::{Error, Result, VaultFault};
use crate::seams::Seams;
use mooring_casefile::Now;
use mooring_identity::{TRIES, UnlockError, VaultHeader, VaultKey};
use std::path::Path;

/// Opens the vault of `dir`.
pub(crate) fn open(dir: &Path, pin: &[u8], seams: &mut Seams, now: Now) -> Result<Vault> {
    let place = dir.join(FOLDER);
    if !place.try_exists().map_err(|error| from_io(&error))? {
        return Err(Error::Vault(VaultFault::Absent));
    }
    let lock = LockFile::take(&dir.join(LOCK))?;
    let header_path = place.join(HEADER);
    let mut header = read_header(&header_path)?;
    let vault_key = try_pin(&header_path, &mut header, pin, seams)?;
    let key = DatabaseKey {
        key: vault_key.derive_database_key(),
        salt: vault_key.derive_database_salt(),
    };
    let path = place.join(DATABASE);
    if !path.try_exists().map_err(|error| from_io(&error))? {
        return Err(Error::Vault(VaultFault::Corrupt));
    }
    let connection = connect(&path, &key, Expect::Present)?;
    let mut vault = Vault {
        connection,
        path,
        key,
        unaudited: Vec::new(),
        _lock: lock,
    };
    vault.read(now, Act::Unlock, |_| Ok(()))?;
    Ok(vault)
}

/// A vault folder without a header is a damaged vault, not an absent one.
fn read_header(path: &Path) -> Result<VaultHeader> {
    let read = header_file::read(path);
    if matches!(read, Err(Error::Vault(VaultFault::Absent))) {
        Err(Error::Vault(VaultFault::Corrupt))
    } else {
        read
    }
}

/// The try is counted and on disk before the key is derived: a kill in between costs a try and never gives one.
fn try_pin(
    path: &Path,
    header: &mut VaultHeader,
    pin: &[u8],
    seams: &mut Seams,
) -> Result<VaultKey> {
    if header.attempts() >= TRIES {
        return Err(Error::Vault(VaultFault::PinBlocked));
    }
    let before = header.clone();
    header.count_attempt();
    header_file::write(path, header)?;
    let opened = header.unlock(pin, seams.provider.as_mut());
    // Should the last write not reach the disk, the next start has one try fewer, and no guesser one more.
    match &opened {
        Ok(_) => {
            header.clear_attempts();
            let _ = header_file::write(path, header);
        }
        // The PIN was not tried at all: a keystore that fails may not use up a person's tries.
        Err(UnlockError::TryAgain | UnlockError::KeyMissing | UnlockError::KeyInvalidated) => {
            let _ = header_file::write(path, &before);
        }
        Err(
            UnlockError::WrongPin { .. }
            | UnlockError::NoPinSlot
            | UnlockError::Corrupt
            | UnlockError::TooNew,
        ) => {}
    }
    opened.map_err(header_file::from_unlock)
}
