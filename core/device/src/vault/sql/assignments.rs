//! Which cases HQ has assigned to this phone, each in HQ's signed words.

use mooring_casefile::CaseId;
use mooring_exchange::Access;
use rusqlite::{Connection, OptionalExtension, Result, Transaction};

/// Keeps the latest for each case.
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
         WHERE excluded.made_ms >= assignments.made_ms",
    )?
    .execute((case.bytes(), number(access), made_ms, signed))?;
    Ok(())
}

/// How this phone holds a case, as HQ said last.
pub(crate) fn access(connection: &Connection, case: CaseId) -> Result<Option<Access>> {
    connection
        .prepare_cached("SELECT access FROM assignments WHERE case_id = ?1")?
        .query_row([case.bytes()], |row| {
            Ok(match row.get::<_, i64>(0)? {
                0 => Access::Open,
                1 => Access::Standby,
                // A number of a later version gives nothing away.
                _ => Access::Ended,
            })
        })
        .optional()
}

const fn number(access: Access) -> i64 {
    match access {
        Access::Open => 0,
        Access::Standby => 1,
        Access::Ended => 2,
    }
}
