//! Destroying a vault's files, after the keystore's keys: what a disk may still hold of them opens no more.

use super::lock_file::LockFile;
use super::{FOLDER, HEADER, LOCK, MARK, from_io, header_file::sync_folder};
use crate::error::{Error, Result, VaultFault};
use crate::locked_visit::CAPTURED;
use crate::seams::Seams;
use crate::vault::pin::from_keystore;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Destroys the vault of `dir`. A cut leaves one that no PIN opens, and destroying it again goes on.
pub(crate) fn destroy(dir: &Path, seams: &mut Seams) -> Result<()> {
    let place = dir.join(FOLDER);
    if !place.try_exists().map_err(|error| from_io(&error))? {
        return Err(Error::Vault(VaultFault::Absent));
    }
    let _lock = LockFile::take(&dir.join(LOCK))?;
    seams
        .provider
        .destroy(seams.random.as_mut())
        .map_err(from_keystore)?;
    let files = || -> io::Result<()> {
        // The recovery slot does not rest on the keystore: it is overwritten before its file goes.
        blank(&place.join(HEADER))?;
        fs::remove_dir_all(&place)?;
        remove(&dir.join(MARK))?;
        // Only this vault's key opened these; HQ's copies lie in the outbox.
        match fs::remove_dir_all(dir.join(CAPTURED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        sync_folder(&place)
    };
    files().map_err(|error| from_io(&error))
}

fn blank(header: &Path) -> io::Result<()> {
    let Ok(mut file) = OpenOptions::new().write(true).open(header) else {
        return Ok(());
    };
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
