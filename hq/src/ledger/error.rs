//! What can go wrong below, sorted by what the caller does about it.

/// Why the ledger did not do what it was asked. It then did nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The file does not open: a wrong key and damage look alike, so nothing may be deleted or made anew here.
    #[error("the ledger does not open with this key, or it is damaged; it was left as it is")]
    WontOpen,
    /// A newer program wrote this ledger; an older one leaves it untouched.
    #[error("the ledger has schema {found}, this program knows up to {known}")]
    TooNew {
        /// The schema number in the file.
        found: u32,
        /// The highest that this program knows.
        known: u32,
    },
    /// Somebody else holds the write lock for longer than we wait; trying again is safe.
    #[error("the ledger is busy")]
    Busy,
    /// No space, a read-only disk or an I/O error: the caller says "not saved".
    #[error("the disk refused the write")]
    Disk,
    /// A record with this identity is there already, and says something else.
    #[error("the ledger holds another record of that name")]
    Conflict,
    /// A bug or a broken file; the code is for the log, and quotes no value.
    #[error("the ledger failed inside (code {0})")]
    Inside(i32),
}
