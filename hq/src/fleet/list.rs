//! The list of phones.

use mooring_casefile::{DeviceId, PersonId};

use crate::ledger::Seen;
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
    /// When it last said that it came back from a backup.
    pub restored_ms: Option<i64>,
    /// When it was last seen that two phones use its keys.
    pub twice_ms: Option<i64>,
}

impl EnrolledPhone {
    /// What a person at HQ must look into, if there is anything.
    pub const fn warning(&self) -> Option<&'static str> {
        match (self.twice_ms, self.restored_ms) {
            (Some(_), _) => Some("two phones use these keys"),
            (None, Some(_)) => Some("came back from a backup"),
            (None, None) => None,
        }
    }
}

impl Office {
    /// Every enrolled phone, by when it enrolled.
    pub fn phones(&self) -> Result<Vec<EnrolledPhone>, Refused> {
        let staff = self.ledger.staff()?;
        let comebacks = self.ledger.comebacks()?;
        let last = |device: DeviceId, seen: Seen| {
            let of_device = comebacks.iter().rev();
            let mut of_device = of_device.filter(|one| one.device == device && one.seen == seen);
            of_device.next().map(|one| one.at_ms)
        };
        let phones = self.ledger.devices()?.into_iter().map(|row| {
            let owner = staff.iter().find(|member| member.id == row.person);
            EnrolledPhone {
                device: row.id,
                person: row.person,
                name: owner.map(|member| member.name.clone()).unwrap_or_default(),
                roles: owner.map(|member| member.roles.words()).unwrap_or_default(),
                enrolled_ms: row.enrolled_ms,
                heard_ms: row.heard_ms,
                restored_ms: last(row.id, Seen::Restored),
                twice_ms: last(row.id, Seen::Twice),
            }
        });
        Ok(phones.collect())
    }
}
