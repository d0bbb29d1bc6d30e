//! One device, one person, as HQ certifies it.

use crate::{AgencyId, Domain, IdentityError, Reader, Statement, VerifyKey, Writer};

use super::LONGEST_NAME;

/// HQ, about one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCertificate {
    /// The agency.
    pub agency: AgencyId,
    /// The device.
    pub device: [u8; 16],
    /// Its person.
    pub person: [u8; 16],
    /// The person's name.
    pub name: String,
    /// The person's roles, a bit each, numbered by the case file's crate.
    pub roles: u16,
    /// Counts re-issues: a restored phone pushes under a higher one.
    pub epoch: u32,
    /// The device's public key.
    pub key: VerifyKey,
    /// When it was issued.
    pub issued_ms: i64,
}

impl Statement for DeviceCertificate {
    const DOMAIN: Domain = Domain::Certificate;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device)
            .fixed(&self.person)
            .text(&self.name);
        out.u16(self.roles)
            .u32(self.epoch)
            .fixed(&self.key.0)
            .i64(self.issued_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: reader.array()?,
            person: reader.array()?,
            name: reader.text(LONGEST_NAME)?.to_owned(),
            roles: reader.u16()?,
            epoch: reader.u32()?,
            key: VerifyKey(reader.array()?),
            issued_ms: reader.i64()?,
        })
    }
}
