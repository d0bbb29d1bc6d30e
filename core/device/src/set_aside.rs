//! Setting a vault aside whole, on a person's word: a new name, not a byte changed, and nothing deleted.

use crate::error::{Error, Result, VaultFault};
use crate::vault::from_io;
use mooring_casefile::Now;
use std::fs;
use std::path::{Path, PathBuf};

/// Names tried before giving up: two in one millisecond are rare already.
const TRIES: u32 = 100;

/// Renames the folder of a vault that is not open in this process, and says its new name.
pub fn set_aside(dir: &Path, now: Now) -> Result<PathBuf> {
    if !dir.is_dir() {
        return Err(Error::Vault(VaultFault::Absent));
    }
    let name = dir
        .file_name()
        .ok_or(Error::Vault(VaultFault::Absent))?
        .to_string_lossy()
        .into_owned();
    for number in 0..TRIES {
        let aside = dir.with_file_name(format!("{name}.set-aside-{}-{number}", now.wall_ms));
        if !aside.try_exists().map_err(|error| from_io(&error))? {
            fs::rename(dir, &aside).map_err(|error| from_io(&error))?;
            return Ok(aside);
        }
    }
    Err(Error::TryLater)
}
