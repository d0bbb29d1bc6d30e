//! Alert rungs.

use mooring_casefile::CaseId;
use rusqlite::{Connection, Transaction, params};

use super::blobs::case_blob;
use super::engine;
use crate::ledger::{Alert, AlertOutcome, LedgerError};

pub(super) fn claim_rung(tx: &Transaction<'_>, alert: &Alert) -> Result<bool, LedgerError> {
    let new = tx
        .execute(
            "INSERT INTO alert (case_id, since_ms, rung, level, claimed_ms) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            params![
                case_blob(alert.case),
                alert.since_ms,
                alert.rung,
                alert.level,
                alert.claimed_ms
            ],
        )
        .map_err(engine)?;
    Ok(new == 1)
}

pub(super) fn claim_again(
    tx: &Transaction<'_>,
    alert: &Alert,
    now_ms: i64,
) -> Result<bool, LedgerError> {
    let claimed = tx
        .execute(
            "UPDATE alert SET claimed_ms = ?5
             WHERE case_id = ?1 AND since_ms = ?2 AND rung = ?3 AND claimed_ms = ?4 AND outcome IS NULL",
            params![
                case_blob(alert.case),
                alert.since_ms,
                alert.rung,
                alert.claimed_ms,
                now_ms
            ],
        )
        .map_err(engine)?;
    Ok(claimed == 1)
}

pub(super) fn note_alert(
    tx: &Transaction<'_>,
    alert: &Alert,
    outcome: AlertOutcome,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE alert SET outcome = ?4 WHERE case_id = ?1 AND since_ms = ?2 AND rung = ?3",
        params![
            case_blob(alert.case),
            alert.since_ms,
            alert.rung,
            outcome_word(outcome)
        ],
    )
    .map_err(engine)?;
    Ok(())
}

fn outcome_word(outcome: AlertOutcome) -> &'static str {
    match outcome {
        AlertOutcome::Done => "done",
        AlertOutcome::Failed => "failed",
    }
}

fn make_outcome(word: Option<String>) -> Option<AlertOutcome> {
    word.map(|word| match word.as_str() {
        "done" => AlertOutcome::Done,
        _ => AlertOutcome::Failed,
    })
}

pub(super) fn alerts(db: &Connection, case: CaseId) -> Result<Vec<Alert>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT since_ms, rung, level, claimed_ms, outcome FROM alert
             WHERE case_id = ?1 ORDER BY since_ms, rung",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([case_blob(case)], |row| {
            Ok(Alert {
                case,
                since_ms: row.get(0)?,
                rung: row.get(1)?,
                level: row.get(2)?,
                claimed_ms: row.get(3)?,
                outcome: make_outcome(row.get(4)?),
            })
        })
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}
