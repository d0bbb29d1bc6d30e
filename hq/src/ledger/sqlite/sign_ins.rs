//! Sign-in attempts and sessions.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::blobs::{person_blob, person_id, record_blob, record_id};
use super::engine;
use crate::ledger::{Hash, LedgerError, SessionRow};

pub(super) fn note_attempt(
    tx: &Transaction<'_>,
    name: &str,
    outcome: &str,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO attempt (name, at_ms, outcome) VALUES (?1, ?2, ?3)",
        params![name, now_ms, outcome],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn failed_attempts(
    db: &Connection,
    name: &str,
    since_ms: i64,
) -> Result<Vec<i64>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT at_ms FROM attempt WHERE name = ?1 AND at_ms >= ?2 AND outcome = 'wrong'
             AND id > (SELECT coalesce(max(id), 0) FROM attempt WHERE name = ?1 AND outcome = 'good')
             AND NOT EXISTS (SELECT 1 FROM attempt AS next WHERE next.id = attempt.id + 1 AND next.name = ?1 AND next.outcome = 'half')
             ORDER BY id",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map(params![name, since_ms], |row| row.get(0))
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}

pub(super) fn begin_session(tx: &Transaction<'_>, session: &SessionRow) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO session (token_hash, sign_in, staff, csrf, begun_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            session.token_hash,
            record_blob(session.sign_in),
            person_blob(session.staff),
            session.csrf,
            session.begun_ms,
            session.seen_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn session(
    db: &Connection,
    token_hash: &Hash,
) -> Result<Option<SessionRow>, LedgerError> {
    db.query_row(
        "SELECT sign_in, staff, csrf, begun_ms, seen_ms FROM session WHERE token_hash = ?1 AND ended_ms IS NULL",
        [token_hash],
        |row| {
            Ok(SessionRow {
                token_hash: *token_hash,
                sign_in: record_id(row.get(0)?),
                staff: person_id(row.get(1)?),
                csrf: row.get(2)?,
                begun_ms: row.get(3)?,
                seen_ms: row.get(4)?,
            })
        },
    )
    .optional()
    .map_err(engine)
}

pub(super) fn touch_session(
    tx: &Transaction<'_>,
    token_hash: &Hash,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE session SET seen_ms = ?2 WHERE token_hash = ?1 AND ended_ms IS NULL",
        params![token_hash, now_ms],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn end_session(
    tx: &Transaction<'_>,
    token_hash: &Hash,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE session SET ended_ms = ?2 WHERE token_hash = ?1 AND ended_ms IS NULL",
        params![token_hash, now_ms],
    )
    .map_err(engine)?;
    Ok(())
}
