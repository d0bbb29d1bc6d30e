//! What the disk and SQLite report, as typed errors. The text of a report is dropped here: it can quote values.

use crate::error::{Error, NotSaved, VaultFault};
use rusqlite::ErrorCode;
use std::io;

/// A failed statement or commit: nothing of its transaction is on disk.
pub(crate) fn from_sqlite(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::NotSaved(NotSaved::NoSpace),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            Error::NotSaved(NotSaved::ReadOnly)
        }
        Some(ErrorCode::SystemIoFailure) => Error::NotSaved(NotSaved::Io),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::TryLater,
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            Error::Vault(VaultFault::Corrupt)
        }
        // The remaining codes are faults of ours (a constraint, a misuse), not states of the phone.
        Some(_) => Error::Internal("sql"),
        None => Error::Internal("row"),
    }
}

/// A failed file operation outside the database. What is not named here is a disk that failed: the caller does the same about all.
pub(crate) fn from_io(error: &io::Error) -> Error {
    const NAMED: &[(io::ErrorKind, Error)] = &[
        (
            io::ErrorKind::StorageFull,
            Error::NotSaved(NotSaved::NoSpace),
        ),
        (
            io::ErrorKind::QuotaExceeded,
            Error::NotSaved(NotSaved::NoSpace),
        ),
        (
            io::ErrorKind::ReadOnlyFilesystem,
            Error::NotSaved(NotSaved::ReadOnly),
        ),
        (
            io::ErrorKind::PermissionDenied,
            Error::NotSaved(NotSaved::ReadOnly),
        ),
        (io::ErrorKind::NotFound, Error::Vault(VaultFault::Absent)),
        (
            io::ErrorKind::AlreadyExists,
            Error::Vault(VaultFault::Exists),
        ),
    ];
    let named = NAMED.iter().find(|(kind, _)| *kind == error.kind());
    named.map_or(Error::NotSaved(NotSaved::Io), |(_, as_ours)| {
        as_ours.clone()
    })
}
