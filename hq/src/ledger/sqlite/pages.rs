//! Pages as shown, signed statements, drafts.

use mooring_casefile::{CaseId, PersonId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::blobs::{case_blob, case_id, person_blob, person_id, record_blob, record_id};
use super::engine;
use crate::ledger::{DraftRow, Hash, LedgerError, ReviewRow, ShownRow};

pub(super) fn keep_shown(tx: &Transaction<'_>, shown: &ShownRow) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO shown (id, case_id, staff, text_hash, sealed, shown_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO NOTHING",
        params![
            shown.id,
            case_blob(shown.case),
            person_blob(shown.staff),
            shown.text_hash,
            shown.sealed,
            shown.shown_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn shown(db: &Connection, id: &Hash) -> Result<Option<ShownRow>, LedgerError> {
    db.query_row(
        "SELECT id, case_id, staff, text_hash, sealed, shown_ms FROM shown WHERE id = ?1",
        [id],
        |row| {
            Ok(ShownRow {
                id: row.get(0)?,
                case: case_id(row.get(1)?),
                staff: person_id(row.get(2)?),
                text_hash: row.get(3)?,
                sealed: row.get(4)?,
                shown_ms: row.get(5)?,
            })
        },
    )
    .optional()
    .map_err(engine)
}

pub(super) fn keep_review(tx: &Transaction<'_>, review: &ReviewRow) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO signed_review (id, case_id, shown, statement, signed_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            record_blob(review.id),
            case_blob(review.case),
            review.shown,
            review.statement,
            review.signed_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn reviews(db: &Connection, case: CaseId) -> Result<Vec<ReviewRow>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT id, shown, statement, signed_ms FROM signed_review
             WHERE case_id = ?1 ORDER BY signed_ms, id",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([case_blob(case)], |row| {
            Ok(ReviewRow {
                id: record_id(row.get(0)?),
                case,
                shown: row.get(1)?,
                statement: row.get(2)?,
                signed_ms: row.get(3)?,
            })
        })
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}

pub(super) fn keep_draft(
    tx: &Transaction<'_>,
    staff: PersonId,
    case: CaseId,
    draft: &DraftRow,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT OR REPLACE INTO draft (staff, case_id, sealed, saved_ms) VALUES (?1, ?2, ?3, ?4)",
        params![
            person_blob(staff),
            case_blob(case),
            draft.sealed,
            draft.saved_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn draft(
    db: &Connection,
    staff: PersonId,
    case: CaseId,
) -> Result<Option<DraftRow>, LedgerError> {
    db.query_row(
        "SELECT sealed, saved_ms FROM draft WHERE staff = ?1 AND case_id = ?2",
        params![person_blob(staff), case_blob(case)],
        |row| {
            Ok(DraftRow {
                sealed: row.get(0)?,
                saved_ms: row.get(1)?,
            })
        },
    )
    .optional()
    .map_err(engine)
}
