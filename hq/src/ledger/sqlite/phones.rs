//! Enrolment codes and phones.

use mooring_casefile::DeviceId;
use rusqlite::{Connection, OptionalExtension, Params, Transaction, params};

use super::blobs::{device_blob, device_id, person_blob, person_id};
use super::engine;
use crate::ledger::{Code, CodeUse, DeviceRow, LedgerError};

pub(super) fn add_code(tx: &Transaction<'_>, code: &Code) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO code (ticket, key, person, expires_ms) VALUES (?1, ?2, ?3, ?4)",
        params![
            code.ticket,
            code.key,
            person_blob(code.person),
            code.expires_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn look_up_code(
    db: &Connection,
    ticket: &[u8; 16],
    now_ms: i64,
) -> Result<Option<(Code, CodeUse)>, LedgerError> {
    let row = db
        .query_row(
            "SELECT key, person, expires_ms, device FROM code WHERE ticket = ?1",
            [ticket],
            |row| {
                let code = Code {
                    ticket: *ticket,
                    key: row.get(0)?,
                    person: person_id(row.get(1)?),
                    expires_ms: row.get(2)?,
                };
                Ok((code, row.get::<_, Option<[u8; 16]>>(3)?))
            },
        )
        .optional()
        .map_err(engine)?;
    Ok(row.map(|(code, device)| {
        let worth = worth(&code, device, now_ms);
        (code, worth)
    }))
}

fn worth(code: &Code, device: Option<[u8; 16]>, now_ms: i64) -> CodeUse {
    match device {
        Some(device) => CodeUse::Used {
            device: device_id(device),
        },
        None if code.expires_ms < now_ms => CodeUse::Expired,
        None => CodeUse::Good(code.person),
    }
}

pub(super) fn enrol(
    tx: &Transaction<'_>,
    ticket: &[u8; 16],
    device: &DeviceRow,
    now_ms: i64,
) -> Result<CodeUse, LedgerError> {
    let Some((_, worth)) = look_up_code(tx, ticket, now_ms)? else {
        return Ok(CodeUse::Unknown);
    };
    match worth {
        CodeUse::Good(_) => {}
        CodeUse::Unknown | CodeUse::Expired | CodeUse::Used { .. } => return Ok(worth),
    }
    tx.execute(
        "UPDATE code SET used_ms = ?2, device = ?3 WHERE ticket = ?1",
        params![ticket, now_ms, device_blob(device.id)],
    )
    .map_err(engine)?;
    tx.execute(
        "INSERT INTO device (id, person, certificate, enrolled_ms, heard_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            device_blob(device.id),
            person_blob(device.person),
            device.certificate,
            device.enrolled_ms,
            device.heard_ms
        ],
    )
    .map_err(engine)?;
    Ok(worth)
}

pub(super) fn devices(db: &Connection) -> Result<Vec<DeviceRow>, LedgerError> {
    list(
        db,
        "SELECT id, person, certificate, enrolled_ms, heard_ms FROM device ORDER BY enrolled_ms, id",
        [],
    )
}

pub(super) fn device(db: &Connection, id: DeviceId) -> Result<Option<DeviceRow>, LedgerError> {
    let sql = "SELECT id, person, certificate, enrolled_ms, heard_ms FROM device WHERE id = ?1";
    Ok(list(db, sql, [device_blob(id)])?.pop())
}

pub(super) fn heard_from(
    tx: &Transaction<'_>,
    id: DeviceId,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE device SET heard_ms = ?2 WHERE id = ?1",
        params![device_blob(id), now_ms],
    )
    .map_err(engine)?;
    Ok(())
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<DeviceRow>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let mut rows = statement.query(params).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(DeviceRow {
            id: device_id(row.get(0).map_err(engine)?),
            person: person_id(row.get(1).map_err(engine)?),
            certificate: row.get(2).map_err(engine)?,
            enrolled_ms: row.get(3).map_err(engine)?,
            heard_ms: row.get(4).map_err(engine)?,
        });
    }
    Ok(list)
}
