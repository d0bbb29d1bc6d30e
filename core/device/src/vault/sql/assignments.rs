//! Which cases HQ has assigned to this phone, each in HQ's signed words.

use mooring_casefile::CaseId;
use rusqlite::{Result, Transaction};

/// Keeps the latest for each case.
pub(crate) fn put(
    tx: &Transaction<'_>,
    case: CaseId,
    access: i64,
    made_ms: i64,
    signed: &[u8],
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO assignments (case_id, access, made_ms, signed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (case_id) DO UPDATE SET
           access = excluded.access, made_ms = excluded.made_ms, signed = excluded.signed
         WHERE excluded.made_ms >= assignments.made_ms",
    )?
    .execute((case.bytes(), access, made_ms, signed))?;
    Ok(())
}
