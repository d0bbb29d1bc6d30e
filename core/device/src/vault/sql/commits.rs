//! How many commits this vault has seen, and the hash that runs through all of them.

use super::row;
use rusqlite::{Connection, OptionalExtension, Result, Transaction};

/// The count and the hash after a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Commit {
    pub(crate) counter: u64,
    pub(crate) chain: [u8; 32],
}

pub(crate) fn put(tx: &Transaction<'_>, commit: Commit) -> Result<()> {
    tx.prepare_cached("UPDATE commits SET counter = ?1, chain = ?2")?
        .execute((row::stored(commit.counter), commit.chain))?;
    Ok(())
}

/// The last one. A vault from before they were counted has seen none.
pub(crate) fn last(connection: &Connection) -> Result<Commit> {
    let counted: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'commits'",
        [],
        |row| row.get(0),
    )?;
    if counted == 0 {
        return Ok(Commit::default());
    }
    let last = connection
        .query_row("SELECT counter, chain FROM commits", [], |row| {
            Ok(Commit {
                counter: row::count(row, 0)?,
                chain: row::bytes(row, 1)?,
            })
        })
        .optional()?;
    Ok(last.unwrap_or_default())
}
