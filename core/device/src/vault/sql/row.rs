//! From columns to our types. What does not fit is reported as SQLite reports a wrong type: the file is not what we wrote.

use mooring_casefile::{Actor, Attribution, CaseId, ChangeId, DeviceId, Half, PersonId, Roles};
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};
use uuid::Uuid;

fn misfit(at: usize) -> Error {
    Error::InvalidColumnType(at, String::new(), Type::Blob)
}

/// A blob of exactly `N` bytes.
pub(super) fn bytes<const N: usize>(row: &Row<'_>, at: usize) -> Result<[u8; N]> {
    let blob = row.get_ref(at)?.as_blob().map_err(|_| misfit(at))?;
    blob.try_into().map_err(|_| misfit(at))
}

pub(super) fn case(row: &Row<'_>, at: usize) -> Result<CaseId> {
    Ok(CaseId::from_uuid(Uuid::from_bytes(bytes(row, at)?)))
}

/// A case from the bytes of its column.
pub(super) fn case_of(bytes: [u8; 16]) -> CaseId {
    CaseId::from_uuid(Uuid::from_bytes(bytes))
}

pub(super) fn actor(row: &Row<'_>, at: usize) -> Result<Actor> {
    Ok(Actor::new(bytes(row, at)?))
}

pub(super) fn change(row: &Row<'_>, at: usize) -> Result<ChangeId> {
    Ok(ChangeId::new(bytes(row, at)?))
}

/// A number that we never store negative.
pub(super) fn count(row: &Row<'_>, at: usize) -> Result<u64> {
    u64::try_from(row.get::<_, i64>(at)?).map_err(|_| misfit(at))
}

pub(super) fn half(row: &Row<'_>, at: usize) -> Result<Half> {
    match row.get::<_, i64>(at)? {
        0 => Ok(Half::Field),
        1 => Ok(Half::Hq),
        _ => Err(misfit(at)),
    }
}

/// Device, person and roles in three columns from `at` on.
pub(super) fn attribution(row: &Row<'_>, at: usize) -> Result<Attribution> {
    let bits = u16::try_from(row.get::<_, i64>(at + 2)?).map_err(|_| misfit(at + 2))?;
    Ok(Attribution {
        device: DeviceId::new(bytes(row, at)?),
        person: PersonId::new(bytes(row, at + 1)?),
        roles: Roles::from_bits(bits),
    })
}

/// Heads, one after the other.
pub(super) fn heads(row: &Row<'_>, at: usize) -> Result<Vec<ChangeId>> {
    let blob = row.get_ref(at)?.as_blob().map_err(|_| misfit(at))?;
    let (each, rest) = blob.as_chunks::<32>();
    if rest.is_empty() {
        Ok(each.iter().map(|one| ChangeId::new(*one)).collect())
    } else {
        Err(misfit(at))
    }
}

pub(super) const fn half_number(half: Half) -> i64 {
    match half {
        Half::Field => 0,
        Half::Hq => 1,
    }
}

/// SQLite's integers are signed; our counts never come near the difference.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn joined(heads: &[ChangeId]) -> Vec<u8> {
    heads.iter().flat_map(|head| head.bytes()).collect()
}
