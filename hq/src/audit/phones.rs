//! Phones' own audits: kept as they come, joined into HQ's chain, and whatever does not hang together is written down and kept beside.
//!
//! A phone that was restored, or two that run on one vault, send a history that parts from what they sent before. Neither history
//! is thrown away: each goes on as a branch of its own.

use std::fmt;

use mooring_casefile::{DeviceId, Now};
use mooring_exchange::{AUDIT_BEGINS, AuditActs, AuditMark};

use crate::hex::{hex, parse_hash};
use crate::ledger::{Audit, Hash, LedgerError, PhoneAct};
use crate::office::Office;

/// The verb under which a stretch of a phone's audit stands in HQ's chain.
pub(super) const JOINED: &str = "phone-audit";

/// What HQ notices about a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noticed {
    /// Rows before it never came.
    Gap,
    /// It parts from what came before.
    Fork,
    /// A row is not the one that the phone hashed when it wrote it.
    Altered,
}

impl Noticed {
    const fn word(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Fork => "fork",
            Self::Altered => "altered",
        }
    }
}

/// Where a stretch goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    branch: i64,
    /// The first position that is new.
    from: u64,
    noticed: Option<Noticed>,
}

/// What a row of HQ's chain says about a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) branch: i64,
    pub(super) first: u64,
    pub(super) last: u64,
    /// The hash before the first row, and that of the last.
    pub(super) before: Hash,
    pub(super) head: Hash,
}

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, head) = (hex(&self.before), hex(&self.head));
        write!(
            f,
            "{} {} {} {before} {head}",
            self.branch, self.first, self.last
        )
    }
}

impl Joined {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let joined = Self {
            branch: parts.next()?.parse().ok()?,
            first: parts.next()?.parse().ok()?,
            last: parts.next()?.parse().ok()?,
            before: parse_hash(parts.next()?)?,
            head: parse_hash(parts.next()?)?,
        };
        parts.next().is_none().then_some(joined)
    }
}

impl Office {
    /// Keeps what is new of a stretch, and joins it. The phone is told that HQ holds it whatever was noticed: it has no other rows.
    pub(crate) fn keep_phone_audit(
        &self,
        device: DeviceId,
        acts: &AuditActs,
        now: Now,
    ) -> Result<AuditMark, LedgerError> {
        let place = self.place(device, acts)?;
        let all = chained(device, place.branch, acts);
        let altered = all.last().is_some_and(|last| last.hash != acts.head);
        let before = all.iter().rfind(|act| act.position < place.from);
        let before = before.map_or(acts.before, |act| act.hash);
        let new: Vec<_> = all
            .into_iter()
            .filter(|act| act.position >= place.from)
            .collect();
        let Some(last) = new.last() else {
            return Ok(acts.mark());
        };
        let joined = Joined {
            branch: place.branch,
            first: place.from,
            last: last.position,
            before,
            head: last.hash,
        };
        let noticed = altered.then_some(Noticed::Altered).or(place.noticed);
        let row = self.ledger.keep_phone_acts(
            &new,
            &Audit {
                at_ms: now.wall_ms,
                verb: JOINED.to_owned(),
                device: Some(device),
                code: noticed.map(|noticed| noticed.word().to_owned()),
                detail: Some(joined.to_string()),
                ..Audit::default()
            },
        )?;
        if let Some(noticed) = noticed {
            tracing::warn!(code = noticed.word(), %device, "a phone's audit does not hang together");
        }
        self.sign_in_turn(&row)?;
        Ok(acts.mark())
    }

    fn place(&self, device: DeviceId, acts: &AuditActs) -> Result<Place, LedgerError> {
        let Some(tip) = self.ledger.phone_tip(device)? else {
            let whole = acts.first == 1 && acts.before == AUDIT_BEGINS;
            return Ok(Place {
                branch: 0,
                from: acts.first,
                noticed: (!whole).then_some(Noticed::Gap),
            });
        };
        let beside = |from, noticed| Place {
            branch: tip.branch + 1,
            from,
            noticed: Some(noticed),
        };
        let next = tip.position.saturating_add(1);
        if acts.first > next {
            return Ok(beside(acts.first, Noticed::Gap));
        }
        if acts.first == next && acts.before != tip.hash {
            return Ok(beside(next, Noticed::Fork));
        }
        for act in chained(device, tip.branch, acts) {
            if act.position >= next {
                break;
            }
            let held = self.ledger.phone_act(device, tip.branch, act.position)?;
            if held.is_none_or(|held| held.hash != act.hash) {
                return Ok(beside(act.position, Noticed::Fork));
            }
        }
        Ok(Place {
            branch: tip.branch,
            from: next,
            noticed: None,
        })
    }
}

/// The rows with the hashes that follow from what they say.
fn chained(device: DeviceId, branch: i64, acts: &AuditActs) -> Vec<PhoneAct> {
    let mut before = acts.before;
    let with_hash = |(position, act): (u64, &mooring_exchange::AuditAct)| {
        before = act.hash(position, &before);
        PhoneAct {
            device,
            branch,
            position,
            act: *act,
            hash: before,
        }
    };
    (acts.first..).zip(&acts.acts).map(with_hash).collect()
}
