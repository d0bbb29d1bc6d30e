//! The list of phones.

use mooring_casefile::{DeviceId, PersonId};

use crate::office::Office;
use crate::refused::Refused;

/// One enrolled phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledPhone {
    /// Which.
    pub device: DeviceId,
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their roles in words.
    pub roles: String,
    /// When it enrolled.
    pub enrolled_ms: i64,
    /// When it was last heard from.
    pub heard_ms: Option<i64>,
}

impl Office {
    /// Every enrolled phone, by when it enrolled.
    pub fn phones(&self) -> Result<Vec<EnrolledPhone>, Refused> {
        let staff = self.ledger.staff()?;
        let phones = self.ledger.devices()?.into_iter().map(|row| {
            let owner = staff.iter().find(|member| member.id == row.person);
            EnrolledPhone {
                device: row.id,
                person: row.person,
                name: owner.map(|member| member.name.clone()).unwrap_or_default(),
                roles: owner.map(|member| member.roles.words()).unwrap_or_default(),
                enrolled_ms: row.enrolled_ms,
                heard_ms: row.heard_ms,
            }
        });
        Ok(phones.collect())
    }
}
