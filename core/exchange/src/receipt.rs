//! HQ's signed statement of what it holds durably of one push.

use mooring_casefile::{ChangeId, DeviceId};
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

use crate::ids::read_device;
use crate::limits::MOST_RUNS;
use crate::{RunKey, RunMark};

/// What was wrong with one run of a push. The others were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunFault {
    /// It is not what its header says, or no run of changes at all.
    Malformed,
    /// A change beyond the cap.
    TooLarge,
    /// A device may write field halves only.
    ForeignHalf,
}

impl RunFault {
    /// The stable code, for logs and the help desk.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "run.malformed",
            Self::TooLarge => "run.too_large",
            Self::ForeignHalf => "run.foreign_half",
        }
    }
}

/// A run that HQ did not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedRun {
    /// Whose changes of what, as announced.
    pub key: RunKey,
    /// Its first sequence number, as announced.
    pub first_seq: u64,
    /// Its last sequence number, as announced.
    pub last_seq: u64,
    /// Why.
    pub fault: RunFault,
}

/// HQ's statement, signed when the push was appended and stored with it: the same push gets the same receipt again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The agency.
    pub agency: AgencyId,
    /// Whose push.
    pub device: DeviceId,
    /// Its epoch.
    pub epoch: u32,
    /// Its number.
    pub dev_seq: u64,
    /// Its hash.
    pub push: [u8; 32],
    /// When HQ had it on disk, by HQ's clock.
    pub received_ms: i64,
    /// For each case, half and actor, what HQ holds.
    pub marks: Vec<RunMark>,
    /// What HQ did not take.
    pub refused: Vec<RefusedRun>,
}

impl Receipt {
    /// The hash that HQ says it holds for this key and number, if it says so.
    pub fn covers(&self, key: &RunKey, seq: u64) -> Option<ChangeId> {
        self.marks
            .iter()
            .find(|mark| mark.key == *key && mark.last_seq >= seq)
            .map(|mark| mark.last)
    }
}

impl Statement for Receipt {
    const DOMAIN: Domain = Domain::Receipt;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .u32(self.epoch)
            .u64(self.dev_seq);
        out.fixed(&self.push).i64(self.received_ms);
        out.varint(self.marks.len() as u64);
        for mark in &self.marks {
            mark.write(out);
        }
        out.varint(self.refused.len() as u64);
        for run in &self.refused {
            run.key.write(out);
            out.varint(run.first_seq)
                .varint(run.last_seq)
                .u8(match run.fault {
                    RunFault::Malformed => 0,
                    RunFault::TooLarge => 1,
                    RunFault::ForeignHalf => 2,
                });
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let (agency, device) = (AgencyId(reader.array()?), read_device(reader)?);
        let (epoch, dev_seq) = (reader.u32()?, reader.u64()?);
        let (push, received_ms) = (reader.array()?, reader.i64()?);
        let marks = reader.count(MOST_RUNS, RunMark::BYTES)?;
        let marks = (0..marks)
            .map(|_| RunMark::read(reader))
            .collect::<Result<_, _>>()?;
        let refused = reader.count(MOST_RUNS, RunKey::BYTES + 3)?;
        let refused = (0..refused)
            .map(|_| read_refused(reader))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            agency,
            device,
            epoch,
            dev_seq,
            push,
            received_ms,
            marks,
            refused,
        })
    }
}

fn read_refused(reader: &mut Reader<'_>) -> Result<RefusedRun, IdentityError> {
    let key = RunKey::read(reader)?;
    let (first_seq, last_seq) = (reader.varint()?, reader.varint()?);
    let fault = match reader.u8()? {
        0 => RunFault::Malformed,
        1 => RunFault::TooLarge,
        2 => RunFault::ForeignHalf,
        3..=u8::MAX => return Err(IdentityError::Malformed),
    };
    Ok(RefusedRun {
        key,
        first_seq,
        last_seq,
        fault,
    })
}
