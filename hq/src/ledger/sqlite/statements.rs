//! Statements to phones in the feed, and how far each phone has come.

use mooring_casefile::DeviceId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::blobs::{device_blob, signed, unsigned};
use super::{engine, feed};
use crate::ledger::{FedStatement, LedgerError, NewStatement, ToPhone};

pub(super) fn feed(
    tx: &Transaction<'_>,
    statement: &NewStatement,
    now_ms: i64,
) -> Result<u64, LedgerError> {
    let (kind, serial, device, body) = match statement {
        NewStatement::KeySet { serial, body } => (feed::KEY_SET, Some(*serial), None, body),
        NewStatement::SealingKeys { serial, body } => {
            (feed::SEALING_KEYS, Some(*serial), None, body)
        }
        NewStatement::Lease { device, body } => (feed::LEASE, None, Some(*device), body),
        NewStatement::Order { device, body } => (feed::ORDER, None, Some(*device), body),
    };
    let cursor = tx
        .prepare_cached(
            "INSERT INTO feed (kind, serial, device, body, added_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .and_then(|mut insert| {
            insert.insert(params![
                kind,
                serial.and_then(|serial| i64::try_from(serial).ok()),
                device.map(device_blob),
                body,
                now_ms
            ])
        })
        .map_err(engine)?;
    unsigned(cursor)
}

pub(super) fn key_sets(db: &Connection) -> Result<Vec<FedStatement>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT cursor, body, added_ms FROM feed
             WHERE kind = ?1 AND serial IS NOT NULL ORDER BY serial",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([feed::KEY_SET], read)
        .map_err(engine)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(engine)?;
    rows.into_iter().map(finish).collect()
}

pub(super) fn newest_serials(db: &Connection) -> Result<(u64, u64), LedgerError> {
    let newest = |kind: i64| {
        let serial: i64 = db
            .prepare_cached(
                "SELECT coalesce(max(serial), 0) FROM feed WHERE kind = ?1 AND serial IS NOT NULL",
            )
            .and_then(|mut ask| ask.query_row([kind], |row| row.get(0)))
            .map_err(engine)?;
        unsigned(serial)
    };
    Ok((newest(feed::KEY_SET)?, newest(feed::SEALING_KEYS)?))
}

pub(super) fn newest_to(
    db: &Connection,
    device: DeviceId,
    what: ToPhone,
) -> Result<Option<FedStatement>, LedgerError> {
    let kind = match what {
        ToPhone::Lease => feed::LEASE,
        ToPhone::Order => feed::ORDER,
    };
    let row = db
        .prepare_cached(
            "SELECT cursor, body, added_ms FROM feed
             WHERE device = ?1 AND kind = ?2 ORDER BY cursor DESC LIMIT 1",
        )
        .and_then(|mut ask| {
            ask.query_row(params![device_blob(device), kind], read)
                .optional()
        })
        .map_err(engine)?;
    row.map(finish).transpose()
}

type Raw = (i64, Vec<u8>, i64);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn finish((cursor, body, added_ms): Raw) -> Result<FedStatement, LedgerError> {
    Ok(FedStatement {
        cursor: unsigned(cursor)?,
        body,
        added_ms,
    })
}

pub(super) fn came_to(
    tx: &Transaction<'_>,
    device: DeviceId,
    cursor: u64,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO pulled (device, cursor) VALUES (?1, ?2)
         ON CONFLICT (device) DO UPDATE SET cursor = excluded.cursor",
        params![device_blob(device), signed(cursor)?],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn cursor_of(db: &Connection, device: DeviceId) -> Result<u64, LedgerError> {
    let cursor: Option<i64> = db
        .prepare_cached("SELECT cursor FROM pulled WHERE device = ?1")
        .and_then(|mut ask| {
            ask.query_row([device_blob(device)], |row| row.get(0))
                .optional()
        })
        .map_err(engine)?;
    unsigned(cursor.unwrap_or(0))
}
