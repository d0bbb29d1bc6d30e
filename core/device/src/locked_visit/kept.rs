//! The vault's copy of what was captured while it was locked: a file an action, which only the opened vault can read.

use crate::error::{Error, Result};
use crate::outside::Outside;
use crate::vault::{from_io, replace, sync_folder};
use mooring_casefile::{Change, ChangeId, Run};
use mooring_exchange::{decode_run, encode_run};
use mooring_identity::{IdentityError, Purpose, Random, Reader, RecipientKey, Writer};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where it lies.
pub(crate) const FOLDER: &str = "captured";
const ENDING: &str = ".sealed";
const VERSION: u8 = 0;
const PURPOSE: Purpose = Purpose::new("mooring.captured");
const MOST: usize = 10_000;
const LARGEST: usize = 8 << 20;

/// One file: which changes, and sealed what they are.
pub(super) struct Kept {
    vault_id: [u8; 16],
    changes: Vec<ChangeId>,
    sealed: Vec<u8>,
}

impl Kept {
    pub(super) fn seal(
        outside: &Outside,
        changes: &[Change],
        runs: &[Run],
        random: &mut dyn Random,
    ) -> Result<Self> {
        let mut plain = Writer::new();
        plain.varint(runs.len() as u64);
        for run in runs {
            plain.bytes(&encode_run(run));
        }
        let sealed = outside
            .vault
            .seal(PURPOSE, &outside.vault_id, &plain.finish(), random)
            .map_err(|_| Error::Internal("captured"))?;
        Ok(Self {
            vault_id: outside.vault_id,
            changes: changes.iter().map(|change| change.id).collect(),
            sealed,
        })
    }

    pub(super) fn store(&self, dir: &Path, random: &mut dyn Random) -> Result<()> {
        let folder = dir.join(FOLDER);
        if !folder.is_dir() {
            fs::create_dir_all(&folder).map_err(|error| from_io(&error))?;
            sync_folder(&folder).map_err(|error| from_io(&error))?;
        }
        let mut chance = [0_u8; 16];
        random.fill(&mut chance);
        let mut name = String::new();
        for byte in chance {
            let _ = write!(name, "{byte:02x}");
        }
        replace(&folder.join(name + ENDING), &self.encode()).map_err(|error| from_io(&error))
    }

    /// Opens it with the vault's key. None for another vault's, or a damaged one: it stays where it is.
    pub(super) fn open(&self, vault_id: [u8; 16], key: &RecipientKey) -> Option<Vec<Run>> {
        if self.vault_id != vault_id {
            return None;
        }
        let plain = key.open(PURPOSE, &self.vault_id, &self.sealed).ok()?;
        read_runs(&plain).ok()
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .fixed(&self.vault_id)
            .varint(self.changes.len() as u64);
        for change in &self.changes {
            out.fixed(&change.bytes());
        }
        out.bytes(&self.sealed);
        out.finish()
    }

    fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let vault_id = reader.array()?;
        let count = reader.count(MOST, 32)?;
        let changes = (0..count)
            .map(|_| reader.array().map(ChangeId::new))
            .collect::<Result<_, _>>()?;
        let sealed = reader.bytes(LARGEST)?.to_vec();
        reader.finish()?;
        Ok(Self {
            vault_id,
            changes,
            sealed,
        })
    }
}

fn read_runs(plain: &[u8]) -> Result<Vec<Run>, IdentityError> {
    let mut reader = Reader::new(plain);
    let count = reader.count(MOST, 1)?;
    let runs = (0..count)
        .map(|_| decode_run(reader.bytes(LARGEST)?))
        .collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(runs)
}

/// Every file that can be read as one, with its place.
pub(super) fn all(dir: &Path) -> Result<Vec<(PathBuf, Kept)>> {
    let entries = match fs::read_dir(dir.join(FOLDER)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(from_io(&error)),
    };
    let mut all = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| from_io(&error))?.path();
        if path.extension().is_none_or(|ending| ending != "sealed") {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| from_io(&error))?;
        if let Ok(kept) = Kept::parse(&bytes) {
            all.push((path, kept));
        }
    }
    Ok(all)
}

/// The changes that were captured and that no vault has taken in yet.
pub(crate) fn count_kept(dir: &Path) -> Result<BTreeSet<ChangeId>> {
    Ok(all(dir)?
        .into_iter()
        .flat_map(|(_, kept)| kept.changes)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_version_0_is_still_read_and_a_later_one_is_too_new() {
        let golden = include_bytes!("../vault/tests/golden/captured.v0.bin");
        let kept = Kept::parse(golden).unwrap();
        assert_eq!(kept.vault_id, [1; 16]);
        assert_eq!(kept.changes, [ChangeId::new([2; 32])]);
        assert_eq!(kept.sealed, [3, 4]);
        assert_eq!(kept.encode(), golden);
        let mut later = golden.to_vec();
        later[0] = 1;
        assert_eq!(Kept::parse(&later).err(), Some(IdentityError::TooNew));
        for cut in 0..golden.len() {
            assert!(Kept::parse(&golden[..cut]).is_err());
        }
    }
}
