//! Who is who.

use std::collections::BTreeMap;

use mooring_casefile::{DeviceId, Now, Operation, PersonId};

use crate::access::Session;
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// A member of staff as pages name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Their name.
    pub name: String,
    /// Their roles in words.
    pub roles_words: String,
}

/// The names of everyone, and whose each phone is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Staff.
    pub people: BTreeMap<PersonId, String>,
    /// Phones, by their owner's name.
    pub devices: BTreeMap<DeviceId, String>,
}

impl Headquarters {
    /// The names of everyone.
    pub fn names(&self, _by: &Session) -> Result<Names, Refused> {
        let people: BTreeMap<_, _> = self
            .staff()?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let devices = self
            .phones()?
            .into_iter()
            .map(|phone| (phone.device, phone.name))
            .collect();
        Ok(Names { people, devices })
    }

    /// The enrolled phones.
    pub fn devices(&self, by: &Session, now: Now) -> Result<Vec<crate::EnrolledPhone>, Refused> {
        self.admit(by, Operation::SeePhones, "devices", None, now)?;
        self.phones()
    }

    pub(super) fn people(&self) -> Result<BTreeMap<PersonId, Who>, Refused> {
        let staff = self.staff()?.into_iter();
        Ok(staff
            .map(|row| {
                (
                    row.id,
                    Who {
                        name: row.name,
                        roles_words: row.roles.words(),
                    },
                )
            })
            .collect())
    }
}
