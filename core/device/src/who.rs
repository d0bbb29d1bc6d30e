//! Who uses this phone, and what people are called.

use crate::device::Device;
use crate::error::{Error, Forbidden, Result};
use mooring_casefile::{DeviceId, PersonId, Roles};
use std::collections::BTreeMap;
use std::path::Path;

/// The person that HQ certified for this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoAmI {
    /// This phone.
    pub device: DeviceId,
    /// Its person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their roles.
    pub roles: Roles,
}

impl Device {
    /// The person of this phone.
    pub fn me(&self) -> Result<WhoAmI> {
        let open = self.open.as_ref().ok_or(Error::Locked)?;
        let enrolment = open
            .me
            .enrolment
            .as_ref()
            .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
        let attribution = open.me.attribution;
        Ok(WhoAmI {
            device: attribution.device,
            person: attribution.person,
            name: enrolment.certificate.name.clone(),
            roles: attribution.roles,
        })
    }

    /// Everybody in the directory, by person.
    pub fn names(&self) -> Result<BTreeMap<PersonId, String>> {
        let open = self.open.as_ref().ok_or(Error::Locked)?;
        Ok(open.shelf.names().clone())
    }

    /// The folder of this vault.
    pub fn folder(&self) -> &Path {
        &self.dir
    }
}
