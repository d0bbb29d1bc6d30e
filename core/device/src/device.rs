//! One phone: its vault, open or locked, and who is using it. Every verb is a method in a file of its own.

use crate::case::{OpenCase, Shelf};
use crate::enrol::Joining;
use crate::error::{Error, Result};
use crate::exchange::Running;
use crate::lease::LeaseClock;
use crate::me::Me;
use crate::seams::Seams;
use crate::vault::Vault;
use mooring_casefile::{Actor, CaseId, Now, RecordId, Writer};
use mooring_identity::SigningKey;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A phone. Dropping it locks it.
pub struct Device {
    pub(crate) dir: PathBuf,
    pub(crate) seams: Seams,
    /// New at every process start and kept across locks: a phone restored from a backup can't reuse its numbers.
    pub(crate) actor: Actor,
    pub(crate) open: Option<Open>,
    /// Since when a call runs that this app started: it does not lock meanwhile.
    pub(crate) calling_since_ms: Option<u64>,
    /// Kept across locks: what it names stays readable when the lease is over.
    pub(crate) visit: Visit,
}

/// What this process's person is at, by ids alone.
#[derive(Default)]
pub(crate) struct Visit {
    /// Cases that were read or begun.
    pub(crate) cases: BTreeSet<CaseId>,
    /// Until when, by which start's clock, the glass is broken for a case.
    pub(crate) glass: BTreeMap<CaseId, ([u8; 16], u64)>,
}

/// What is in memory while the vault is open, and gone once it is locked.
pub(crate) struct Open {
    pub(crate) vault: Vault,
    pub(crate) key: SigningKey,
    pub(crate) me: Me,
    pub(crate) shelf: Shelf,
    pub(crate) cases: BTreeMap<CaseId, OpenCase>,
    pub(crate) touched_ms: u64,
    /// The last time that came in.
    pub(crate) now: Now,
    pub(crate) actor: Actor,
    pub(crate) joining: Option<Joining>,
    pub(crate) running: Option<Running>,
    /// Whether HQ's marks were compared since the vault was opened.
    pub(crate) checked_marks: bool,
    /// The vault is older than what this phone has seen, and HQ has not said yet what it has.
    pub(crate) restored: bool,
    /// None until HQ has given one: then everything is readable.
    pub(crate) lease: Option<LeaseClock>,
    pub(crate) visit: Visit,
    /// HQ has ordered that this vault be destroyed.
    pub(crate) wipe_ordered: bool,
}

/// Whether the vault is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The PIN is needed.
    Locked,
    /// Open; this phone has not joined an agency yet.
    OpenNotEnrolled,
    /// Open and enrolled.
    Open,
}

impl Device {
    /// Whether the vault is open.
    pub fn state(&self) -> State {
        match &self.open {
            None => State::Locked,
            Some(open) if open.me.enrolment.is_none() => State::OpenNotEnrolled,
            Some(_) => State::Open,
        }
    }

    /// Whether the open vault is older than what this phone has seen, and HQ has not said yet what it has. Say so on the screen: until
    /// the next whole exchange, what was captured since that older state may be missing here.
    pub fn restored(&self) -> Result<bool> {
        Ok(self.open.as_ref().ok_or(Error::Locked)?.restored)
    }

    /// The open vault; asking for it is what "touched" means for the auto-lock.
    pub(crate) fn opened(&mut self, now: Now) -> Result<(&mut Open, &mut Seams)> {
        let open = self.open.as_mut().ok_or(Error::Locked)?;
        open.touched_ms = now.uptime_ms;
        open.now = now;
        Ok((open, &mut self.seams))
    }
}

impl Device {
    /// The open vault, for what a phone does by itself: an exchange in the background is no touch.
    pub(crate) fn opened_unattended(&mut self) -> Result<(&mut Open, &mut Seams)> {
        let open = self.open.as_mut().ok_or(Error::Locked)?;
        Ok((open, &mut self.seams))
    }
}

impl Open {
    pub(crate) fn writer(&self) -> Writer {
        Writer {
            actor: self.actor,
            who: self.me.attribution,
        }
    }
}

impl Seams {
    /// A fresh id for a record.
    pub(crate) fn record_id(&mut self, now: Now) -> RecordId {
        RecordId::derive(now.wall_ms, self.ten())
    }

    /// The chance of one UUIDv7.
    pub(crate) fn ten(&mut self) -> [u8; 10] {
        let mut chance = [0; 10];
        self.random.fill(&mut chance);
        chance
    }
}
