//! Our ids and enums as columns, both ways.

use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId, RecordId, Roles};
use uuid::Uuid;

use crate::ledger::{Fate, Hash, LedgerError};

/// A row that only a broken file can hold.
const BROKEN_ROW: LedgerError = LedgerError::Inside(-4);

pub(super) fn signed(number: u64) -> Result<i64, LedgerError> {
    i64::try_from(number).map_err(|_| BROKEN_ROW)
}

pub(super) fn unsigned(number: i64) -> Result<u64, LedgerError> {
    u64::try_from(number).map_err(|_| BROKEN_ROW)
}

pub(super) fn case_blob(id: CaseId) -> [u8; 16] {
    id.bytes()
}

pub(super) fn case_id(bytes: [u8; 16]) -> CaseId {
    CaseId::from_uuid(Uuid::from_bytes(bytes))
}

pub(super) fn record_blob(id: RecordId) -> [u8; 16] {
    id.bytes()
}

pub(super) fn record_id(bytes: [u8; 16]) -> RecordId {
    RecordId::from_uuid(Uuid::from_bytes(bytes))
}

pub(super) fn device_blob(id: DeviceId) -> [u8; 16] {
    id.bytes()
}

pub(super) fn device_id(bytes: [u8; 16]) -> DeviceId {
    DeviceId::new(bytes)
}

pub(super) fn person_blob(id: PersonId) -> [u8; 16] {
    id.bytes()
}

pub(super) fn person_id(bytes: [u8; 16]) -> PersonId {
    PersonId::new(bytes)
}

pub(super) fn actor_blob(id: &Actor) -> [u8; 16] {
    id.bytes()
}

pub(super) fn actor_id(bytes: [u8; 16]) -> Actor {
    Actor::new(bytes)
}

pub(super) fn change_blob(id: &ChangeId) -> Hash {
    id.bytes()
}

pub(super) fn change_id(bytes: Hash) -> ChangeId {
    ChangeId::new(bytes)
}

pub(super) fn roles_number(roles: Roles) -> i64 {
    i64::from(roles.bits())
}

pub(super) fn roles_of(number: i64) -> Result<Roles, LedgerError> {
    u16::try_from(number)
        .map(Roles::from_bits)
        .map_err(|_| BROKEN_ROW)
}

pub(super) fn half_number(half: Half) -> i64 {
    match half {
        Half::Field => 0,
        Half::Hq => 1,
    }
}

pub(super) fn half_of(number: i64) -> Result<Half, LedgerError> {
    match number {
        0 => Ok(Half::Field),
        1 => Ok(Half::Hq),
        _ => Err(BROKEN_ROW),
    }
}

pub(super) fn fate_number(fate: &Fate) -> i64 {
    match fate {
        Fate::Received => 0,
        Fate::Merged => 1,
        Fate::Waiting => 2,
        Fate::Held(_) => 3,
    }
}

pub(super) fn fate_code(fate: &Fate) -> Option<&str> {
    match fate {
        Fate::Held(code) => Some(code),
        Fate::Received | Fate::Merged | Fate::Waiting => None,
    }
}

pub(super) fn make_fate(number: i64, code: Option<String>) -> Result<Fate, LedgerError> {
    match (number, code) {
        (0, None) => Ok(Fate::Received),
        (1, None) => Ok(Fate::Merged),
        (2, None) => Ok(Fate::Waiting),
        (3, Some(code)) => Ok(Fate::Held(code)),
        _ => Err(BROKEN_ROW),
    }
}
