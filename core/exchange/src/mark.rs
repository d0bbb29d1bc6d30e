//! What HQ says of a run: how far it holds it, and what became of it.

use mooring_casefile::{Actor, CaseId, ChangeId, Half, Run};
use mooring_identity::{IdentityError, Reader, Writer};

use crate::ids::{read_actor, read_case, read_change, read_half, write_half};

/// Whose changes of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// The case.
    pub case: CaseId,
    /// Its half.
    pub half: Half,
    /// The actor.
    pub actor: Actor,
}

impl RunKey {
    /// The key of a run.
    pub fn of(run: &Run) -> Self {
        Self {
            case: run.case,
            half: run.half,
            actor: run.actor,
        }
    }

    /// At least this many bytes are left for each key that is announced.
    pub(crate) const BYTES: usize = 33;

    pub(crate) fn write(&self, out: &mut Writer) {
        out.fixed(&self.case.bytes());
        write_half(self.half, out);
        out.fixed(&self.actor.bytes());
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            case: read_case(reader)?,
            half: read_half(reader)?,
            actor: read_actor(reader)?,
        })
    }
}

/// What became of what HQ holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkState {
    /// On HQ's disk; not merged yet.
    Received,
    /// Part of the case as HQ shows it.
    Merged,
    /// Held until the changes that it builds on arrive.
    Waiting,
    /// Held for a person, with the guard's reason.
    Held(u16),
    /// HQ has nothing of it (the sequence number is 0): send it again.
    Unknown,
}

impl MarkState {
    fn write(self, out: &mut Writer) {
        match self {
            Self::Received => out.u8(0),
            Self::Merged => out.u8(1),
            Self::Waiting => out.u8(2),
            Self::Held(reason) => out.u8(3).u16(reason),
            Self::Unknown => out.u8(4),
        };
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        match reader.u8()? {
            0 => Ok(Self::Received),
            1 => Ok(Self::Merged),
            2 => Ok(Self::Waiting),
            3 => Ok(Self::Held(reader.u16()?)),
            4 => Ok(Self::Unknown),
            5..=u8::MAX => Err(IdentityError::Malformed),
        }
    }
}

/// The last change of a key that HQ holds durably, and its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunMark {
    /// Of whose changes.
    pub key: RunKey,
    /// The last sequence number held.
    pub last_seq: u64,
    /// That change's hash.
    pub last: ChangeId,
    /// What became of it.
    pub state: MarkState,
}

impl RunMark {
    pub(crate) const BYTES: usize = RunKey::BYTES + 34;

    pub(crate) fn write(&self, out: &mut Writer) {
        self.key.write(out);
        out.varint(self.last_seq).fixed(&self.last.bytes());
        self.state.write(out);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            key: RunKey::read(reader)?,
            last_seq: reader.varint()?,
            last: read_change(reader)?,
            state: MarkState::read(reader)?,
        })
    }
}

/// The last change of a key that a phone has: sent to be compared after either side's restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Have {
    /// Of whose changes.
    pub key: RunKey,
    /// The last sequence number.
    pub last_seq: u64,
    /// That change's hash.
    pub last: ChangeId,
}

impl Have {
    pub(crate) const BYTES: usize = RunKey::BYTES + 33;

    pub(crate) fn write(&self, out: &mut Writer) {
        self.key.write(out);
        out.varint(self.last_seq).fixed(&self.last.bytes());
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            key: RunKey::read(reader)?,
            last_seq: reader.varint()?,
            last: read_change(reader)?,
        })
    }
}
