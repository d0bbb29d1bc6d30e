//! The vault: one encrypted database, its header, and the one door through which every transaction goes.
//!
//! A vault that does not open stays byte for byte as it is, but for the header's count of tries. Nothing in this module, or
//! anywhere else, deletes one.

mod create;
mod database;
mod destroy;
mod fault;
mod halt;
mod header_file;
mod lock_file;
mod mark;
mod migrate;
mod open;
mod pin;
mod reseal;
mod salvage;
pub(crate) mod sql;
#[cfg(test)]
mod tests;

pub(crate) use create::create;
pub(crate) use destroy::destroy;
pub(crate) use fault::from_io;
pub(crate) use halt::Halt;
pub(crate) use header_file::{replace, sync_folder};
pub(crate) use open::open;
pub use open::{By, Older};
pub(crate) use pin::from_keystore;
pub(crate) use reseal::{begin_recovery, finish_recovery};

use crate::error::{Error, Result, VaultFault};
use crate::seams::Seams;
use database::{DatabaseKey, Expect};
use fault::from_sqlite;
use lock_file::LockFile;
use mark::MarkFile;
use mooring_casefile::Now;
use mooring_identity::{Recipient, RecipientKey, VaultKey, sha256};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use sql::audit::Act;
use sql::commits::{self, Commit};
use std::path::{Path, PathBuf};

/// The folder, inside the one that the app names, that comes into being whole or not at all.
pub(crate) const FOLDER: &str = "vault";
const DATABASE: &str = "mooring.db";
const HEADER: &str = "header";
const LOCK: &str = "lock";
/// Beside the folder, so that who puts an older folder back has not put it back as well.
const MARK: &str = "mark";

/// An open vault. Dropping it closes the database and wipes its key.
pub(crate) struct Vault {
    connection: Connection,
    dir: PathBuf,
    path: PathBuf,
    header_path: PathBuf,
    database_key: DatabaseKey,
    key: VaultKey,
    /// The last commit; the mark beside the vault repeats it.
    commit: Commit,
    /// Another one at each opening, so that two histories of one vault never come to the same hash.
    nonce: [u8; 16],
    marks: Option<MarkFile>,
    /// The mark told nothing when this was opened: whether commits since the opening before are missing, only HQ can say.
    unmarked: bool,
    /// How many changes are on this phone only, after that commit.
    only_here: u64,
    /// Acts whose audit row could not be written yet, because the disk was full: the next commit carries them.
    unaudited: Vec<(i64, Act)>,
    /// After the connection, so that the lock is let go last.
    _lock: LockFile,
}

impl Vault {
    /// The door for writing: all that `change` does lands together and durably, or none of it.
    pub(crate) fn write<T>(
        &mut self,
        _now: Now,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Halt>,
    ) -> Result<T> {
        let waiting = std::mem::take(&mut self.unaudited);
        let next = self.next_commit();
        let done = commit(&mut self.connection, next, &waiting, change);
        let done = match done {
            Ok((value, only_here)) => {
                self.commit = next;
                self.only_here = only_here;
                if let Some(marks) = &mut self.marks {
                    marks.note(next, only_here);
                }
                Ok(value)
            }
            Err(error) => {
                self.unaudited = waiting;
                Err(error)
            }
        };
        self.survive(done)
    }

    /// The door for reading what a person will see. The audit row never stands in the way of care: if the disk is full, it waits.
    pub(crate) fn read<T>(
        &mut self,
        now: Now,
        act: Act,
        look: impl FnOnce(&Connection) -> Result<T, Halt>,
    ) -> Result<T> {
        self.unaudited.push((now.wall_ms, act));
        match self.write(now, |_| Ok(())) {
            Ok(()) | Err(Error::NotSaved(_) | Error::TryLater) => self.look(look),
            Err(error) => Err(error),
        }
    }

    /// Reading that no person sees: what the software itself needs to go on.
    pub(crate) fn look<T>(
        &mut self,
        look: impl FnOnce(&Connection) -> Result<T, Halt>,
    ) -> Result<T> {
        let seen = look(&self.connection).map_err(said);
        self.survive(seen)
    }

    /// After a damaged page SQLCipher answers nothing more on that connection: a new one still reads every page that is whole.
    fn survive<T>(&mut self, done: Result<T>) -> Result<T> {
        if matches!(done, Err(Error::Vault(VaultFault::Corrupt))) {
            self.reconnect()?;
        }
        done
    }

    /// How many changes are on this phone only.
    pub(crate) const fn only_here(&self) -> u64 {
        self.only_here
    }

    /// Whether the mark beside the vault was gone or torn when it was opened.
    pub(crate) const fn unmarked(&self) -> bool {
        self.unmarked
    }

    /// The app's folder, beside whose vault the outbox lies.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The public half of the vault's own key.
    pub(crate) fn recipient(&self) -> Recipient {
        self.key.derive_recipient().recipient()
    }

    /// The vault's own key, for as long as something is opened with it.
    pub(crate) fn recipient_key(&self) -> RecipientKey {
        self.key.derive_recipient()
    }

    /// The vault's id.
    pub(crate) const fn id(&self) -> [u8; 16] {
        self.key.vault_id()
    }

    fn next_commit(&self) -> Commit {
        let counter = self.commit.counter.saturating_add(1);
        let mut hashed = Vec::with_capacity(56);
        hashed.extend(self.commit.chain);
        hashed.extend(counter.to_be_bytes());
        hashed.extend(self.nonce);
        Commit {
            counter,
            chain: sha256(&hashed),
        }
    }

    /// What was read turned out to be damaged without SQLite noticing: through such a connection nothing can be written.
    pub(crate) fn reconnect(&mut self) -> Result<()> {
        // The old connection holds the file's lock until it is gone.
        let nothing = Connection::open_in_memory().map_err(|error| from_sqlite(&error))?;
        drop(std::mem::replace(&mut self.connection, nothing));
        self.connection = connect(&self.path, &self.database_key, Expect::Present)?;
        Ok(())
    }

    /// Folds the WAL into the database, so that what was deleted is overwritten there too.
    pub(crate) fn checkpoint(&mut self) -> Result<()> {
        self.look(|connection| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
            Ok(())
        })
    }
}

fn commit<T>(
    connection: &mut Connection,
    next: Commit,
    audit: &[(i64, Act)],
    change: impl FnOnce(&Transaction<'_>) -> Result<T, Halt>,
) -> Result<(T, u64)> {
    let tx = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| from_sqlite(&error))?;
    for (at_ms, act) in audit {
        sql::audit::put(&tx, *at_ms, *act).map_err(|error| from_sqlite(&error))?;
    }
    let value = change(&tx).map_err(said)?;
    commits::put(&tx, next).map_err(|error| from_sqlite(&error))?;
    let only_here = sql::unsent::count_all(&tx).map_err(|error| from_sqlite(&error))?;
    tx.commit().map_err(|error| from_sqlite(&error))?;
    Ok((value, only_here))
}

fn connect(path: &Path, key: &DatabaseKey, expect: Expect) -> Result<Connection> {
    let mut connection = database::open(path, key, expect)?;
    // Before anything may be written: a newer app's file is left as it is.
    migrate::version(&connection)?;
    database::settle_in(&connection)?;
    migrate::migrate(&mut connection)?;
    Ok(connection)
}

/// How far the vault has come, and how many changes it has alone, as the mark beside it says while it is locked.
pub(crate) fn peek_mark(dir: &Path) -> Option<(u64, Option<u64>)> {
    mark::peek(&dir.join(MARK)).map(|mark| (mark.commit.counter, mark.only_here))
}

/// Notes that a full or failing disk must not keep anybody out of their vault.
fn despite_the_disk(done: Result<()>) -> Result<()> {
    match done {
        Ok(()) | Err(Error::NotSaved(_) | Error::TryLater) => Ok(()),
        Err(error) => Err(error),
    }
}

fn opening_nonce(seams: &mut Seams) -> [u8; 16] {
    let mut nonce = [0; 16];
    seams.random.fill(&mut nonce);
    nonce
}

fn said(halt: Halt) -> Error {
    match halt {
        Halt::Sql(error) => from_sqlite(&error),
        Halt::Said(error) => error,
    }
}
