//! The encrypted database: opened with every setting that its safety rests on, each read back where SQLite may ignore it.

use crate::error::{Error, Result, VaultFault};
use crate::vault::fault::from_sqlite;
use mooring_identity::{Secret, VaultKey};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Once;
use zeroize::Zeroizing;

/// Earlier versions have a defect in the WAL that can lose a commit.
const OLDEST_SQLITE: i32 = 3_051_003;

/// What opens the database: SQLCipher's raw key and its salt, so that no passphrase is stretched and nothing is guessed from the file.
pub(crate) struct DatabaseKey {
    pub(crate) key: Secret,
    pub(crate) salt: [u8; 16],
}

impl DatabaseKey {
    pub(crate) fn of(vault: &VaultKey) -> Self {
        Self {
            key: vault.derive_database_key(),
            salt: vault.derive_database_salt(),
        }
    }
}

/// Whether the file may be made by this call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    /// It is there: opening must not make one.
    Present,
    /// It is not there yet.
    New,
}

/// Opens the database and proves that the key fits. Until [`settle_in`] nothing here writes to it, not even at close.
pub(crate) fn open(path: &Path, key: &DatabaseKey, expect: Expect) -> Result<Connection> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::Internal("sqlite-version"));
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    if expect == Expect::New {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    begin();
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| from_sqlite(&error))?;
    unlock(&connection, key).map_err(|error| from_sqlite(&error))?;
    if cipher_version(&connection).is_none() {
        // Built without SQLCipher, SQLite takes the key pragma in silence and would write in the clear.
        return Err(Error::Internal("no-cipher"));
    }
    if !wipes_memory(&connection) {
        return Err(Error::Internal("pragma"));
    }
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        })
        .map_err(|error| unreadable(&error))?;
    Ok(connection)
}

/// SQLite counts itself as begun a moment before SQLCipher's part of it has: whoever opens in that moment, on another thread, is refused.
/// So the first opening of a process ends before any other may begin. Should it fail, the one after it says why.
fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| drop(Connection::open_in_memory()));
}

/// The settings of an open vault. Called once it is known that this version may write to the file.
pub(crate) fn settle_in(connection: &Connection) -> Result<()> {
    let set = || -> rusqlite::Result<bool> {
        let mode: String =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        connection.execute_batch(
            "PRAGMA synchronous = FULL;
             PRAGMA fullfsync = ON;
             PRAGMA checkpoint_fullfsync = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA foreign_keys = ON;
             PRAGMA mmap_size = 0;",
        )?;
        let erasing: i64 =
            connection.query_row("PRAGMA secure_delete = ON", [], |row| row.get(0))?;
        let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        Ok(mode == "wal" && erasing == 1 && synchronous == 2)
    };
    match set() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::Internal("pragma")),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unlock(connection: &Connection, key: &DatabaseKey) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    // Pages and statements hold what people said: SQLite wipes all that it frees, from here to the end of the process.
    connection.execute_batch("PRAGMA cipher_memory_security = ON;")?;
    // A vault that turns out damaged, or newer than we are, must stay as it is: closing may not fold its WAL in.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.execute_batch(&key_pragma(key))?;
    // No other process reads along, so the WAL's index need not be a shared file.
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE;")
}

fn key_pragma(key: &DatabaseKey) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(128));
    text.push_str("PRAGMA key = \"x'");
    for byte in key.key.expose().iter().chain(&key.salt) {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text.push_str("'\";");
    text
}

fn cipher_version(connection: &Connection) -> Option<String> {
    connection
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .ok()
}

fn wipes_memory(connection: &Connection) -> bool {
    let said = connection.query_row("PRAGMA cipher_memory_security", [], |row| {
        row.get::<_, String>(0)
    });
    said.is_ok_and(|said| said == "1")
}

/// At opening, an error that says nothing about the disk says that the file or the key is not what it was.
pub(crate) fn unreadable(error: &rusqlite::Error) -> Error {
    match from_sqlite(error) {
        disk @ (Error::NotSaved(_) | Error::TryLater | Error::Vault(_)) => disk,
        Error::Internal(_)
        | Error::Locked
        | Error::WrongPin { .. }
        | Error::Wait { .. }
        | Error::Canceled
        | Error::UpdateApp
        | Error::NotFound(_)
        | Error::BadInput(_)
        | Error::BadAnswer(_)
        | Error::BadProtocol(_)
        | Error::Forbidden(_)
        | Error::CaseDamaged(_)
        | Error::Refused(_) => Error::Vault(VaultFault::Corrupt),
    }
}
