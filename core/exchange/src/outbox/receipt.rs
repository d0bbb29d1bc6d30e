//! HQ's signed statement of which sealed changes it holds durably.

use mooring_casefile::{ChangeId, DeviceId};
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

use crate::ids::{read_change, read_device};

const MOST: usize = 200_000;

/// HQ, about changes that came sealed. It promises that they are on HQ's disk, no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxReceipt {
    /// The agency.
    pub agency: AgencyId,
    /// Whose records.
    pub device: DeviceId,
    /// When HQ had them on disk, by HQ's clock.
    pub received_ms: i64,
    /// The changes.
    pub changes: Vec<ChangeId>,
}

impl Statement for OutboxReceipt {
    const DOMAIN: Domain = Domain::OutboxReceipt;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .i64(self.received_ms)
            .varint(self.changes.len() as u64);
        for change in &self.changes {
            out.fixed(&change.bytes());
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let (agency, device) = (AgencyId(reader.array()?), read_device(reader)?);
        let received_ms = reader.i64()?;
        let count = reader.count(MOST, 32)?;
        let changes = (0..count)
            .map(|_| read_change(reader))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            agency,
            device,
            received_ms,
            changes,
        })
    }
}
