//! Shredding a case: its key goes, in every file; what was sealed under it stays as noise.

use rusqlite::{Connection, Transaction, params};

use super::blobs::{case_blob, case_id};
use super::{engine, holders};
use crate::ledger::{LedgerError, NewAssignment, SHREDDED, ShreddedRow};

pub(super) fn shred(
    tx: &Transaction<'_>,
    row: &ShreddedRow,
    tombstones: &[NewAssignment],
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO shredded (case_id, reason, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![case_blob(row.case), row.reason, row.at_ms],
    )
    .map_err(engine)?;
    // Overwritten, since this file is opened with secure_delete.
    tx.execute(
        "DELETE FROM case_key WHERE case_id = ?1",
        [case_blob(row.case)],
    )
    .map_err(engine)?;
    tx.execute(
        "DELETE FROM draft WHERE case_id = ?1",
        [case_blob(row.case)],
    )
    .map_err(engine)?;
    tx.execute(
        "UPDATE run SET state = 3, code = ?2, decided_ms = ?3 WHERE case_id = ?1 AND state IN (0, 2)",
        params![case_blob(row.case), SHREDDED, row.at_ms],
    )
    .map_err(engine)?;
    tx.execute("DELETE FROM part", []).map_err(engine)?;
    for tombstone in tombstones {
        holders::feed_assignment(tx, tombstone, row.at_ms)?;
    }
    Ok(())
}

/// Folds the WAL into the file: until then the key stands in it as it was written. `Busy` if somebody reads just now.
pub(super) fn clear_log(db: &Connection) -> Result<(), LedgerError> {
    let busy: i64 = db
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(engine)?;
    if busy == 0 {
        Ok(())
    } else {
        Err(LedgerError::Busy)
    }
}

pub(super) fn shredded(db: &Connection) -> Result<Vec<ShreddedRow>, LedgerError> {
    let mut statement = db
        .prepare_cached("SELECT case_id, reason, at_ms FROM shredded ORDER BY case_id")
        .map_err(engine)?;
    let rows = statement
        .query_map([], |row| {
            Ok(ShreddedRow {
                case: case_id(row.get(0)?),
                reason: row.get(1)?,
                at_ms: row.get(2)?,
            })
        })
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}
