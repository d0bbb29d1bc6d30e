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
    /// How many bytes HQ says that it holds.
    pub(crate) confirmed: u64,
}

pub(crate) fn put(tx: &Transaction<'_>, push: &PushRow) -> Result<()> {
    tx.prepare_cached("INSERT INTO push (only_one, push_id, dev_seq, bytes, confirmed) VALUES (1, ?1, ?2, ?3, ?4)")?
        .execute((push.id, row::stored(push.dev_seq), &push.bytes, row::stored(push.confirmed)))?;
    Ok(())
}

pub(crate) fn confirm(tx: &Transaction<'_>, id: [u8; 32], confirmed: u64) -> Result<usize> {
    tx.prepare_cached("UPDATE push SET confirmed = ?2 WHERE push_id = ?1")?.execute((id, row::stored(confirmed)))
}

/// HQ's receipt covers it.
pub(crate) fn done(tx: &Transaction<'_>, id: [u8; 32]) -> Result<usize> {
    tx.prepare_cached("DELETE FROM push WHERE push_id = ?1")?.execute([id])
}

pub(crate) fn get(connection: &Connection) -> Result<Option<PushRow>> {
    connection
        .prepare_cached("SELECT push_id, dev_seq, bytes, confirmed FROM push")?
        .query_row([], |row| {
            Ok(PushRow {
                id: row::bytes(row, 0)?,
                dev_seq: row::count(row, 1)?,
                bytes: row.get(2)?,
                confirmed: row::count(row, 3)?,
            })
        })
        .optional()
}
