//! The embedded ledger: one `SQLCipher` file, one writer at a time, every commit synced before it counts.
//!
//! A file that does not open stays as it is. No code here deletes one.

mod alerts;
mod blobs;
mod cases;
mod comebacks;
mod desk;
mod feed;
mod fleet;
mod holders;
mod log;
mod logged;
mod migrate;
mod pages;
mod parts;
mod people;
mod phone_trail;
mod phones;
mod protocols;
mod pushes;
mod revocations;
mod roll;
mod runs;
mod sealed;
mod second_factor;
mod shredded;
mod sign_ins;
mod statements;
mod trail;

use std::path::Path;
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use zeroize::Zeroizing;

use super::LedgerError;
use crate::hex::hex;

/// The oldest `SQLite` that we trust with WAL: earlier ones could lose a commit in a race with a checkpoint.
const OLDEST_SQLITE: i32 = 3_051_003;

/// How long a writer waits for another process (`admin` beside `serve`).
const BUSY: Duration = Duration::from_secs(5);

/// `SQLite` counts itself as begun a moment before `SQLCipher` has: whoever opens in that moment, on another thread, is refused.
/// So the first opening of a process ends before any other may begin. Should it fail, the one after it says why.
fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| drop(Connection::open_in_memory()));
}

/// The ledger in a file.
pub struct SqliteLedger {
    connection: Mutex<Connection>,
}

impl SqliteLedger {
    /// Opens the file, or makes it if there is none, and brings it to the newest schema.
    pub fn open(file: &Path, key: &[u8; 32]) -> Result<Self, LedgerError> {
        begin();
        let mut connection = Connection::open(file).map_err(engine)?;
        unlock(&connection, key)?;
        migrate::migrate(&mut connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    fn read<T>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        // A panic elsewhere left no transaction open: it rolled back when it was dropped.
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        ask(&connection)
    }

    fn write<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(engine)?;
        let done = act(&tx)?;
        tx.commit().map_err(engine)?;
        Ok(done)
    }
}

fn unlock(connection: &Connection, key: &[u8; 32]) -> Result<(), LedgerError> {
    connection.busy_timeout(BUSY).map_err(engine)?;
    let hex = Zeroizing::new(hex(key));
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", *hex));
    connection.execute_batch(&pragma).map_err(engine)?;
    connection
        .execute_batch("PRAGMA cipher_log_level = NONE;")
        .map_err(engine)?;
    // The first real read is what tells whether the key fits.
    connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        })
        .map_err(engine)?;
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA fullfsync = 1;
             PRAGMA checkpoint_fullfsync = 1;
             PRAGMA secure_delete = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA foreign_keys = ON;
             PRAGMA mmap_size = 0;",
        )
        .map_err(engine)?;
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(LedgerError::Inside(rusqlite::version_number()));
    }
    Ok(())
}

/// Sorts the engine's errors; their text stays here, because it can quote values.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is handed to map_err, which gives the error away"
)]
fn engine(error: rusqlite::Error) -> LedgerError {
    let Some(code) = error.sqlite_error_code() else {
        return LedgerError::Inside(-1);
    };
    let extended = error.sqlite_error().map_or(-1, |e| e.extended_code);
    if code == ErrorCode::NotADatabase || code == ErrorCode::DatabaseCorrupt {
        LedgerError::WontOpen
    } else if code == ErrorCode::DatabaseBusy || code == ErrorCode::DatabaseLocked {
        LedgerError::Busy
    } else if [
        ErrorCode::DiskFull,
        ErrorCode::ReadOnly,
        ErrorCode::SystemIoFailure,
        ErrorCode::CannotOpen,
        ErrorCode::PermissionDenied,
    ]
    .contains(&code)
    {
        LedgerError::Disk
    } else if extended == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
        || extended == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
    {
        LedgerError::Conflict
    } else {
        LedgerError::Inside(extended)
    }
}

#[cfg(test)]
mod tests;
