//! Pushes: header and signature in one row, the runs in theirs, all in one transaction.

use mooring_casefile::DeviceId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::blobs::{device_blob, device_id, signed, unsigned};
use super::{engine, parts, runs};
use crate::ledger::{Appended, Hash, LedgerError, NewPush, PushRow};

pub(super) fn append_push(
    tx: &Transaction<'_>,
    push: &NewPush,
    now_ms: i64,
) -> Result<Appended, LedgerError> {
    parts::forget_parts(tx, push.device, Some(&push.id))?;
    if let Some(known) = self::push(tx, &push.hash)? {
        return Ok(Appended::Known(known.receipt));
    }
    let last = last_push(tx, push.device, push.epoch)?;
    let (next_seq, prev) = last
        .as_ref()
        .map_or((1, [0; 32]), |last| (last.dev_seq + 1, last.hash));
    if (push.dev_seq, push.prev) != (next_seq, prev) {
        return Ok(Appended::OutOfOrder(last));
    }
    tx.execute(
        "INSERT INTO push (id, device, epoch, dev_seq, hash, statement, receipt, received_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            push.id,
            device_blob(push.device),
            push.epoch,
            signed(push.dev_seq)?,
            push.hash,
            push.statement,
            push.receipt,
            now_ms
        ],
    )
    .map_err(engine)?;
    for (case, key) in &push.keys {
        runs::add_key(tx, *case, key)?;
    }
    let rows = push
        .runs
        .iter()
        .map(|run| runs::insert(tx, Some(&push.id), run, &push.fate, now_ms))
        .collect::<Result<_, _>>()?;
    Ok(Appended::New(rows))
}

pub(super) fn push(db: &Connection, hash: &Hash) -> Result<Option<PushRow>, LedgerError> {
    let row = db
        .query_row(
            "SELECT id, device, epoch, dev_seq, hash, statement, receipt, received_ms FROM push
             WHERE id = ?1 OR hash = ?1",
            [hash],
            read,
        )
        .optional()
        .map_err(engine)?;
    row.map(finish).transpose()
}

pub(super) fn last_push(
    db: &Connection,
    device: DeviceId,
    epoch: u32,
) -> Result<Option<PushRow>, LedgerError> {
    let row = db
        .query_row(
            "SELECT id, device, epoch, dev_seq, hash, statement, receipt, received_ms FROM push
             WHERE device = ?1 AND epoch = ?2 ORDER BY dev_seq DESC, received_ms DESC LIMIT 1",
            params![device_blob(device), epoch],
            read,
        )
        .optional()
        .map_err(engine)?;
    row.map(finish).transpose()
}

pub(super) fn pushes(db: &Connection) -> Result<Vec<PushRow>, LedgerError> {
    let mut rows = db
        .prepare_cached(
            "SELECT id, device, epoch, dev_seq, hash, statement, receipt, received_ms FROM push
             ORDER BY device, epoch, dev_seq",
        )
        .map_err(engine)?;
    let rows = rows.query_map([], read).map_err(engine)?;
    rows.map(|row| finish(row.map_err(engine)?)).collect()
}

type Raw = (Hash, [u8; 16], u32, i64, Hash, Vec<u8>, Vec<u8>, i64);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
    ))
}

fn finish(
    (id, device, epoch, dev_seq, hash, statement, receipt, received_ms): Raw,
) -> Result<PushRow, LedgerError> {
    Ok(PushRow {
        id,
        device: device_id(device),
        epoch,
        dev_seq: unsigned(dev_seq)?,
        hash,
        statement,
        receipt,
        received_ms,
    })
}
