//! The lease: how long this phone may read without HQ. Over, or with a clock in doubt, it captures and shows this visit, no more.
//!
//! Time is counted by the clock since the phone started, which nobody can set; over a restart by the wall clock as well, and whichever
//! counts more counts. So a clock that is set back wins at most the time that the phone was off.

use crate::device::{Device, Open};
use crate::error::{Error, Forbidden, Result};
use crate::vault::sql::facts::{self, Fact};
use crate::vault::sql::unsent;
use mooring_casefile::{CaseId, Now};
use mooring_exchange::Access;
use mooring_identity::{IdentityError, Lease, Reader, Signed, Writer};

const VERSION: u8 = 0;
const LARGEST: usize = 4096;
/// A wall clock that was put right by a few minutes is in no doubt.
const TOLERANCE_MS: i64 = 10 * 60_000;

/// What may be read now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything that is on this phone.
    Reads,
    /// The guides, new cases and this visit: the lease is over.
    LeaseOver,
    /// The same: the clock was set back.
    ClockInDoubt,
}

/// A lease, and how much of it was used up when the phone last noted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeaseClock {
    signed: Vec<u8>,
    holds_ms: u64,
    made_ms: i64,
    used_ms: u64,
    noted: Now,
}

impl LeaseClock {
    /// A lease that came just now.
    pub(crate) fn begin(lease: &Signed<Lease>, now: Now) -> Self {
        Self {
            signed: lease.bytes().to_vec(),
            holds_ms: lease.statement().holds_ms,
            made_ms: lease.statement().made_ms,
            used_ms: 0,
            noted: now,
        }
    }

    pub(crate) const fn made_ms(&self) -> i64 {
        self.made_ms
    }

    fn used_ms(&self, now: Now) -> u64 {
        let wall = now.wall_ms.saturating_sub(self.noted.wall_ms);
        let since = if now.boot_id == self.noted.boot_id {
            now.uptime_ms.saturating_sub(self.noted.uptime_ms)
        } else {
            now.uptime_ms.max(u64::try_from(wall).unwrap_or(0))
        };
        self.used_ms.saturating_add(since)
    }

    pub(crate) fn standing(&self, now: Now) -> Standing {
        let set_back = now.boot_id != self.noted.boot_id
            && now.wall_ms < self.noted.wall_ms.saturating_sub(TOLERANCE_MS);
        if self.used_ms(now) >= self.holds_ms {
            Standing::LeaseOver
        } else if set_back {
            Standing::ClockInDoubt
        } else {
            Standing::Reads
        }
    }

    /// The same, noted now. In doubt nothing is noted, so that the doubt stays until HQ's next word.
    fn noted(&self, now: Now) -> Option<Self> {
        (self.standing(now) != Standing::ClockInDoubt).then(|| Self {
            used_ms: self.used_ms(now),
            noted: now,
            ..self.clone()
        })
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .bytes(&self.signed)
            .i64(self.made_ms)
            .u64(self.holds_ms)
            .u64(self.used_ms)
            .i64(self.noted.wall_ms)
            .u64(self.noted.uptime_ms)
            .fixed(&self.noted.boot_id);
        out.finish()
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let signed = reader.bytes(LARGEST)?.to_vec();
        let (made_ms, holds_ms, used_ms) = (reader.i64()?, reader.u64()?, reader.u64()?);
        let noted = Now {
            wall_ms: reader.i64()?,
            uptime_ms: reader.u64()?,
            boot_id: reader.array()?,
        };
        reader.finish()?;
        Ok(Self {
            signed,
            holds_ms,
            made_ms,
            used_ms,
            noted,
        })
    }
}

impl Device {
    /// What may be read now. A phone to which HQ has given no lease yet reads everything.
    pub fn standing(&self, now: Now) -> Result<Standing> {
        Ok(self.open.as_ref().ok_or(Error::Locked)?.standing(now))
    }
}

impl Open {
    pub(crate) fn standing(&self, now: Now) -> Standing {
        self.lease
            .as_ref()
            .map_or(Standing::Reads, |lease| lease.standing(now))
    }

    /// Whether this case may be read: one held in full while the lease holds, and this visit's whatever became of it; one in standby
    /// while its glass is broken.
    pub(crate) fn may_read(&mut self, case: CaseId, now: Now) -> Result<()> {
        match self.access(case)? {
            Access::Open => {}
            Access::Standby if self.is_broken(case, now) => return Ok(()),
            Access::Standby => return Err(Error::Forbidden(Forbidden::Standby)),
            Access::Ended | Access::Shredded => return Err(Error::Forbidden(Forbidden::Ended)),
        }
        if self.standing(now) == Standing::Reads {
            self.visit.cases.insert(case);
            return Ok(());
        }
        if self.is_of_this_visit(case, now)? {
            Ok(())
        } else {
            Err(Error::Forbidden(Forbidden::NeedsLease))
        }
    }

    /// What was read or begun by this process, what HQ does not have yet, and what the glass was broken for.
    pub(crate) fn is_of_this_visit(&mut self, case: CaseId, now: Now) -> Result<bool> {
        if self.is_broken(case, now) || self.visit.cases.contains(&case) {
            return Ok(true);
        }
        self.vault
            .look(|connection| Ok(unsent::any(connection, case)?))
    }

    /// Notes how much of the lease is used up. On a full disk the older note stands, and counts on from there.
    pub(crate) fn note_lease(&mut self, now: Now) {
        let noted = self.lease.as_ref().and_then(|lease| lease.noted(now));
        if let Some(noted) = noted {
            let bytes = noted.encode();
            let _ = self
                .vault
                .write(now, |tx| Ok(facts::put(tx, Fact::Lease, &bytes)?));
            self.lease = Some(noted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * 60_000;

    fn at(boot: u8, uptime_h: u64, wall_h: i64) -> Now {
        Now {
            wall_ms: wall_h * HOUR_MS,
            uptime_ms: uptime_h * HOUR_MS.unsigned_abs(),
            boot_id: [boot; 16],
        }
    }

    fn lease() -> LeaseClock {
        LeaseClock {
            signed: vec![1],
            holds_ms: Lease::USUAL_MS,
            made_ms: 2,
            used_ms: 0,
            noted: at(1, 10, 1_000),
        }
    }

    #[track_caller]
    fn check(now: Now, expected: Standing) {
        assert_eq!(lease().standing(now), expected);
    }

    #[test]
    fn it_holds_for_72_hours_of_the_clock_that_nobody_can_set() {
        check(at(1, 81, 1_071), Standing::Reads);
        check(at(1, 82, 1_072), Standing::LeaseOver);
    }

    #[test]
    fn a_wall_clock_moved_by_years_neither_ends_nor_extends_it_while_the_phone_runs() {
        check(at(1, 11, 90_000), Standing::Reads);
        check(at(1, 82, -90_000), Standing::LeaseOver);
    }

    #[test]
    fn over_a_restart_whichever_clock_counts_more_counts() {
        check(at(2, 1, 1_071), Standing::Reads);
        check(at(2, 1, 1_072), Standing::LeaseOver);
        check(at(2, 72, 1_001), Standing::LeaseOver);
        check(at(2, 1, 90_000), Standing::LeaseOver);
    }

    #[test]
    fn a_clock_set_back_over_a_restart_is_in_doubt_and_stays_so() {
        check(at(2, 1, 999), Standing::ClockInDoubt);
        assert_eq!(lease().noted(at(2, 1, 999)), None);
    }

    #[test]
    fn what_was_used_up_stays_used_up_however_the_clock_is_set_after_a_note() {
        let noted = lease().noted(at(1, 60, 1_050)).unwrap();
        let noted = noted.noted(at(2, 10, 1_051)).unwrap();
        assert_eq!(noted.standing(at(3, 11, 1_051)), Standing::Reads);
        assert_eq!(noted.standing(at(3, 12, 1_051)), Standing::LeaseOver);
    }

    #[test]
    fn a_lease_of_version_0_is_still_read() {
        let golden = include_bytes!("vault/tests/golden/lease-clock.v0.bin");
        assert_eq!(LeaseClock::parse(golden), Ok(lease()));
        assert_eq!(lease().encode(), golden);
        let mut later = golden.to_vec();
        later[0] = 1;
        assert_eq!(LeaseClock::parse(&later), Err(IdentityError::TooNew));
    }
}
