//! What a push's one signature covers.

use mooring_casefile::{ChangeId, DeviceId, Run};
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Statement, Writer, sha256};

use crate::RunKey;
use crate::ids::{read_change, read_device};
use crate::run::Place;

/// The signed header of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushHeader {
    /// The agency.
    pub agency: AgencyId,
    /// The device.
    pub device: DeviceId,
    /// Its epoch: a restored phone pushes under a higher one.
    pub epoch: u32,
    /// The push's number in the device's chain, from 1.
    pub dev_seq: u64,
    /// The hash of the push before it; zeros before the first.
    pub prev: [u8; 32],
    /// How many runs.
    pub runs: u32,
    /// The Merkle root over their salted headers.
    pub root: [u8; 32],
    /// The phone's clock when it was made.
    pub created_ms: i64,
}

impl PushHeader {
    /// The push's hash: what the next one names, and what HQ's receipt is about.
    pub fn hash(&self) -> [u8; 32] {
        let mut out = Writer::new();
        out.text(Domain::Push.name());
        self.write(&mut out);
        sha256(&out.finish())
    }
}

impl Statement for PushHeader {
    const DOMAIN: Domain = Domain::Push;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .u32(self.epoch)
            .u64(self.dev_seq);
        out.fixed(&self.prev)
            .u32(self.runs)
            .fixed(&self.root)
            .i64(self.created_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: read_device(reader)?,
            epoch: reader.u32()?,
            dev_seq: reader.u64()?,
            prev: reader.array()?,
            runs: reader.u32()?,
            root: reader.array()?,
            created_ms: reader.i64()?,
        })
    }
}

/// What the Merkle root binds of one run: where it belongs, which changes it has, and the hash of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunHeader {
    /// Whose changes of what.
    pub key: RunKey,
    /// The first sequence number.
    pub first_seq: u64,
    /// The last sequence number.
    pub last_seq: u64,
    /// The last change's hash, which names all before it.
    pub last: ChangeId,
}

impl RunHeader {
    /// The header of a run.
    pub fn of(run: &Run) -> Self {
        Self::at(&Place::of(run), run.last)
    }

    pub(super) fn at(place: &Place, last: ChangeId) -> Self {
        let Place {
            key,
            first_seq,
            last_seq,
        } = *place;
        Self {
            key,
            first_seq,
            last_seq,
            last,
        }
    }

    /// Canonical binary: what is hashed under the leaf's salt.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        self.key.write(&mut out);
        out.u64(self.first_seq)
            .u64(self.last_seq)
            .fixed(&self.last.bytes());
        out.finish()
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            key: RunKey::read(reader)?,
            first_seq: reader.u64()?,
            last_seq: reader.u64()?,
            last: read_change(reader)?,
        })
    }
}
