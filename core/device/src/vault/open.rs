//! Opening a vault. Whatever goes wrong, only the header's count of tries has changed.

use super::database::{self, DatabaseKey, Expect};
use super::lock_file::LockFile;
use super::mark::{self, Mark, MarkFile};
use super::pin::{from_keystore, give_back, try_pin};
use super::sql::audit::Act;
use super::sql::commits::{self, Commit};
use super::sql::facts::{self, Fact};
use super::sql::generation;
use super::sql::unsent;
use super::{
    DATABASE, FOLDER, HEADER, LOCK, MARK, Vault, despite_the_disk, from_io, header_file, migrate,
    opening_nonce,
};
use crate::error::{Error, Result, VaultFault};
use crate::seams::Seams;
use mooring_casefile::Now;
use mooring_identity::{
    VaultHeader, VaultKey, generation_after_biometric, next_generation, right_pins,
};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// What opens a vault.
#[derive(Clone, Copy)]
pub enum By<'a> {
    /// The PIN.
    Pin(&'a [u8]),
    /// A finger or face, asked for by the platform's keystore.
    Biometric,
}

/// What to do with a vault that is older than what this phone has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Older {
    /// Say [`VaultFault::RolledBack`] and leave it as it is.
    Refuse,
    /// The person was told: open it, and let the next exchange bring back what HQ has.
    GoOn,
}

/// A closed vault and the lock on it.
pub(super) struct Closed {
    lock: LockFile,
    pub(super) header_path: PathBuf,
    pub(super) header: VaultHeader,
    dir: PathBuf,
    database: PathBuf,
    mark: PathBuf,
}

/// Opens the vault of `dir`.
pub(crate) fn open(
    dir: &Path,
    by: By<'_>,
    older: Older,
    seams: &mut Seams,
    now: Now,
) -> Result<Vault> {
    let mut closed = Closed::find(dir)?;
    let key = match by {
        By::Pin(pin) => try_pin(&closed.header_path, &mut closed.header, pin, seams, now)?,
        By::Biometric => closed
            .header
            .unlock_biometric(seams.provider.as_mut())
            .map_err(header_file::from_unlock)?,
    };
    closed.open_with(key, by, older, seams, now)
}

impl Closed {
    /// Finds it and takes its lock.
    pub(super) fn find(dir: &Path) -> Result<Self> {
        let place = dir.join(FOLDER);
        if !place.try_exists().map_err(|error| from_io(&error))? {
            return Err(Error::Vault(VaultFault::Absent));
        }
        let lock = LockFile::take(&dir.join(LOCK))?;
        let header_path = place.join(HEADER);
        let header = read_header(&header_path)?;
        Ok(Self {
            lock,
            header_path,
            header,
            dir: dir.to_owned(),
            database: place.join(DATABASE),
            mark: dir.join(MARK),
        })
    }

    /// Whether this is its key, by the database itself.
    pub(super) fn prove(&self, key: &VaultKey) -> Result<()> {
        look_at(&self.database, key).map(|_| ())
    }

    /// Opens it with its key, which is right as far as the slot could say.
    pub(super) fn open_with(
        mut self,
        key: VaultKey,
        by: By<'_>,
        older: Older,
        seams: &mut Seams,
        now: Now,
    ) -> Result<Vault> {
        let generation = seams.provider.generation().map_err(from_keystore)?;
        let marked = mark::read(&self.mark, &key);
        let known = marked.or_else(|| self.own_word(&key));
        // This right one was counted as well.
        let wrong_pins = match by {
            By::Pin(_) => self.header.attempts(generation).saturating_sub(1),
            By::Biometric => 0,
        };
        let next = self.count_opening(&key, by, known, generation, seams);
        let found = look_at(&self.database, &key)?;
        let ahead = match known {
            Some(known) => known.is_ahead_of(found.commit, generation),
            // Only a vault from before there were marks, or one that can't be read, says nothing.
            None => found.commit != Commit::default() || right_pins(generation) > 0,
        };
        if ahead && older == Older::Refuse {
            return Err(Error::Vault(VaultFault::RolledBack));
        }
        let connection = found.settle_in()?;
        let commit = commits::last(&connection).map_err(|error| super::from_sqlite(&error))?;
        // Above all that either has seen: from here on this is the history that counts.
        let counter = commit
            .counter
            .max(known.map_or(0, |known| known.commit.counter));
        let commit = Commit { counter, ..commit };
        let only_here =
            unsent::count_all(&connection).map_err(|error| super::from_sqlite(&error))?;
        let mut vault = Vault {
            connection,
            dir: self.dir,
            path: self.database,
            header_path: self.header_path,
            database_key: DatabaseKey::of(&key),
            key,
            commit,
            nonce: opening_nonce(seams),
            marks: None,
            unmarked: marked.is_none(),
            only_here,
            unaudited: Vec::new(),
            _lock: self.lock,
        };
        if ahead {
            vault.say_restored(now)?;
        }
        let wrong = (0..wrong_pins).map(|_| (now.wall_ms, Act::WrongPin));
        vault.unaudited.extend(wrong);
        // Before the mark is touched again: at no moment is the generation in neither of the two.
        vault.say_opened(next, now)?;
        let mark = Mark {
            commit: vault.commit,
            generation: next,
            only_here: Some(vault.only_here),
        };
        // A mark that can't be written must not lock anybody out.
        vault.marks = MarkFile::begin(&self.mark, &vault.key, mark).ok();
        Ok(vault)
    }

    /// What the vault says of itself, where a power cut tore the mark beside it or somebody took it away. It lies under the vault's key
    /// and was synced at the last opening, so an older vault shows by its generation; how many commits that opening made, only
    /// the mark knew.
    fn own_word(&self, key: &VaultKey) -> Option<Mark> {
        let found = look_at(&self.database, key).ok()?;
        Some(Mark {
            commit: found.commit,
            generation: found.generation?,
            only_here: None,
        })
    }

    /// Counts the opening in the keystore, and in the mark before it, so that a kill in between alarms nobody. A mark that was behind
    /// the keystore already is left to tell so. Gives the generation that the vault has seen from now on.
    fn count_opening(
        &mut self,
        key: &VaultKey,
        by: By<'_>,
        known: Option<Mark>,
        generation: u64,
        seams: &mut Seams,
    ) -> u64 {
        let next = match by {
            By::Pin(_) => next_generation(generation),
            By::Biometric => generation_after_biometric(generation),
        };
        if let Some(known) = known
            && right_pins(known.generation) >= right_pins(generation)
        {
            let counted = Mark {
                generation: next,
                ..known
            };
            let _ = MarkFile::begin(&self.mark, key, counted);
        }
        match by {
            By::Pin(_) => give_back(&self.header_path, &mut self.header, generation, seams),
            By::Biometric => {
                let _ = seams.provider.raise_generation(next);
            }
        }
        next
    }
}

impl Vault {
    /// From here on, until HQ has said what it has, this vault counts as restored. A full disk does not stand in the way.
    pub(super) fn say_restored(&mut self, now: Now) -> Result<()> {
        despite_the_disk(self.write(now, |tx| Ok(facts::put(tx, Fact::Restored, &[0])?)))
    }

    /// This opening, and the keystore's generation from it on, in the vault itself.
    fn say_opened(&mut self, generation: u64, now: Now) -> Result<()> {
        self.unaudited.push((now.wall_ms, Act::Unlock));
        self.say_generation(generation, now)
    }

    /// The keystore's generation from now on.
    pub(super) fn say_generation(&mut self, generation: u64, now: Now) -> Result<()> {
        despite_the_disk(self.write(now, |tx| Ok(generation::put(tx, generation)?)))
    }
}

/// A vault that was looked at and not changed.
struct Found {
    connection: Connection,
    commit: Commit,
    generation: Option<u64>,
}

fn look_at(path: &Path, key: &VaultKey) -> Result<Found> {
    if !path.try_exists().map_err(|error| from_io(&error))? {
        return Err(Error::Vault(VaultFault::Corrupt));
    }
    let connection = database::open(path, &DatabaseKey::of(key), Expect::Present)?;
    // Before anything may be written: a newer app's file is left as it is.
    migrate::version(&connection)?;
    let commit = commits::last(&connection).map_err(|error| database::unreadable(&error))?;
    let generation = generation::seen(&connection).map_err(|error| database::unreadable(&error))?;
    Ok(Found {
        connection,
        commit,
        generation,
    })
}

impl Found {
    fn settle_in(mut self) -> Result<Connection> {
        database::settle_in(&self.connection)?;
        migrate::migrate(&mut self.connection)?;
        Ok(self.connection)
    }
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
