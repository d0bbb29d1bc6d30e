//! Why a transaction stops: SQLite said no, or we did. The door turns it into an [`Error`]; SQLite's text ends there.

use crate::error::Error;

/// What a closure inside the door returns in place of a value.
pub(crate) enum Halt {
    /// SQLite refused.
    Sql(rusqlite::Error),
    /// We refused.
    Said(Error),
}

impl From<rusqlite::Error> for Halt {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Said(error)
    }
}
