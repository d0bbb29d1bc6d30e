//! The mark beside the vault: how far it has come. Older pages, an older file or a cut WAL open cleanly; compared with the mark they
//! show that commits are missing.
//!
//! It repeats the last commit's count and hash, and how many changes are on this phone only, which can be read while the vault is
//! locked; unsynced, since an answer costs one sync; and, synced at each opening, the keystore's
//! generation, which no restored backup takes back. Written in place: it has its block even on a full disk.

use crate::error::Result;
use crate::vault::fault::from_io;
use crate::vault::header_file::sync_folder;
use crate::vault::sql::commits::Commit;
use mooring_identity::{IdentityError, MacKey, Purpose, Reader, VaultKey, Writer, right_pins};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

const VERSION: u8 = 1;
const WITHOUT_NUMBER: u8 = 0;
const PURPOSE: Purpose = Purpose::new("mooring.vault.mark");

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) commit: Commit,
    pub(crate) generation: u64,
    /// How many changes are on this phone only; none in a mark of version 0.
    pub(crate) only_here: Option<u64>,
}

impl Mark {
    /// Whether a vault that has come to `found`, on a keystore of this generation, is older than this mark or than that generation.
    pub(crate) fn is_ahead_of(self, found: Commit, generation: u64) -> bool {
        right_pins(self.generation) < right_pins(generation)
            || self.commit.counter > found.counter
            || (self.commit.counter == found.counter && self.commit.chain != found.chain)
    }

    fn encode(self, vault_id: [u8; 16], key: &MacKey) -> Vec<u8> {
        let mut out = Writer::new();
        let version = self.only_here.map_or(WITHOUT_NUMBER, |_| VERSION);
        out.u8(version)
            .fixed(&vault_id)
            .u64(self.commit.counter)
            .fixed(&self.commit.chain)
            .u64(self.generation);
        if let Some(only_here) = self.only_here {
            out.u64(only_here);
        }
        let mut bytes = out.finish();
        bytes.extend(key.tag(&bytes));
        bytes
    }

    fn parse(bytes: &[u8], vault_id: [u8; 16], key: &MacKey) -> Result<Self, IdentityError> {
        let (covered, tag) = bytes
            .split_last_chunk::<32>()
            .ok_or(IdentityError::Malformed)?;
        let (whose, mark) = Self::read(covered)?;
        if whose == vault_id && key.holds(covered, tag) {
            Ok(mark)
        } else {
            Err(IdentityError::Forged)
        }
    }

    /// Reads what the tag covers, without believing it, and whose it says it is.
    fn read(covered: &[u8]) -> Result<([u8; 16], Self), IdentityError> {
        let mut reader = Reader::new(covered);
        let version = reader.version(VERSION)?;
        let whose: [u8; 16] = reader.array()?;
        let commit = Commit {
            counter: reader.u64()?,
            chain: reader.array()?,
        };
        let generation = reader.u64()?;
        let only_here = if version == WITHOUT_NUMBER {
            None
        } else {
            Some(reader.u64()?)
        };
        reader.finish()?;
        let mark = Self {
            commit,
            generation,
            only_here,
        };
        Ok((whose, mark))
    }
}

/// The file, as long as the vault is open.
pub(crate) struct MarkFile {
    file: File,
    key: MacKey,
    vault_id: [u8; 16],
    generation: u64,
}

/// What the file says under this vault's key; none where it is gone, damaged or another vault's.
pub(crate) fn read(path: &Path, vault: &VaultKey) -> Option<Mark> {
    let bytes = fs::read(path).ok()?;
    Mark::parse(&bytes, vault.vault_id(), &mac(vault)).ok()
}

/// What the file says, to be shown while the vault is locked: nobody has vouched for it then.
pub(crate) fn peek(path: &Path) -> Option<Mark> {
    let bytes = fs::read(path).ok()?;
    let (covered, _) = bytes.split_last_chunk::<32>()?;
    Mark::read(covered).ok().map(|(_, mark)| mark)
}

impl MarkFile {
    /// Writes the mark, synced, and keeps the file.
    pub(crate) fn begin(path: &Path, vault: &VaultKey, mark: Mark) -> Result<Self> {
        let is_new = !path.try_exists().map_err(|error| from_io(&error))?;
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| from_io(&error))?;
        let mut marks = Self {
            file,
            key: mac(vault),
            vault_id: vault.vault_id(),
            generation: mark.generation,
        };
        let write = |marks: &mut Self| {
            marks.overwrite(mark)?;
            marks.file.sync_all()?;
            if is_new { sync_folder(path) } else { Ok(()) }
        };
        write(&mut marks).map_err(|error| from_io(&error))?;
        Ok(marks)
    }

    /// After a commit. Not synced, and what can't be written is left: an older mark alarms nobody.
    pub(crate) fn note(&mut self, commit: Commit, only_here: u64) {
        let _ = self.overwrite(Mark {
            commit,
            generation: self.generation,
            only_here: Some(only_here),
        });
    }

    /// The keystore is about to count another opening: the mark knows it first, synced.
    pub(crate) fn see(&mut self, generation: u64, commit: Commit, only_here: u64) {
        self.generation = generation;
        self.note(commit, only_here);
        let _ = self.file.sync_all();
    }

    fn overwrite(&mut self, mark: Mark) -> io::Result<()> {
        let bytes = mark.encode(self.vault_id, &self.key);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&bytes)?;
        self.file.set_len(bytes.len() as u64)
    }
}

fn mac(vault: &VaultKey) -> MacKey {
    MacKey::new(vault.derive(PURPOSE, &[]), PURPOSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mooring_identity::Secret;

    const ID: [u8; 16] = [1; 16];
    const MARK: Mark = Mark {
        commit: Commit {
            counter: 7,
            chain: [2; 32],
        },
        generation: 48,
        only_here: Some(5),
    };

    fn key() -> MacKey {
        MacKey::new(Secret::take(&mut [3; 32]), PURPOSE)
    }

    #[track_caller]
    fn check_golden(golden: &[u8], only_here: Option<u64>) {
        let mark = Mark { only_here, ..MARK };
        assert_eq!(Mark::parse(golden, ID, &key()), Ok(mark));
        assert_eq!(mark.encode(ID, &key()), golden);
    }

    #[test]
    fn a_mark_of_each_version_is_still_read_and_written_the_same_way() {
        check_golden(include_bytes!("tests/golden/mark.v0.bin"), None);
        check_golden(include_bytes!("tests/golden/mark.v1.bin"), Some(5));
    }

    #[test]
    fn a_later_version_is_too_new() {
        let mut later = MARK.encode(ID, &key());
        later[0] = 2;
        assert_eq!(Mark::parse(&later, ID, &key()), Err(IdentityError::TooNew));
    }

    #[test]
    fn any_flipped_bit_and_any_other_vault_is_no_mark() {
        let bytes = MARK.encode(ID, &key());
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(Mark::parse(&bad, ID, &key()).is_err(), "byte {at}");
            assert!(Mark::parse(&bytes[..at], ID, &key()).is_err(), "cut {at}");
        }
        assert!(Mark::parse(&bytes, [9; 16], &key()).is_err());
    }

    #[track_caller]
    fn check_ahead(counter: u64, chain: u8, generation: u64, expected: bool) {
        let found = Commit {
            counter,
            chain: [chain; 32],
        };
        assert_eq!(MARK.is_ahead_of(found, generation), expected);
    }

    #[test]
    fn an_older_vault_another_history_or_an_older_generation_is_noticed() {
        check_ahead(7, 2, 48, false);
        check_ahead(8, 9, 48, false);
        check_ahead(7, 2, 57, false);
        check_ahead(6, 2, 48, true);
        check_ahead(7, 9, 48, true);
        check_ahead(7, 2, 64, true);
        check_ahead(7, 2, 16, false);
    }
}
