//! Nonces that are spent and the byte ranges of unfinished pushes.

use mooring_casefile::DeviceId;
use rusqlite::{Connection, Transaction, params};

use super::blobs::{device_blob, signed, unsigned};
use super::engine;
use crate::ledger::{Hash, LedgerError, Part};

pub(super) fn spend_nonce(
    tx: &Transaction<'_>,
    device: DeviceId,
    nonce: &[u8],
    expires_ms: i64,
    now_ms: i64,
) -> Result<bool, LedgerError> {
    tx.execute("DELETE FROM nonce WHERE expires_ms < ?1", [now_ms])
        .map_err(engine)?;
    let new = tx
        .execute(
            "INSERT INTO nonce (device, nonce, expires_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![device_blob(device), nonce, expires_ms],
        )
        .map_err(engine)?;
    Ok(new == 1)
}

pub(super) fn keep_part(tx: &Transaction<'_>, part: &Part, now_ms: i64) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT OR REPLACE INTO part (device, push, start, total, bytes, kept_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            device_blob(part.device),
            part.push,
            signed(part.start)?,
            signed(part.total)?,
            part.bytes,
            now_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn parts(
    db: &Connection,
    device: DeviceId,
    push: &Hash,
) -> Result<Vec<Part>, LedgerError> {
    let mut rows = db
        .prepare_cached(
            "SELECT start, total, bytes FROM part WHERE device = ?1 AND push = ?2 ORDER BY start",
        )
        .map_err(engine)?;
    let rows = rows
        .query_map(params![device_blob(device), push], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?))
        })
        .map_err(engine)?;
    rows.map(|row| {
        let (start, total, bytes) = row.map_err(engine)?;
        Ok(Part {
            device,
            push: *push,
            start: unsigned(start)?,
            total: unsigned(total)?,
            bytes,
        })
    })
    .collect()
}

pub(super) fn parts_size(db: &Connection, device: DeviceId) -> Result<u64, LedgerError> {
    let size: i64 = db
        .query_row(
            "SELECT coalesce(sum(length(bytes)), 0) FROM part WHERE device = ?1",
            [device_blob(device)],
            |row| row.get(0),
        )
        .map_err(engine)?;
    unsigned(size)
}

pub(super) fn forget_parts(
    tx: &Transaction<'_>,
    device: DeviceId,
    push: Option<&Hash>,
) -> Result<(), LedgerError> {
    tx.execute(
        "DELETE FROM part WHERE device = ?1 AND (?2 IS NULL OR push = ?2)",
        params![device_blob(device), push],
    )
    .map_err(engine)?;
    Ok(())
}
