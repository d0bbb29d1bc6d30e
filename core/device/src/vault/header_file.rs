//! The header's file: replaced whole and synced, so that neither a cut nor a full disk can damage it or give a free guess.

use crate::error::{Error, NotSaved, Result, VaultFault};
use crate::vault::fault::from_io;
use mooring_identity::{UnlockError, VaultHeader};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// More than any header of ours: a larger file is not one.
const LARGEST: u64 = 16 * 1024;

/// Reads the header beside the database.
pub(crate) fn read(path: &Path) -> Result<VaultHeader> {
    let size = fs::metadata(path).map_err(|error| from_io(&error))?.len();
    if size > LARGEST {
        return Err(Error::Vault(VaultFault::Corrupt));
    }
    let bytes = fs::read(path).map_err(|error| from_io(&error))?;
    VaultHeader::parse(&bytes).map_err(from_unlock)
}

/// Replaces it durably before returning: the old one or the new, whatever cuts in.
pub(crate) fn write(path: &Path, header: &VaultHeader) -> Result<()> {
    replace(path, &header.encode()).map_err(|error| from_io(&error))
}

/// Writes a header of which nothing but the count of tries is new.
pub(crate) fn write_count(path: &Path, header: &VaultHeader) -> Result<()> {
    let replaced = write(path, header);
    if replaced == Err(Error::NotSaved(NotSaved::NoSpace)) {
        // A full disk must not lock a responder out. The count lies within one sector and in a file that has its blocks.
        return overwrite(path, &header.encode()).map_err(|error| from_io(&error));
    }
    replaced
}

/// Replaces a file whole and durably: the old one or the new, whatever cuts in.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}

fn overwrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    if file.metadata()?.len() != bytes.len() as u64 {
        return Err(io::ErrorKind::StorageFull.into());
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a rename or a new file inside the folder of `path` durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        Some(_) | None => Ok(()),
    }
}

/// What the header or the keystore says, as an app hears it.
pub(crate) fn from_unlock(error: UnlockError) -> Error {
    match error {
        UnlockError::WrongPin { tries_left } => Error::WrongPin {
            left: u8::try_from(tries_left).unwrap_or(u8::MAX),
        },
        UnlockError::NoSlot => Error::Vault(VaultFault::NotSetUp),
        UnlockError::Canceled => Error::Canceled,
        UnlockError::KeyMissing => Error::Vault(VaultFault::KeyMissing),
        UnlockError::KeyInvalidated => Error::Vault(VaultFault::KeyInvalidated),
        UnlockError::TryAgain => Error::TryLater,
        UnlockError::Corrupt => Error::Vault(VaultFault::Corrupt),
        UnlockError::TooNew => Error::UpdateApp,
    }
}
