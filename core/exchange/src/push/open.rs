//! Opening a push at HQ: one signature, then each run for itself. What is wrong with one run says nothing of the others.

use mooring_casefile::{DeviceId, Half, Run};
use mooring_identity::{AgencyId, IdentityError, Reader, Signed, Verifies, derive_salt};

use crate::limits::{LARGEST_PUSH, LARGEST_RAW, LARGEST_STATEMENT, MOST_CHANGES, MOST_RUNS};
use crate::run::{Body, Place, read_bodies};
use crate::squeeze::unsqueeze;
use crate::{RefusedRun, RunFault};

use super::{PushHeader, RunHeader, VERSION, tree};

/// A push whose signature and Merkle root hold.
#[derive(Debug, Clone)]
pub struct OpenedPush {
    /// Header and signature: HQ keeps them as evidence.
    pub header: Signed<PushHeader>,
    /// The runs that are what they say.
    pub runs: Vec<ArrivedRun>,
    /// Those that are not, or that a device may not write.
    pub refused: Vec<RefusedRun>,
}

/// One run of a push. With its salt and a Merkle path it can be proved later without telling of the others.
#[derive(Debug, Clone)]
pub struct ArrivedRun {
    /// Which leaf of the push.
    pub index: u64,
    /// That leaf's salt.
    pub salt: [u8; 32],
    /// What the leaf says.
    pub header: RunHeader,
    /// The changes: checked against the header, **not yet guarded**.
    pub run: Run,
}

/// Opens a push of this device. An error is about the push as a whole.
pub fn open_push(
    bytes: &[u8],
    agency: AgencyId,
    device: DeviceId,
    key: &dyn Verifies,
) -> Result<OpenedPush, IdentityError> {
    if bytes.len() > LARGEST_PUSH {
        return Err(IdentityError::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let header = Signed::<PushHeader>::open(reader.bytes(LARGEST_STATEMENT)?, key)?;
    let said = header.statement();
    if said.agency != agency || said.device != device {
        return Err(IdentityError::WrongAddressee);
    }
    let salt: [u8; 32] = reader.array()?;
    let length = reader.varint()?;
    let raw = unsqueeze(reader.rest(), length, LARGEST_RAW)?;
    let parts = split(&raw)?;
    let opened: Vec<_> = parts
        .into_iter()
        .map(|(place, body)| (place, open_run(&place, &body)))
        .collect();
    let headers = opened
        .iter()
        .map(|(place, opened)| opened.header(place))
        .collect::<Result<Vec<_>, _>>()?;
    if said.runs as usize != headers.len()
        || said.root != tree(&salt, headers.iter().copied()).root()
    {
        return Err(IdentityError::Forged);
    }
    let (mut runs, mut refused) = (Vec::new(), Vec::new());
    for ((index, header), (place, opened)) in (0_u64..).zip(headers).zip(opened) {
        match opened.run {
            Ok(run) => runs.push(ArrivedRun {
                index,
                salt: derive_salt(&salt, index),
                header,
                run,
            }),
            Err(fault) => refused.push(refuse(&place, fault)),
        }
    }
    Ok(OpenedPush {
        header,
        runs,
        refused,
    })
}

fn refuse(place: &Place, fault: RunFault) -> RefusedRun {
    RefusedRun {
        key: place.key,
        first_seq: place.first_seq,
        last_seq: place.last_seq,
        fault,
    }
}

fn split(raw: &[u8]) -> Result<Vec<(Place, Body)>, IdentityError> {
    let mut reader = Reader::new(raw);
    let count = reader.count(MOST_RUNS, Place::BYTES)?;
    let places = (0..count)
        .map(|_| Place::read(&mut reader))
        .collect::<Result<Vec<_>, _>>()?;
    let bodies = read_bodies(count, &mut reader)?;
    reader.finish()?;
    let parts: Vec<_> = places.into_iter().zip(bodies).collect();
    // A compact change of a few bytes is rebuilt to a hundred: their number is capped over the whole push.
    let rebuilt = parts
        .iter()
        .filter(|(_, body)| matches!(body, Body::Compact(_)));
    let changes = rebuilt.fold(0_u64, |sum, (place, _)| {
        sum.saturating_add(place.changes().unwrap_or(0))
    });
    if changes > MOST_CHANGES {
        Err(IdentityError::TooLarge)
    } else {
        Ok(parts)
    }
}

/// A run that was opened, and the last hash that its leaf was made with.
struct Opened {
    run: Result<Run, RunFault>,
    last: Option<mooring_casefile::ChangeId>,
}

impl Opened {
    /// A compact run that could not be rebuilt leaves its leaf, and so the signature, unproved: only a sender that breaks the format
    /// makes one, since what cannot be rebuilt travels raw.
    fn header(&self, place: &Place) -> Result<RunHeader, IdentityError> {
        self.last
            .map(|last| RunHeader::at(place, last))
            .ok_or(IdentityError::Malformed)
    }
}

fn open_run(place: &Place, body: &Body) -> Opened {
    let run = body.unpack(place);
    let last = match (&run, body) {
        (_, Body::Raw(last, _)) => Some(*last),
        (Ok(run), Body::Compact(_)) => Some(run.last),
        (Err(_), Body::Compact(_)) => None,
    };
    // Two halves are the permission model: whatever a phone sends, it cannot forge a review.
    let own_half = run.and_then(|run| {
        if run.half == Half::Field {
            Ok(run)
        } else {
            Err(RunFault::ForeignHalf)
        }
    });
    Opened {
        run: own_half,
        last,
    }
}
