//! The case file's ids in canonical binary.

use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId};
use mooring_identity::{IdentityError, Reader, Writer};
use uuid::Uuid;

pub(crate) fn write_half(half: Half, out: &mut Writer) {
    out.u8(match half {
        Half::Field => 0,
        Half::Hq => 1,
    });
}

pub(crate) fn read_half(reader: &mut Reader<'_>) -> Result<Half, IdentityError> {
    match reader.u8()? {
        0 => Ok(Half::Field),
        1 => Ok(Half::Hq),
        2..=u8::MAX => Err(IdentityError::Malformed),
    }
}

pub(crate) fn read_case(reader: &mut Reader<'_>) -> Result<CaseId, IdentityError> {
    Ok(CaseId::from_uuid(Uuid::from_bytes(reader.array()?)))
}

pub(crate) fn read_actor(reader: &mut Reader<'_>) -> Result<Actor, IdentityError> {
    Ok(Actor::new(reader.array()?))
}

pub(crate) fn read_change(reader: &mut Reader<'_>) -> Result<ChangeId, IdentityError> {
    Ok(ChangeId::new(reader.array()?))
}

pub(crate) fn read_device(reader: &mut Reader<'_>) -> Result<DeviceId, IdentityError> {
    Ok(DeviceId::new(reader.array()?))
}

pub(crate) fn read_person(reader: &mut Reader<'_>) -> Result<PersonId, IdentityError> {
    Ok(PersonId::new(reader.array()?))
}
