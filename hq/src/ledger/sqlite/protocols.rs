//! Protocols by hash.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{engine, feed};
use crate::ledger::{Hash, LedgerError, ProtocolRow};

pub(super) fn add_protocol(
    tx: &Transaction<'_>,
    protocol: &ProtocolRow,
    now_ms: i64,
) -> Result<(), LedgerError> {
    let new = tx
        .execute(
            "INSERT INTO protocol (hash, questionnaire, rules, added_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO NOTHING",
            params![
                protocol.hash,
                protocol.questionnaire,
                protocol.rules,
                now_ms
            ],
        )
        .map_err(engine)?;
    if new == 1 {
        feed::feed_protocol(tx, &protocol.hash, now_ms)?;
    }
    Ok(())
}

pub(super) fn protocol(db: &Connection, hash: &Hash) -> Result<Option<ProtocolRow>, LedgerError> {
    db.query_row(
        "SELECT questionnaire, rules FROM protocol WHERE hash = ?1",
        [hash],
        |row| {
            Ok(ProtocolRow {
                hash: *hash,
                questionnaire: row.get(0)?,
                rules: row.get(1)?,
            })
        },
    )
    .optional()
    .map_err(engine)
}

pub(super) fn protocol_hashes(db: &Connection) -> Result<Vec<Hash>, LedgerError> {
    let mut statement = db
        .prepare_cached("SELECT hash FROM protocol ORDER BY added_ms, hash")
        .map_err(engine)?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}
