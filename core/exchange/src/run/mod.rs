//! The compact form of a run: what the receiver can work out again is left out, and the change chunks are rebuilt byte for byte.
//!
//! Left out are the magic, the checksum, the actor, the sequence number, and the dependency on the run's previous change. Start and
//! time become differences, and each field is a column of its own, which is what zstd likes. A run that would not come out as it went
//! in travels raw; nothing is ever altered.

mod chunk;
mod columns;
mod turn;

use mooring_casefile::{ChangeId, Run};
use mooring_identity::{IdentityError, Reader, Writer};

use crate::ids::read_change;
use crate::limits::{LARGEST_CHANGE, LARGEST_RAW, MOST_CHANGES};
use crate::{RunFault, RunKey};

use columns::COLUMNS;
pub(crate) use columns::Columns;
pub use turn::in_turn;

const VERSION: u8 = 0;

/// A run's place: everything of its header but the last hash, which the compact form works out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) key: RunKey,
    pub(crate) first_seq: u64,
    pub(crate) last_seq: u64,
}

impl Place {
    /// At least this many bytes are left for each place that is announced.
    pub(crate) const BYTES: usize = RunKey::BYTES + 2;

    pub(crate) fn of(run: &Run) -> Self {
        Self {
            key: RunKey::of(run),
            first_seq: run.first_seq,
            last_seq: run.last_seq,
        }
    }

    /// How many changes it announces; none where the numbers make no run.
    pub(crate) fn changes(&self) -> Option<u64> {
        let count = self.last_seq.checked_sub(self.first_seq)?.checked_add(1)?;
        (self.first_seq > 0).then_some(count)
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        self.key.write(out);
        out.varint(self.first_seq).varint(self.last_seq);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            key: RunKey::read(reader)?,
            first_seq: reader.varint()?,
            last_seq: reader.varint()?,
        })
    }
}

/// A run's changes as they travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Body {
    /// Rebuilt by the receiver, the last hash with it.
    Compact(Columns),
    /// As it is: what our own codec would not bring back byte for byte, damaged changes among it. The last hash is as announced.
    Raw(ChangeId, Vec<u8>),
}

impl Body {
    /// Packs a run's changes. The compact form is used only if it was seen to come out again as it went in.
    pub(crate) fn pack(run: &Run) -> Self {
        let compact = columns::pack(run).filter(|columns| {
            columns::unpack(&Place::of(run), columns)
                .is_ok_and(|(changes, last)| changes == run.changes && last == run.last)
        });
        compact.map_or_else(|| Self::Raw(run.last, raw(&run.changes)), Self::Compact)
    }

    /// Unpacks and checks: actor, numbers and hashes are as announced. On a fault the place still says which run it was.
    pub(crate) fn unpack(&self, place: &Place) -> Result<Run, RunFault> {
        if place.changes().is_none() {
            return Err(RunFault::Malformed);
        }
        let (changes, last) = match self {
            Self::Compact(columns) => columns::unpack(place, columns)?,
            Self::Raw(last, bytes) => (unpack_raw(place, *last, bytes)?, *last),
        };
        let Place {
            key,
            first_seq,
            last_seq,
        } = *place;
        let RunKey { case, half, actor } = key;
        Ok(Run {
            case,
            half,
            actor,
            first_seq,
            last_seq,
            last,
            changes,
        })
    }
}

/// Writes many bodies: forms and lengths, then column by column over all of them.
pub(crate) fn write_bodies(bodies: &[Body], out: &mut Writer) {
    for body in bodies {
        match body {
            Body::Compact(columns) => {
                out.u8(0);
                for column in columns {
                    out.varint(column.len() as u64);
                }
            }
            Body::Raw(last, bytes) => {
                out.u8(1).fixed(&last.bytes()).bytes(bytes);
            }
        }
    }
    for at in 0..COLUMNS {
        for body in bodies {
            if let Body::Compact(columns) = body {
                out.fixed(columns.get(at).map_or(&[], Vec::as_slice));
            }
        }
    }
}

/// Reads as many bodies as were announced.
pub(crate) fn read_bodies(
    count: usize,
    reader: &mut Reader<'_>,
) -> Result<Vec<Body>, IdentityError> {
    let shapes = (0..count)
        .map(|_| Shape::read(reader))
        .collect::<Result<Vec<_>, _>>()?;
    let mut bodies: Vec<_> = shapes.iter().map(Shape::empty).collect();
    for at in 0..COLUMNS {
        for (shape, body) in shapes.iter().zip(&mut bodies) {
            let (Shape::Compact(lengths), Body::Compact(columns)) = (shape, body) else {
                continue;
            };
            if let (Some(length), Some(column)) = (lengths.get(at), columns.get_mut(at)) {
                *column = reader.fixed(*length)?.to_vec();
            }
        }
    }
    Ok(bodies)
}

/// What is known of a body before its columns come.
enum Shape {
    Compact([usize; COLUMNS]),
    Raw(ChangeId, Vec<u8>),
}

impl Shape {
    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        match reader.u8()? {
            0 => {
                let mut lengths = [0; COLUMNS];
                for length in &mut lengths {
                    *length = reader.count(LARGEST_RAW, 1)?;
                }
                Ok(Self::Compact(lengths))
            }
            1 => Ok(Self::Raw(
                read_change(reader)?,
                reader.bytes(LARGEST_RAW)?.to_vec(),
            )),
            2..=u8::MAX => Err(IdentityError::Malformed),
        }
    }

    fn empty(&self) -> Body {
        match self {
            Self::Compact(_) => Body::Compact(Columns::default()),
            Self::Raw(last, bytes) => Body::Raw(*last, bytes.clone()),
        }
    }
}

fn raw(changes: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Writer::new();
    out.varint(changes.len() as u64);
    for change in changes {
        out.bytes(change);
    }
    out.finish()
}

fn unpack_raw(place: &Place, last: ChangeId, bytes: &[u8]) -> Result<Vec<Vec<u8>>, RunFault> {
    let mut reader = Reader::new(bytes);
    let count = reader.varint().map_err(fault)?;
    if Some(count) != place.changes() || count > MOST_CHANGES {
        return Err(RunFault::Malformed);
    }
    let mut changes = Vec::new();
    let mut hash = None;
    for seq in place.first_seq..=place.last_seq {
        let change = reader.bytes(LARGEST_CHANGE).map_err(fault)?;
        let (parts, id) = chunk::parse(change).ok_or(RunFault::Malformed)?;
        if parts.actor != place.key.actor.bytes() || parts.seq != seq {
            return Err(RunFault::Malformed);
        }
        hash = Some(id);
        changes.push(change.to_vec());
    }
    reader.finish().map_err(fault)?;
    if hash == Some(last) {
        Ok(changes)
    } else {
        Err(RunFault::Malformed)
    }
}

pub(crate) const fn fault(error: IdentityError) -> RunFault {
    match error {
        IdentityError::TooLarge => RunFault::TooLarge,
        IdentityError::Malformed
        | IdentityError::TooNew
        | IdentityError::Forged
        | IdentityError::WrongAddressee
        | IdentityError::Sealed => RunFault::Malformed,
    }
}

/// One run as bytes of its own, for a ledger's row or a bundle.
pub fn encode_run(run: &Run) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION);
    Place::of(run).write(&mut out);
    write_bodies(&[Body::pack(run)], &mut out);
    out.finish()
}

/// What [`encode_run`] made: checked, not yet guarded.
pub fn decode_run(bytes: &[u8]) -> Result<Run, IdentityError> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let place = Place::read(&mut reader)?;
    let bodies = read_bodies(1, &mut reader)?;
    reader.finish()?;
    let body = bodies.first().ok_or(IdentityError::Malformed)?;
    body.unpack(&place).map_err(|fault| match fault {
        RunFault::TooLarge => IdentityError::TooLarge,
        RunFault::Malformed | RunFault::ForeignHalf => IdentityError::Malformed,
    })
}

/// The hash of one change chunk; none if it is none.
pub(crate) fn chunk_id(change: &[u8]) -> Option<ChangeId> {
    chunk::parse(change).map(|(_, id)| id)
}

/// Whether each change of a run names the one before it: then the last hash speaks for all of them.
pub(crate) fn names_all_before(run: &Run) -> bool {
    let mut before: Option<ChangeId> = None;
    for change in &run.changes {
        let Some((parts, id)) = chunk::parse(change) else {
            return false;
        };
        let (deps, _) = parts.deps.as_chunks::<32>();
        if before.is_some_and(|before| !deps.contains(&before.bytes())) {
            return false;
        }
        before = Some(id);
    }
    before == Some(run.last)
}
