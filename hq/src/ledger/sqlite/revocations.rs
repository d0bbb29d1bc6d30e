//! Phones that were revoked, and what HQ knows of what a phone held.

use mooring_casefile::{CaseId, DeviceId};
use rusqlite::{Connection, Params, Transaction, params};

use super::blobs::{case_id, device_blob, device_id, make_fate, signed, unsigned};
use super::engine;
use crate::ledger::{Fate, LedgerError, Revocation, RunTally};

pub(super) fn revoke(tx: &Transaction<'_>, revocation: &Revocation) -> Result<(), LedgerError> {
    let (device, last_seq) = (device_blob(revocation.device), signed(revocation.last_seq)?);
    tx.execute(
        "INSERT INTO revocation (device, last_seq, revoked_ms) VALUES (?1, ?2, ?3)",
        params![device, last_seq, revocation.at_ms],
    )
    .map_err(engine)?;
    // What came sealed has no number of its own: if anything counts no more, it is held as well.
    tx.execute(
        "UPDATE run SET state = 3, code = ?3, decided_ms = ?4
         WHERE device = ?1 AND state IN (0, 2) AND (
             push IN (SELECT id FROM push WHERE device = ?1 AND dev_seq > ?2)
             OR (push IS NULL AND EXISTS (SELECT 1 FROM push WHERE device = ?1 AND dev_seq > ?2)))",
        params![device, last_seq, Fate::REVOKED, revocation.at_ms],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn all(db: &Connection) -> Result<Vec<Revocation>, LedgerError> {
    list(
        db,
        "SELECT device, last_seq, revoked_ms FROM revocation ORDER BY revoked_ms, device",
        [],
    )
}

pub(super) fn of(db: &Connection, device: DeviceId) -> Result<Option<Revocation>, LedgerError> {
    let sql = "SELECT device, last_seq, revoked_ms FROM revocation WHERE device = ?1";
    Ok(list(db, sql, [device_blob(device)])?.pop())
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<Revocation>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let mut rows = statement.query(params).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(Revocation {
            device: device_id(row.get(0).map_err(engine)?),
            last_seq: unsigned(row.get(1).map_err(engine)?)?,
            at_ms: row.get(2).map_err(engine)?,
        });
    }
    Ok(list)
}

pub(super) fn fed_to(
    db: &Connection,
    device: DeviceId,
    until: u64,
) -> Result<Vec<(CaseId, u64)>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT held.case_id, (
                 SELECT coalesce(sum(run.last_seq - run.first_seq + 1), 0)
                 FROM feed JOIN run ON run.id = feed.run
                 WHERE feed.kind = 0 AND feed.case_id = held.case_id AND feed.cursor <= ?2)
             FROM (SELECT DISTINCT case_id FROM feed
                   WHERE kind = 3 AND device = ?1 AND cursor <= ?2) AS held
             ORDER BY held.case_id",
        )
        .map_err(engine)?;
    let mut rows = statement
        .query(params![device_blob(device), signed(until)?])
        .map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push((
            case_id(row.get(0).map_err(engine)?),
            unsigned(row.get(1).map_err(engine)?)?,
        ));
    }
    Ok(list)
}

/// A merged run that brought nothing new is no other change.
pub(super) fn written_by(db: &Connection, device: DeviceId) -> Result<Vec<RunTally>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT case_id, state, code, sum(last_seq - first_seq + 1) FROM run
             WHERE device = ?1 AND (state <> 1 OR EXISTS (SELECT 1 FROM feed WHERE feed.run = run.id))
             GROUP BY case_id, state, code ORDER BY case_id, state, code",
        )
        .map_err(engine)?;
    let mut rows = statement.query([device_blob(device)]).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(RunTally {
            case: case_id(row.get(0).map_err(engine)?),
            fate: make_fate(row.get(1).map_err(engine)?, row.get(2).map_err(engine)?)?,
            changes: unsigned(row.get(3).map_err(engine)?)?,
        });
    }
    Ok(list)
}
