//! One record: which changes, sealed, signed by the device that made them.
//!
//! What was captured while the vault was locked has no signature, since the device's key lies in the vault: HQ keeps it, and holds it for
//! a person until the same changes come signed.

use mooring_casefile::{ChangeId, DeviceId, Run};
use mooring_identity::{
    AgencyId, Domain, IdentityError, Purpose, Random, Reader, Recipient, RecipientKey, Signature,
    SigningKey, Verifies, Writer, sha256,
};

use crate::ids::{read_change, read_device};
use crate::limits::{LARGEST_CHUNK, LARGEST_RAW, MOST_RUNS};
use crate::run::{chunk_id, decode_run, encode_run};
use crate::squeeze::{Effort, squeeze, unsqueeze};

const VERSION: u8 = 0;
const PURPOSE: Purpose = Purpose::new("mooring.outbox");
/// Changes in one record.
const MOST_CHANGES: usize = 20_000;
/// More than a record of one change at its cap comes to.
const LARGEST_SEALED: usize = 8 * LARGEST_CHUNK;

/// What is said beside the sealed changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxHead {
    /// The agency.
    pub agency: AgencyId,
    /// The device that made the changes.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// When it was sealed, by the device's clock.
    pub made_ms: i64,
    /// The serial of the [`mooring_identity::SealingKeys`] that it is sealed to.
    pub serial: u64,
}

/// A record. Nothing in it can be read without HQ's key but how many changes there are, and their hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRecord {
    head: OutboxHead,
    changes: Vec<ChangeId>,
    sealed: Vec<u8>,
    signature: Option<Signature>,
}

impl OutboxRecord {
    /// Seals these runs to HQ and signs them. `Malformed` where a change is none, `TooLarge` beyond what one record may hold.
    pub fn seal(
        head: OutboxHead,
        runs: &[Run],
        hq: Recipient,
        key: &SigningKey,
        random: &mut dyn Random,
    ) -> Result<Self, IdentityError> {
        let mut record = Self::seal_unsigned(head, runs, hq, random)?;
        let signed = signed_bytes(&record.public_bytes(), &record.sealed);
        record.signature = Some(key.sign(Domain::Outbox, &signed));
        Ok(record)
    }

    /// The same without a signature, for a phone whose vault is locked.
    pub fn seal_unsigned(
        head: OutboxHead,
        runs: &[Run],
        hq: Recipient,
        random: &mut dyn Random,
    ) -> Result<Self, IdentityError> {
        let changes = ids_of(runs)?;
        if changes.len() > MOST_CHANGES || runs.len() > MOST_RUNS {
            return Err(IdentityError::TooLarge);
        }
        let mut record = Self {
            head,
            changes,
            sealed: Vec::new(),
            signature: None,
        };
        let public = record.public_bytes();
        record.sealed = hq.seal(PURPOSE, &public, &plain_bytes(runs), random)?;
        if record.sealed.len() > LARGEST_SEALED {
            return Err(IdentityError::TooLarge);
        }
        Ok(record)
    }

    /// Reads one **without believing it**: the device named says whose key to check it with, and no more.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        let (head, changes) = read_public(&mut reader)?;
        let record = Self {
            head,
            changes,
            sealed: reader.bytes(LARGEST_SEALED)?.to_vec(),
            signature: match reader.u8()? {
                0 => None,
                1 => Some(Signature(reader.array()?)),
                2..=u8::MAX => return Err(IdentityError::Malformed),
            },
        };
        reader.finish()?;
        Ok(record)
    }

    /// To be kept and sent.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(&self.public_bytes()).bytes(&self.sealed);
        match &self.signature {
            None => out.u8(0),
            Some(signature) => out.u8(1).fixed(&signature.0),
        };
        out.finish()
    }

    /// What it claims.
    pub const fn head(&self) -> &OutboxHead {
        &self.head
    }

    /// The hashes of its changes, as it claims.
    pub fn changes(&self) -> &[ChangeId] {
        &self.changes
    }

    /// Whether anybody vouches for it. One that nobody does is held for a person, never merged.
    pub const fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// Believes it, if it is of this agency and its device's signature holds.
    pub fn verify(&self, agency: AgencyId, by: &dyn Verifies) -> Result<(), IdentityError> {
        if self.head.agency != agency {
            return Err(IdentityError::WrongAddressee);
        }
        let signature = self.signature.as_ref().ok_or(IdentityError::Forged)?;
        let signed = signed_bytes(&self.public_bytes(), &self.sealed);
        by.verify(Domain::Outbox, &signed, signature)
    }

    /// HQ's part, after [`OutboxRecord::verify`], or for a person to look at: the runs, **not yet guarded**. `Malformed` where they are not the changes that it names.
    pub fn open(&self, key: &RecipientKey) -> Result<Vec<Run>, IdentityError> {
        let plain = key.open(PURPOSE, &self.public_bytes(), &self.sealed)?;
        let runs = read_plain(&plain)?;
        if ids_of(&runs)? == self.changes {
            Ok(runs)
        } else {
            Err(IdentityError::Malformed)
        }
    }

    /// What proves afterwards that the device named these changes, without the changes: what is said beside them, the hash of the sealed
    /// bytes, and the signature if there is one.
    pub fn proof(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(&signed_bytes(&self.public_bytes(), &self.sealed));
        match &self.signature {
            None => out.u8(0),
            Some(signature) => out.u8(1).fixed(&signature.0),
        };
        out.finish()
    }

    fn public_bytes(&self) -> Vec<u8> {
        let head = &self.head;
        let mut out = Writer::new();
        out.u8(VERSION)
            .fixed(&head.agency.0)
            .fixed(&head.device.bytes())
            .u32(head.epoch)
            .i64(head.made_ms)
            .u64(head.serial)
            .varint(self.changes.len() as u64);
        for change in &self.changes {
            out.fixed(&change.bytes());
        }
        out.finish()
    }
}

pub(super) fn read_public(
    reader: &mut Reader<'_>,
) -> Result<(OutboxHead, Vec<ChangeId>), IdentityError> {
    reader.version(VERSION)?;
    let head = OutboxHead {
        agency: AgencyId(reader.array()?),
        device: read_device(reader)?,
        epoch: reader.u32()?,
        made_ms: reader.i64()?,
        serial: reader.u64()?,
    };
    let count = reader.count(MOST_CHANGES, 32)?;
    let changes = (0..count)
        .map(|_| read_change(reader))
        .collect::<Result<_, _>>()?;
    Ok((head, changes))
}

fn ids_of(runs: &[Run]) -> Result<Vec<ChangeId>, IdentityError> {
    let changes = runs.iter().flat_map(|run| &run.changes);
    changes
        .map(|change| chunk_id(change).ok_or(IdentityError::Malformed))
        .collect()
}

fn signed_bytes(public: &[u8], sealed: &[u8]) -> Vec<u8> {
    let mut out = Writer::new();
    out.bytes(public).fixed(&sha256(sealed));
    out.finish()
}

fn plain_bytes(runs: &[Run]) -> Vec<u8> {
    let mut raw = Writer::new();
    raw.varint(runs.len() as u64);
    for run in runs {
        raw.bytes(&encode_run(run));
    }
    let raw = raw.finish();
    let mut out = Writer::new();
    out.varint(raw.len() as u64)
        .fixed(&squeeze(&raw, Effort::Often));
    out.finish()
}

fn read_plain(plain: &[u8]) -> Result<Vec<Run>, IdentityError> {
    let mut reader = Reader::new(plain);
    let length = reader.varint()?;
    let raw = unsqueeze(reader.rest(), length, LARGEST_RAW)?;
    let mut reader = Reader::new(&raw);
    let count = reader.count(MOST_RUNS, 1)?;
    let runs = (0..count)
        .map(|_| decode_run(reader.bytes(LARGEST_RAW)?))
        .collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(runs)
}
