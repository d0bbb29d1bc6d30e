//! Records that came sealed: each once, whole, with its runs, in one transaction.

use mooring_casefile::{CaseId, ChangeId, DeviceId};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};

use super::blobs::{case_blob, change_blob, device_blob, device_id, signed, unsigned};
use super::{engine, runs};
use crate::ledger::{
    Fate, Hash, LedgerError, NewSealed, RunRow, SealedFate, SealedRow, SealedRun, Vouched,
};

const COLUMNS: &str = "id, device, size, state, code, received_ms";

pub(super) fn append(
    tx: &Transaction<'_>,
    record: &NewSealed,
    now_ms: i64,
) -> Result<(), LedgerError> {
    let (state, code) = columns(&record.fate);
    let written = tx
        .execute(
            "INSERT INTO sealed_record (id, device, kept, size, state, code, received_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET kept = excluded.kept, state = excluded.state, code = excluded.code
             WHERE sealed_record.state = 2",
            params![
                record.id,
                device_blob(record.device),
                record.kept,
                signed(record.size)?,
                state,
                code,
                now_ms
            ],
        )
        .map_err(engine)?;
    if written == 0 {
        return Ok(());
    }
    for (case, key) in &record.keys {
        runs::add_key(tx, *case, key)?;
    }
    for (run, fate) in &record.runs {
        let row = runs::insert(tx, None, run, fate, now_ms)?;
        tx.execute(
            "INSERT INTO sealed_run (run, record) VALUES (?1, ?2)",
            params![row, record.id],
        )
        .map_err(engine)?;
    }
    for change in &record.changes {
        tx.prepare_cached(
            "INSERT INTO sealed_change (change, record) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )
        .and_then(|mut insert| insert.execute(params![change_blob(change), record.id]))
        .map_err(engine)?;
    }
    Ok(())
}

fn columns(fate: &SealedFate) -> (i64, Option<&str>) {
    match fate {
        SealedFate::Taken => (0, None),
        SealedFate::Held(code) => (1, Some(code)),
        SealedFate::Unopened(code) => (2, Some(code)),
    }
}

fn fate_of(state: i64, code: Option<String>) -> Result<SealedFate, LedgerError> {
    match (state, code) {
        (0, None) => Ok(SealedFate::Taken),
        (1, Some(code)) => Ok(SealedFate::Held(code)),
        (2, Some(code)) => Ok(SealedFate::Unopened(code)),
        _ => Err(LedgerError::Inside(-4)),
    }
}

pub(super) fn one(db: &Connection, id: &Hash) -> Result<Option<SealedRow>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM sealed_record WHERE id = ?1");
    Ok(list(db, &sql, [id])?.pop())
}

pub(super) fn aside(db: &Connection) -> Result<Vec<SealedRow>, LedgerError> {
    let sql =
        format!("SELECT {COLUMNS} FROM sealed_record WHERE state <> 0 ORDER BY received_ms, id");
    list(db, &sql, [])
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<SealedRow>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let mut rows = statement.query(params).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(SealedRow {
            id: row.get(0).map_err(engine)?,
            device: device_id(row.get(1).map_err(engine)?),
            size: unsigned(row.get(2).map_err(engine)?)?,
            fate: fate_of(row.get(3).map_err(engine)?, row.get(4).map_err(engine)?)?,
            received_ms: row.get(5).map_err(engine)?,
        });
    }
    Ok(list)
}

pub(super) fn aside_size(db: &Connection, device: DeviceId) -> Result<(u64, u64), LedgerError> {
    let (own, all): (i64, i64) = db
        .prepare_cached(
            "SELECT coalesce(sum(size) FILTER (WHERE device = ?1), 0), coalesce(sum(size), 0)
             FROM sealed_record WHERE state <> 0",
        )
        .and_then(|mut ask| {
            ask.query_row([device_blob(device)], |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .map_err(engine)?;
    Ok((unsigned(own)?, unsigned(all)?))
}

pub(super) fn knows(
    db: &Connection,
    change: &ChangeId,
    vouched: Vouched,
) -> Result<bool, LedgerError> {
    let but = match vouched {
        Vouched::Signed => Fate::UNSIGNED,
        Vouched::Any => "",
    };
    let found: Option<i64> = db
        .prepare_cached(
            "SELECT 1 FROM sealed_change JOIN sealed_record ON sealed_record.id = sealed_change.record
             WHERE sealed_change.change = ?1
               AND (sealed_record.state = 0 OR (sealed_record.state = 1 AND sealed_record.code <> ?2))
             LIMIT 1",
        )
        .and_then(|mut ask| {
            ask.query_row(params![change_blob(change), but], |row| row.get(0))
                .optional()
        })
        .map_err(engine)?;
    Ok(found.is_some())
}

pub(super) fn runs(db: &Connection) -> Result<Vec<SealedRun>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT sealed_run.run, sealed_record.kept,
                 EXISTS (SELECT 1 FROM feed WHERE feed.run = sealed_run.run)
             FROM sealed_run JOIN sealed_record ON sealed_record.id = sealed_run.record
             ORDER BY sealed_run.run",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([], |row| {
            Ok(SealedRun {
                run: row.get(0)?,
                kept: row.get(1)?,
                is_fed: row.get(2)?,
            })
        })
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}

pub(super) fn unvouched(db: &Connection, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
    let sql = format!(
        "SELECT {} FROM run WHERE run.case_id = ?1 AND run.state = 3 AND run.code = ?2 ORDER BY run.id",
        runs::COLUMNS
    );
    runs::list(db, &sql, params![case_blob(case), Fate::UNSIGNED])
}
