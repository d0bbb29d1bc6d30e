//! The unsent mark: one row for each own change that no receipt of HQ covers.

use super::row;
use mooring_casefile::{Actor, CaseId, ChangeId, Half};
use rusqlite::{Connection, Result, Transaction};

/// Where a mark stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) case: CaseId,
    pub(crate) half: Half,
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
    pub(crate) change: ChangeId,
}

pub(crate) fn put(tx: &Transaction<'_>, mark: &Mark) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO unsent (case_id, half, actor, seq, change_id, packed) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
    )?
    .execute((
        mark.case.bytes(),
        row::half_number(mark.half),
        mark.actor.bytes(),
        row::stored(mark.seq),
        mark.change.bytes(),
    ))?;
    Ok(())
}

/// HQ holds everything of this actor up to `last_seq`.
pub(crate) fn clear_through(tx: &Transaction<'_>, case: CaseId, half: Half, actor: Actor, last_seq: u64) -> Result<usize> {
    tx.prepare_cached("DELETE FROM unsent WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND seq <= ?4")?
        .execute((case.bytes(), row::half_number(half), actor.bytes(), row::stored(last_seq)))
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Mark>> {
    connection
        .prepare_cached("SELECT case_id, half, actor, seq, change_id FROM unsent ORDER BY case_id, half, actor, seq")?
        .query_map([], |row| {
            Ok(Mark {
                case: row::case(row, 0)?,
                half: row::half(row, 1)?,
                actor: row::actor(row, 2)?,
                seq: row::count(row, 3)?,
                change: row::change(row, 4)?,
            })
        })?
        .collect()
}

pub(crate) fn count(connection: &Connection, case: CaseId) -> Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM unsent WHERE case_id = ?1")?
        .query_row([case.bytes()], |row| row::count(row, 0))
}

/// Everything up to `last_seq` of this actor is in a push from now on.
pub(crate) fn pack_through(tx: &Transaction<'_>, case: CaseId, half: Half, actor: Actor, last_seq: u64) -> Result<usize> {
    tx.prepare_cached("UPDATE unsent SET packed = 1 WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND seq <= ?4")?
        .execute((case.bytes(), row::half_number(half), actor.bytes(), row::stored(last_seq)))
}

/// Whether this change has surely not left the phone: in no receipt and in no push.
pub(crate) fn never_left(connection: &Connection, case: CaseId, change: ChangeId) -> Result<bool> {
    connection
        .prepare_cached("SELECT count(*) FROM unsent WHERE case_id = ?1 AND change_id = ?2 AND packed = 0")?
        .query_row((case.bytes(), change.bytes()), |row| Ok(row::count(row, 0)? > 0))
}
