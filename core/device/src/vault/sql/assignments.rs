//! Which cases HQ has assigned to this phone, each in HQ's signed words, and how it holds them.

use super::row;
use mooring_casefile::CaseId;
use mooring_exchange::Access;
use rusqlite::{Connection, OptionalExtension, Result, Transaction};

/// How this phone holds a case, in the order of their stored numbers.
const ALL: [Access; 4] = [
    Access::Open,
    Access::Standby,
    Access::Ended,
    Access::Shredded,
];

const fn number(access: Access) -> i64 {
    match access {
        Access::Open => 0,
        Access::Standby => 1,
        Access::Ended => 2,
        Access::Shredded => 3,
    }
}

/// A number that this version does not know shows nothing.
pub(super) fn access_of(stored: i64) -> Access {
    let known = ALL.into_iter().find(|access| number(*access) == stored);
    known.unwrap_or(Access::Ended)
}

/// Keeps the latest for each case, in the order in which HQ gave them: its clock can be set back, its order can't. What was shredded
/// stays so.
pub(crate) fn put(
    tx: &Transaction<'_>,
    case: CaseId,
    access: Access,
    made_ms: i64,
    signed: &[u8],
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO assignments (case_id, access, made_ms, signed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (case_id) DO UPDATE SET
           access = excluded.access, made_ms = excluded.made_ms, signed = excluded.signed
         WHERE assignments.access <> 3",
    )?
    .execute((case.bytes(), number(access), made_ms, signed))?;
    Ok(())
}

/// How this phone holds a case. One of which HQ has not said anything was begun here, and is held in full.
pub(crate) fn access(connection: &Connection, case: CaseId) -> Result<Access> {
    let stored = connection
        .prepare_cached("SELECT access FROM assignments WHERE case_id = ?1")?
        .query_row([case.bytes()], |row| row.get(0))
        .optional()?;
    Ok(stored.map_or(Access::Open, access_of))
}

/// Cases of which something is here although they are over for this phone, and how many of their changes HQ lacks.
pub(crate) fn over(connection: &Connection) -> Result<Vec<(CaseId, Access, u64)>> {
    connection
        .prepare_cached(
            "SELECT case_id, access, (SELECT count(*) FROM unsent WHERE unsent.case_id = a.case_id)
             FROM assignments AS a WHERE access >= 2 AND
               (EXISTS (SELECT 1 FROM cases WHERE cases.case_id = a.case_id)
                OR EXISTS (SELECT 1 FROM waiting_runs AS w WHERE w.case_id = a.case_id))
             ORDER BY case_id",
        )?
        .query_map([], |row| {
            Ok((
                row::case(row, 0)?,
                access_of(row.get(1)?),
                row::count(row, 2)?,
            ))
        })?
        .collect()
}
