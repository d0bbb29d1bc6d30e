//! Phones' own audits over `SQLite`.

use mooring_casefile::DeviceId;
use mooring_exchange::AuditAct;
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};

use super::blobs::{case_blob, case_id, device_blob, device_id, signed, unsigned};
use super::engine;
use crate::ledger::{Hash, LedgerError, PhoneAct};

const TIP: &str = "SELECT device, branch, position, at_ms, kind, case_id, hash FROM phone_audit
     WHERE device = ?1 ORDER BY branch DESC, position DESC LIMIT 1";
const ONE: &str = "SELECT device, branch, position, at_ms, kind, case_id, hash FROM phone_audit
     WHERE device = ?1 AND branch = ?2 AND position = ?3";

pub(super) fn keep(tx: &Transaction<'_>, acts: &[PhoneAct]) -> Result<(), LedgerError> {
    let mut statement = tx
        .prepare_cached(
            "INSERT INTO phone_audit (device, branch, position, at_ms, kind, case_id, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .map_err(engine)?;
    for PhoneAct {
        device,
        branch,
        position,
        act,
        hash,
    } in acts
    {
        statement
            .execute(params![
                device_blob(*device),
                branch,
                signed(*position)?,
                act.at_ms,
                act.kind,
                act.case.map(case_blob),
                hash
            ])
            .map_err(engine)?;
    }
    Ok(())
}

pub(super) fn tip(db: &Connection, device: DeviceId) -> Result<Option<PhoneAct>, LedgerError> {
    one(db, TIP, [device_blob(device)])
}

pub(super) fn act(
    db: &Connection,
    device: DeviceId,
    branch: i64,
    position: u64,
) -> Result<Option<PhoneAct>, LedgerError> {
    one(
        db,
        ONE,
        params![device_blob(device), branch, signed(position)?],
    )
}

pub(super) fn count(db: &Connection) -> Result<u64, LedgerError> {
    let count = db
        .query_row("SELECT count(*) FROM phone_audit", [], |row| row.get(0))
        .map_err(engine)?;
    unsigned(count)
}

fn one(db: &Connection, sql: &str, params: impl Params) -> Result<Option<PhoneAct>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let found = statement
        .query_row(params, |row| {
            let act = AuditAct {
                at_ms: row.get(3)?,
                kind: row.get(4)?,
                case: row.get::<_, Option<[u8; 16]>>(5)?.map(case_id),
            };
            let place: (i64, i64) = (row.get(1)?, row.get(2)?);
            Ok((device_id(row.get(0)?), place, act, row.get::<_, Hash>(6)?))
        })
        .optional()
        .map_err(engine)?;
    let Some((device, (branch, position), act, hash)) = found else {
        return Ok(None);
    };
    Ok(Some(PhoneAct {
        device,
        branch,
        position: unsigned(position)?,
        act,
        hash,
    }))
}
