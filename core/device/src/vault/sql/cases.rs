//! One row a case, for lists and search. The level is a cache of the derivation and is never read as truth.

use super::row;
use mooring_casefile::CaseId;
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction};

/// A case as a list shows it. No Debug: the title can name a person.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: CaseId,
    /// What the team called it.
    pub title: String,
    /// The level in the words that phone, HQ and hand-off share.
    pub level: String,
    /// The level's token, for colour and shape.
    pub level_token: String,
    /// The level's place in a worst-first order: lower is worse.
    pub rank: u8,
    /// Whether people differ about something that matters.
    pub contested: bool,
    /// How many changes are on this phone only.
    pub unsent: u64,
    /// When it was made, by the clock of then.
    pub created_ms: i64,
    /// When it last changed here, by the clock of then.
    pub updated_ms: i64,
    /// The case is held in standby, and its glass is not broken: of the level nothing is said here.
    pub standby: bool,
}

pub(crate) fn put(tx: &Transaction<'_>, case: &CaseRow) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO cases (case_id, title, level_words, level_token, queue_rank, contested, unsent, created_ms, updated_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (case_id) DO UPDATE SET
           title = excluded.title, level_words = excluded.level_words, level_token = excluded.level_token,
           queue_rank = excluded.queue_rank, contested = excluded.contested, unsent = excluded.unsent,
           updated_ms = excluded.updated_ms",
    )?
    .execute((
        case.case.bytes(),
        &case.title,
        &case.level,
        &case.level_token,
        case.rank,
        case.contested,
        row::stored(case.unsent),
        case.created_ms,
        case.updated_ms,
    ))?;
    Ok(())
}

/// Sets the cached count of unsent changes to what the marks say.
pub(crate) fn recount_unsent(tx: &Transaction<'_>, case: CaseId) -> Result<()> {
    tx.prepare_cached(
        "UPDATE cases SET unsent =
           (SELECT count(*) FROM unsent WHERE unsent.case_id = ?1 AND
              (change_id IS NULL OR change_id NOT IN (SELECT change_id FROM sealed_at_hq)))
         WHERE case_id = ?1",
    )?
    .execute([case.bytes()])?;
    Ok(())
}

/// The same for every case.
pub(crate) fn recount_all_unsent(tx: &Transaction<'_>) -> Result<()> {
    let cases: Vec<_> = tx
        .prepare_cached("SELECT DISTINCT case_id FROM unsent ORDER BY case_id")?
        .query_map([], |row| row::case(row, 0))?
        .collect::<Result<_>>()?;
    cases
        .into_iter()
        .try_for_each(|case| recount_unsent(tx, case))
}

/// All cases but those that are over for this phone, worst first, within a level the latest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<CaseRow>> {
    connection
        .prepare_cached(
            "SELECT case_id, title, level_words, level_token, queue_rank, contested, unsent, created_ms, updated_ms,
                    coalesce(access, 0) = 1
             FROM cases LEFT JOIN assignments USING (case_id) WHERE coalesce(access, 0) < 2
             ORDER BY queue_rank, updated_ms DESC, case_id",
        )?
        .query_map([], read)?
        .collect()
}

pub(crate) fn one(connection: &Connection, case: CaseId) -> Result<Option<CaseRow>> {
    connection
        .prepare_cached(
            "SELECT case_id, title, level_words, level_token, queue_rank, contested, unsent, created_ms, updated_ms,
                    coalesce(access, 0) = 1
             FROM cases LEFT JOIN assignments USING (case_id) WHERE case_id = ?1",
        )?
        .query_row([case.bytes()], read)
        .optional()
}

fn read(row: &Row<'_>) -> Result<CaseRow> {
    Ok(CaseRow {
        case: row::case(row, 0)?,
        title: row.get(1)?,
        level: row.get(2)?,
        level_token: row.get(3)?,
        rank: row.get(4)?,
        contested: row.get(5)?,
        unsent: row::count(row, 6)?,
        created_ms: row.get(7)?,
        updated_ms: row.get(8)?,
        standby: row.get(9)?,
    })
}
