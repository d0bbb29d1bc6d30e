//! How long a device may read, as HQ says it. Capturing needs no lease.

use crate::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

/// HQ, about one device. A later one replaces an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The agency.
    pub agency: AgencyId,
    /// For which device.
    pub device: [u8; 16],
    /// When it was made, by HQ's clock.
    pub made_ms: i64,
    /// How long it holds from its arrival on: the phone counts by its own clock since start where it can.
    pub holds_ms: u64,
}

impl Lease {
    /// What HQ gives unless the agency says otherwise: 72 hours.
    pub const USUAL_MS: u64 = 72 * 60 * 60_000;
}

impl Statement for Lease {
    const DOMAIN: Domain = Domain::Lease;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device)
            .i64(self.made_ms)
            .u64(self.holds_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: reader.array()?,
            made_ms: reader.i64()?,
            holds_ms: reader.u64()?,
        })
    }
}
