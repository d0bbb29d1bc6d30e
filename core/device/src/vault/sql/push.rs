//! The push being sent, whole, so that a cut exchange goes on with the same bytes. At most one at a time.

use super::row;
use rusqlite::{Connection, OptionalExtension, Result, Transaction};

/// A push on its way.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PushRow {
    /// Its hash, which names it.
    pub(crate) id: [u8; 32],
    /// Its number in this device's chain.
    pub(crate) dev_seq: u64,
    /// All of it.
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn put(tx: &Transaction<'_>, push: &PushRow) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO push (only_one, push_id, dev_seq, bytes) VALUES (1, ?1, ?2, ?3)",
    )?
    .execute((push.id, row::stored(push.dev_seq), &push.bytes))?;
    Ok(())
}

/// HQ's receipt covers it, or it was given up: what is in it is packed again unless a receipt said so.
pub(crate) fn drop_any(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM push", [])?;
    Ok(())
}

pub(crate) fn get(connection: &Connection) -> Result<Option<PushRow>> {
    connection
        .prepare_cached("SELECT push_id, dev_seq, bytes FROM push")?
        .query_row([], |row| {
            Ok(PushRow {
                id: row::bytes(row, 0)?,
                dev_seq: row::count(row, 1)?,
                bytes: row.get(2)?,
            })
        })
        .optional()
}
