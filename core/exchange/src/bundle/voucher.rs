//! What a device says of one run of its own, pushed or not: the run's header, signed by itself under a domain of its own.
//!
//! It stands beside the chain of pushes: it has no number there and moves none on. Said twice, it says the same.

use mooring_casefile::DeviceId;
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

use crate::RunHeader;
use crate::ids::read_device;

/// A device, about one run that it wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunVoucher {
    /// The agency.
    pub agency: AgencyId,
    /// The device.
    pub device: DeviceId,
    /// The epoch of its certificate.
    pub epoch: u32,
    /// Which run.
    pub header: RunHeader,
}

impl Statement for RunVoucher {
    const DOMAIN: Domain = Domain::Run;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .u32(self.epoch)
            .fixed(&self.header.encode());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: read_device(reader)?,
            epoch: reader.u32()?,
            header: RunHeader::read(reader)?,
        })
    }
}
