//! The halves of each case: a snapshot if it was compacted, and the heads that a load must come to.

use super::row;
use mooring_casefile::{CaseId, ChangeId, Half, Snapshot};
use rusqlite::{Connection, OptionalExtension, Result, Transaction};

/// What is kept of one half beside its log.
pub(crate) struct HalfRow {
    pub(crate) heads: Vec<ChangeId>,
    pub(crate) snapshot: Option<Snapshot>,
}

/// Stores the heads after a commit, so that a change that goes missing later is noticed.
pub(crate) fn put_heads(
    tx: &Transaction<'_>,
    case: CaseId,
    half: Half,
    heads: &[ChangeId],
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO halves (case_id, half, heads) VALUES (?1, ?2, ?3)
         ON CONFLICT (case_id, half) DO UPDATE SET heads = excluded.heads",
    )?
    .execute((case.bytes(), row::half_number(half), row::joined(heads)))?;
    Ok(())
}

pub(crate) fn put_snapshot(
    tx: &Transaction<'_>,
    case: CaseId,
    half: Half,
    snapshot: &Snapshot,
) -> Result<()> {
    tx.prepare_cached(
        "UPDATE halves SET heads = ?3, snapshot = ?4, snapshot_heads = ?3 WHERE case_id = ?1 AND half = ?2",
    )?
    .execute((case.bytes(), row::half_number(half), row::joined(&snapshot.heads), &snapshot.bytes))?;
    Ok(())
}

pub(crate) fn get(connection: &Connection, case: CaseId, half: Half) -> Result<Option<HalfRow>> {
    connection
        .prepare_cached(
            "SELECT heads, snapshot, snapshot_heads FROM halves WHERE case_id = ?1 AND half = ?2",
        )?
        .query_row((case.bytes(), row::half_number(half)), |row| {
            let snapshot = match row.get::<_, Option<Vec<u8>>>(1)? {
                Some(bytes) => Some(Snapshot {
                    bytes,
                    heads: row::heads(row, 2)?,
                }),
                None => None,
            };
            Ok(HalfRow {
                heads: row::heads(row, 0)?,
                snapshot,
            })
        })
        .optional()
}
