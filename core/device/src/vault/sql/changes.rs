//! The log of changes that no snapshot covers yet, in the order in which they came.

use super::row;
use mooring_casefile::{CaseId, Change, Half};
use rusqlite::{Connection, Result, Transaction};

pub(crate) fn append(tx: &Transaction<'_>, change: &Change) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO changes (change_id, case_id, half, actor, seq, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        change.id.bytes(),
        change.case.bytes(),
        row::half_number(change.half),
        change.actor.bytes(),
        row::stored(change.seq),
        &change.bytes,
    ))?;
    Ok(())
}

/// Their bytes, oldest first.
pub(crate) fn of_half(connection: &Connection, case: CaseId, half: Half) -> Result<Vec<Vec<u8>>> {
    connection
        .prepare_cached(
            "SELECT bytes FROM changes WHERE case_id = ?1 AND half = ?2 ORDER BY position",
        )?
        .query_map((case.bytes(), row::half_number(half)), |row| row.get(0))?
        .collect()
}

/// Halves with at least `many` changes outside their snapshot and none that HQ still lacks.
pub(crate) fn worth_compacting(connection: &Connection, many: u64) -> Result<Vec<(CaseId, Half)>> {
    connection
        .prepare_cached(
            "SELECT case_id, half FROM changes AS c
             WHERE NOT EXISTS (SELECT 1 FROM unsent AS u WHERE u.case_id = c.case_id AND u.half = c.half)
             GROUP BY case_id, half HAVING count(*) >= ?1 ORDER BY case_id, half",
        )?
        .query_map([row::stored(many)], |row| Ok((row::case(row, 0)?, row::half(row, 1)?)))?
        .collect()
}

/// Drops the changes of a half. Only right in the transaction that stores the snapshot covering them all.
pub(crate) fn drop_covered(tx: &Transaction<'_>, case: CaseId, half: Half) -> Result<usize> {
    tx.prepare_cached("DELETE FROM changes WHERE case_id = ?1 AND half = ?2")?
        .execute((case.bytes(), row::half_number(half)))
}
