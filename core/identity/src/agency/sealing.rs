//! The agency's public keys that bytes are sealed to: certified by the root, since whoever replaces one reads what is sealed to it.

use crate::{AgencyId, Domain, IdentityError, Reader, Recipient, Statement, Writer};

/// Whom phones seal to. A later serial replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealingKeys {
    /// The agency.
    pub agency: AgencyId,
    /// Grows with each rotation.
    pub serial: u64,
    /// When they were made.
    pub made_ms: i64,
    /// HQ, for what a phone seals outside its vault.
    pub hq: Recipient,
    /// The two custodians who only together open a phone's vault; none where the agency wants no recovery.
    pub custodians: Option<[Recipient; 2]>,
}

impl Statement for SealingKeys {
    const DOMAIN: Domain = Domain::SealingKeys;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .u64(self.serial)
            .i64(self.made_ms)
            .fixed(&self.hq.0);
        match &self.custodians {
            None => out.u8(0),
            Some([first, second]) => out.u8(1).fixed(&first.0).fixed(&second.0),
        };
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            serial: reader.u64()?,
            made_ms: reader.i64()?,
            hq: Recipient(reader.array()?),
            custodians: match reader.u8()? {
                0 => None,
                1 => Some([Recipient(reader.array()?), Recipient(reader.array()?)]),
                2..=u8::MAX => return Err(IdentityError::Malformed),
            },
        })
    }
}
