//! Who holds which case: a signed entry in HQ's ledger, and what a phone is told of it.

use mooring_casefile::{CaseId, DeviceId};
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

use crate::ids::{read_case, read_device};

/// How a device holds a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// In full.
    Open,
    /// Sealed but for name and hazards, until the glass is broken.
    Standby,
    /// No longer: the phone drops it once HQ has everything of it.
    Ended,
    /// The case is gone, at HQ as well: the phone drops it at once, what HQ never had included.
    Shredded,
}

/// HQ, about one device and one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The agency.
    pub agency: AgencyId,
    /// Which case.
    pub case: CaseId,
    /// Which device.
    pub device: DeviceId,
    /// How it holds the case from now on.
    pub access: Access,
    /// When it was made.
    pub made_ms: i64,
}

impl Statement for Assignment {
    const DOMAIN: Domain = Domain::Assignment;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.case.bytes())
            .fixed(&self.device.bytes());
        out.u8(match self.access {
            Access::Open => 0,
            Access::Standby => 1,
            Access::Ended => 2,
            Access::Shredded => 3,
        });
        out.i64(self.made_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            case: read_case(reader)?,
            device: read_device(reader)?,
            access: match reader.u8()? {
                0 => Access::Open,
                1 => Access::Standby,
                2 => Access::Ended,
                3 => Access::Shredded,
                4..=u8::MAX => return Err(IdentityError::Malformed),
            },
            made_ms: reader.i64()?,
        })
    }
}
