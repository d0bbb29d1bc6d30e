//! One process, one writer: a lock of the operating system on a file beside the database, gone with the process however it ends.

use crate::error::{Error, Result, VaultFault};
use crate::vault::fault::from_io;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// Held while the vault is open; dropping it lets the next process in.
pub(crate) struct LockFile {
    _held: File,
}

impl LockFile {
    /// Takes the lock, or says that another process has it. Writes nothing, so it works on a full disk.
    pub(crate) fn take(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| from_io(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _held: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Vault(VaultFault::InUse)),
            Err(TryLockError::Error(error)) => Err(from_io(&error)),
        }
    }
}
