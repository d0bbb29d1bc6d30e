//! Making a push. It is made once and stored before its first byte is sent: the same push can then be sent again, and never another
//! under the same number.

use mooring_casefile::{DeviceId, Run};
use mooring_identity::{
    AgencyId, IdentityError, Random, Reader, Signed, SigningKey, Statement, Writer, sha256,
};

use crate::limits::{LARGEST_PUSH, LARGEST_RAW, LARGEST_STATEMENT, MOST_CHANGES, MOST_RUNS};
use crate::run::{Body, Place, write_bodies};
use crate::squeeze::{Effort, squeeze};

use super::{PushHeader, RunHeader, VERSION, tree};

/// Why no push was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// There is nothing in it.
    #[error("a push without runs")]
    Empty,
    /// More than one push may hold: see [`super::plan_pushes`].
    #[error("more than one push may hold")]
    TooLarge,
}

/// Where a push stands in its device's chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PushDraft {
    /// The agency.
    pub agency: AgencyId,
    /// The device.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// One more than the last push's.
    pub dev_seq: u64,
    /// The last push's hash; zeros before the first.
    pub prev: [u8; 32],
    /// The phone's clock.
    pub created_ms: i64,
}

/// A push as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPush {
    bytes: Vec<u8>,
    id: [u8; 32],
    header: PushHeader,
}

impl SealedPush {
    /// Packs and signs.
    pub fn make(
        draft: &PushDraft,
        runs: &[Run],
        key: &SigningKey,
        random: &mut dyn Random,
    ) -> Result<Self, PackError> {
        if runs.is_empty() {
            return Err(PackError::Empty);
        }
        let mut salt = [0; 32];
        random.fill(&mut salt);
        let raw = pack(runs)?;
        let header = PushHeader {
            agency: draft.agency,
            device: draft.device,
            epoch: draft.epoch,
            dev_seq: draft.dev_seq,
            prev: draft.prev,
            runs: u32::try_from(runs.len()).map_err(|_| PackError::TooLarge)?,
            root: tree(&salt, runs.iter().map(RunHeader::of)).root(),
            created_ms: draft.created_ms,
        };
        let mut out = Writer::new();
        out.u8(VERSION)
            .bytes(Signed::sign(header, key).bytes())
            .fixed(&salt);
        out.varint(raw.len() as u64)
            .fixed(&squeeze(&raw, Effort::Once));
        let bytes = out.finish();
        if bytes.len() > LARGEST_PUSH {
            return Err(PackError::TooLarge);
        }
        Ok(Self {
            id: sha256(&bytes),
            bytes,
            header,
        })
    }

    /// The device's own push, from where it was stored. The signature is not checked: who would gain by it is the device itself.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(&bytes);
        reader.version(VERSION)?;
        let mut signed = Reader::new(reader.bytes(LARGEST_STATEMENT)?);
        signed.version(VERSION)?;
        let header = PushHeader::read(&mut Reader::new(signed.bytes(LARGEST_STATEMENT)?))?;
        Ok(Self {
            id: sha256(&bytes),
            bytes,
            header,
        })
    }

    /// What is stored and sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the bytes: names the push while its chunks travel.
    pub fn id(&self) -> [u8; 32] {
        self.id
    }

    /// What was signed; its hash is what the next push names.
    pub fn header(&self) -> &PushHeader {
        &self.header
    }
}

fn pack(runs: &[Run]) -> Result<Vec<u8>, PackError> {
    let changes = runs
        .iter()
        .try_fold(0_u64, |sum, run| sum.checked_add(Place::of(run).changes()?));
    if runs.len() > MOST_RUNS || changes.is_none_or(|changes| changes > MOST_CHANGES) {
        return Err(PackError::TooLarge);
    }
    let mut out = Writer::new();
    out.varint(runs.len() as u64);
    for run in runs {
        Place::of(run).write(&mut out);
    }
    let bodies: Vec<_> = runs.iter().map(Body::pack).collect();
    write_bodies(&bodies, &mut out);
    let raw = out.finish();
    if raw.len() > LARGEST_RAW {
        Err(PackError::TooLarge)
    } else {
        Ok(raw)
    }
}
