//! A phone that came back from a backup says so itself, under its key: only then does HQ certify it anew.

use mooring_casefile::DeviceId;
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

use crate::ids::read_device;

/// A phone, about having come back from a backup: how far its own chain of pushes reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// The agency.
    pub agency: AgencyId,
    /// This device.
    pub device: DeviceId,
    /// The epoch of the certificate that it has.
    pub epoch: u32,
    /// The number of the last push that it knows a receipt of; 0 before the first.
    pub dev_seq: u64,
    /// That push's hash; zeros before the first.
    pub push: [u8; 32],
    /// Its clock.
    pub made_ms: i64,
}

impl Statement for Restored {
    const DOMAIN: Domain = Domain::Restored;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .u32(self.epoch)
            .u64(self.dev_seq)
            .fixed(&self.push)
            .i64(self.made_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: read_device(reader)?,
            epoch: reader.u32()?,
            dev_seq: reader.u64()?,
            push: reader.array()?,
            made_ms: reader.i64()?,
        })
    }
}
