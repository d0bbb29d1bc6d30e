//! Who holds which case: what was decided of persons, what each phone was told, and broken glasses that were reviewed.

use mooring_casefile::CaseId;
use mooring_exchange::Access;
use rusqlite::{Connection, Transaction, params};

use super::blobs::{
    case_blob, case_id, device_blob, device_id, person_blob, person_id, record_blob, record_id,
};
use super::engine;
use super::feed::ASSIGNMENT;
use crate::ledger::{GlassReviewRow, HeldBy, HolderRow, LedgerError, NewAssignment};

pub(super) const fn access_number(access: Access) -> i64 {
    match access {
        Access::Open => 0,
        Access::Standby => 1,
        Access::Ended => 2,
        Access::Shredded => 3,
    }
}

pub(super) fn access_of(number: i64) -> Result<Access, LedgerError> {
    match number {
        0 => Ok(Access::Open),
        1 => Ok(Access::Standby),
        2 => Ok(Access::Ended),
        3 => Ok(Access::Shredded),
        _ => Err(LedgerError::Inside(-4)),
    }
}

pub(super) fn feed_assignment(
    tx: &Transaction<'_>,
    assignment: &NewAssignment,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO feed (kind, device, case_id, body, added_ms, access) SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE ?6 IS NOT (SELECT coalesce(access, 0) FROM feed
                          WHERE kind = 3 AND device = ?2 AND case_id = ?3 ORDER BY cursor DESC LIMIT 1)
           AND (?6 = 3 OR NOT EXISTS (SELECT 1 FROM shredded WHERE case_id = ?3))",
        params![
            ASSIGNMENT,
            device_blob(assignment.device),
            case_blob(assignment.case),
            assignment.body,
            now_ms,
            access_number(assignment.access)
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn add_holder(
    tx: &Transaction<'_>,
    holder: &HolderRow,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO holder (case_id, person, access, staff, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            case_blob(holder.case),
            person_blob(holder.person),
            access_number(holder.access),
            holder.staff.map(person_blob),
            now_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn holders(db: &Connection, case: CaseId) -> Result<Vec<HolderRow>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT person, access, staff FROM holder WHERE id IN
                 (SELECT max(id) FROM holder WHERE case_id = ?1 GROUP BY person) ORDER BY id",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([case_blob(case)], |row| {
            Ok((
                row.get::<_, [u8; 16]>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, Option<[u8; 16]>>(2)?,
            ))
        })
        .map_err(engine)?;
    rows.map(|row| {
        let (person, access, staff) = row.map_err(engine)?;
        Ok(HolderRow {
            case,
            person: person_id(person),
            access: access_of(access)?,
            staff: staff.map(person_id),
        })
    })
    .collect()
}

pub(super) fn held_by(db: &Connection, case: CaseId) -> Result<Vec<HeldBy>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT device, coalesce(access, 0), added_ms FROM feed WHERE cursor IN
                 (SELECT max(cursor) FROM feed WHERE kind = 3 AND case_id = ?1 GROUP BY device) ORDER BY device",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([case_blob(case)], |row| {
            Ok((
                row.get::<_, [u8; 16]>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
            ))
        })
        .map_err(engine)?;
    rows.map(|row| {
        let (device, access, at_ms) = row.map_err(engine)?;
        Ok(HeldBy {
            device: device_id(device),
            access: access_of(access)?,
            at_ms,
        })
    })
    .collect()
}

pub(super) fn review_glass(
    tx: &Transaction<'_>,
    review: &GlassReviewRow,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO glass_review (glass, case_id, staff, sealed, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            record_blob(review.glass),
            case_blob(review.case),
            person_blob(review.staff),
            review.sealed,
            review.at_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn glass_reviews(db: &Connection) -> Result<Vec<GlassReviewRow>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT glass, case_id, staff, sealed, at_ms FROM glass_review ORDER BY at_ms, glass",
        )
        .map_err(engine)?;
    let rows = statement
        .query_map([], |row| {
            Ok(GlassReviewRow {
                glass: record_id(row.get(0)?),
                case: case_id(row.get(1)?),
                staff: person_id(row.get(2)?),
                sealed: row.get(3)?,
                at_ms: row.get(4)?,
            })
        })
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}
