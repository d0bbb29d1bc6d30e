//! A pulled page: its entries, what they change in the cases, and the new cursor, all in one transaction.

use super::arrive::{Holds, Source, arrive};
use super::exchanged::Tally;
use super::progress::Progress;
use super::receipt;
use crate::case::shelf_row;
use crate::device::Open;
use crate::error::Result;
use crate::lease::LeaseClock;
use crate::me::{self, Enrolment};
use crate::seams::Seams;
use crate::vault::Halt;
use crate::vault::sql::facts::{self, Fact};
use crate::vault::sql::protocols::{self, Origin, ProtocolRow};
use crate::vault::sql::{assignments, proofs, unread};
use mooring_casefile::{Attribution, CaseId, DeviceId, Now, Run};
use mooring_exchange::{
    Access, Assignment, Entry, MarkState, Page, ProvedRun, RunKey, RunMark, proved_runs,
};
use mooring_identity::{Directory, KeySet, Lease, Order, Ordered, SealingKeys, Signed};
use mooring_protocol::Protocol;
use rusqlite::Transaction;
use std::collections::BTreeMap;

/// Stores a page. What can't be merged yet, or at all, is kept; nothing in a page can hold up the rest of it.
pub(super) fn store(
    open: &mut Open,
    page: &Page,
    tally: &mut Tally,
    seams: &mut Seams,
    now: Now,
) -> Result<()> {
    let mut plan = Plan {
        sealing_keys: open.stored_sealing_keys()?,
        ..Plan::default()
    };
    for entry in &page.entries {
        plan.sort(entry.cursor, &entry.entry, open, now);
    }
    // Names and protocols first: what the cases derive from them goes into their rows.
    if !plan.fresh.is_empty() {
        // What is in memory was derived without them.
        open.cases.clear();
    }
    for protocol in std::mem::take(&mut plan.fresh) {
        open.shelf.put(protocol, Origin::Hq, now.wall_ms);
    }
    let proved = open.proved(page);
    let own = own_runs(page, open.me.attribution.device);
    let mut arrived = Vec::new();
    for (case, runs) in plan.runs_by_case() {
        let holds = plan.holds(case, open)?;
        if holds.access != Access::Shredded {
            arrived.push(arrive(open, case, runs, holds, seams, now)?);
        }
    }
    let mut progress = Progress::load(&mut open.vault)?;
    progress.cursor = page.until;
    open.vault.write(now, |tx| {
        plan.store(tx)?;
        for case in &arrived {
            case.store(tx, now)?;
        }
        for one in &own {
            receipt::holds(tx, one, now)?;
        }
        for one in &proved {
            proofs::from_hq(tx, &one.header, &one.proof.encode())?;
        }
        facts::forget(tx, Fact::PagePart)?;
        Ok(progress.store(tx)?)
    })?;
    let new_keys = plan.sealing_keys.is_some() || plan.key_set.is_some();
    plan.take_over(open);
    if new_keys {
        open.use_new_keys(seams, now);
    }
    for case in arrived {
        case.count(tally);
        case.put_back(open);
    }
    tally.dropped.extend(open.drop_over(now)?);
    Ok(())
}

/// This phone's own runs, as HQ has them. One that came back from a backup gets them so.
fn own_runs(page: &Page, me: DeviceId) -> Vec<RunMark> {
    let runs = page.entries.iter().filter_map(|entry| match &entry.entry {
        Entry::Run { who, run } if who.device == me => Some(run),
        Entry::Run { .. }
        | Entry::Directory(_)
        | Entry::KeySet(_)
        | Entry::SealingKeys(_)
        | Entry::Lease(_)
        | Entry::Order(_)
        | Entry::Assignment(_)
        | Entry::Protocol { .. }
        | Entry::Proof(_)
        | Entry::Unreadable { .. } => None,
    });
    let mark = |run: &Run| RunMark {
        key: RunKey::of(run),
        last_seq: run.last_seq,
        last: run.last,
        state: MarkState::Merged,
    };
    runs.map(mark).collect()
}

impl Open {
    /// HQ's word for the runs that others wrote: with it this phone can prove them to a partner.
    fn proved(&self, page: &Page) -> Vec<ProvedRun> {
        let me = self.me.attribution.device;
        let Some(enrolment) = &self.me.enrolment else {
            return Vec::new();
        };
        let mut proved = proved_runs(page, enrolment.agency, &enrolment.key_set);
        proved.retain(|one| one.who.device != me);
        proved
    }
}

/// What a page holds, by what is done with it.
#[derive(Default)]
struct Plan {
    runs: BTreeMap<CaseId, Vec<(Run, Attribution)>>,
    directory: Option<(Directory, Vec<u8>)>,
    key_set: Option<(KeySet, Vec<u8>)>,
    sealing_keys: Option<(SealingKeys, Vec<u8>)>,
    lease: Option<LeaseClock>,
    /// The only order that there is: to wipe.
    order: Option<Vec<u8>>,
    assignments: Vec<(Assignment, Vec<u8>)>,
    fresh: Vec<Protocol>,
    protocols: Vec<ProtocolRow>,
    unread: Vec<(u64, u8, Vec<u8>)>,
}

impl Plan {
    /// What arrived for each case. One that was held before in standby and is given in full now has something to take in as well: its
    /// advice, which counted as delivered to nobody.
    fn runs_by_case(&mut self) -> BTreeMap<CaseId, Vec<(Run, Attribution)>> {
        let mut runs = std::mem::take(&mut self.runs);
        for (assignment, _) in &self.assignments {
            runs.entry(assignment.case).or_default();
        }
        runs
    }

    /// How this phone holds a case once this page is stored.
    fn holds(&self, case: CaseId, open: &mut Open) -> Result<Holds> {
        let before = open.access(case)?;
        let of_case = |(one, _): &&(Assignment, Vec<u8>)| one.case == case;
        let last = self.assignments.iter().rev().find(of_case);
        let access = last.map_or(before, |(one, _)| one.access);
        Ok(Holds {
            source: Source::Hq,
            access: if before == Access::Shredded {
                before
            } else {
                access
            },
            given_now: before != Access::Open && access == Access::Open,
        })
    }

    /// A statement whose own signature does not hold is left out: the page's signature says only that HQ sent it.
    fn sort(&mut self, cursor: u64, entry: &Entry, open: &Open, now: Now) {
        let Some(enrolment) = &open.me.enrolment else {
            return;
        };
        // What comes after new keys in HQ's order may be signed with one of them.
        let hq = self
            .key_set
            .as_ref()
            .map_or(&enrolment.key_set, |(set, _)| set)
            .clone();
        let hq = &hq;
        match entry {
            Entry::Run { who, run } => self
                .runs
                .entry(run.case)
                .or_default()
                .push((run.clone(), *who)),
            Entry::Directory(bytes) => {
                self.directory = newer_directory(bytes, enrolment, hq).or(self.directory.take());
            }
            Entry::KeySet(bytes) => {
                self.key_set = newer_key_set(bytes, enrolment, hq).or(self.key_set.take());
            }
            Entry::SealingKeys(bytes) => {
                let newer = newer_sealing_keys(bytes, enrolment, self.sealing_keys.as_ref());
                self.sealing_keys = newer.or(self.sealing_keys.take());
            }
            Entry::Lease(bytes) => {
                let known = self.lease.as_ref().or(open.lease.as_ref());
                self.lease = newer_lease(bytes, (enrolment, hq), known, now).or(self.lease.take());
            }
            Entry::Order(bytes) => {
                self.order = own_order(bytes, enrolment, hq).or(self.order.take());
            }
            Entry::Assignment(bytes) => self
                .assignments
                .extend(own_assignment(bytes, enrolment, hq)),
            Entry::Protocol {
                questionnaire,
                rules,
            } => match Protocol::parse(questionnaire, rules.as_deref()) {
                Ok(protocol) => {
                    self.protocols.push(shelf_row(&protocol, Origin::Hq, now));
                    self.fresh.push(protocol);
                }
                Err(_) => self
                    .unread
                    .push((cursor, UNREAD_PROTOCOL, questionnaire.clone())),
            },
            // It is about the other entries, and is read with all of them at hand.
            Entry::Proof(_) => {}
            Entry::Unreadable { kind, bytes } => self.unread.push((cursor, *kind, bytes.clone())),
        }
    }

    fn store(&self, tx: &Transaction<'_>) -> Result<(), Halt> {
        if let Some((_, bytes)) = &self.directory {
            facts::put(tx, Fact::Directory, bytes)?;
        }
        if let Some((_, bytes)) = &self.key_set {
            me::put_key_set(tx, bytes)?;
        }
        if let Some((_, bytes)) = &self.sealing_keys {
            facts::put(tx, Fact::SealingKeys, bytes)?;
        }
        if let Some(lease) = &self.lease {
            facts::put(tx, Fact::Lease, &lease.encode())?;
        }
        if let Some(bytes) = &self.order {
            facts::put(tx, Fact::Order, bytes)?;
        }
        for (assignment, bytes) in &self.assignments {
            assignments::put(
                tx,
                assignment.case,
                assignment.access,
                assignment.made_ms,
                bytes,
            )?;
        }
        for protocol in &self.protocols {
            protocols::put(tx, protocol)?;
            protocols::is_at_hq(tx, protocol.hash)?;
        }
        for (cursor, kind, bytes) in &self.unread {
            unread::put(tx, *cursor, *kind, bytes)?;
        }
        Ok(())
    }

    /// On disk: in memory from now on.
    fn take_over(self, open: &mut Open) {
        open.lease = self.lease.or(open.lease.take());
        open.wipe_ordered |= self.order.is_some();
        let Some(enrolment) = &mut open.me.enrolment else {
            return;
        };
        if let Some((directory, _)) = self.directory {
            open.shelf.know(&directory);
            enrolment.directory = directory;
        }
        if let Some((key_set, _)) = self.key_set {
            enrolment.key_set = key_set;
        }
    }
}

/// What `unread` calls a protocol that this version can't read; the wire's own kinds begin at 0 and stay below.
const UNREAD_PROTOCOL: u8 = u8::MAX;

fn newer_directory(
    bytes: &[u8],
    enrolment: &Enrolment,
    hq: &KeySet,
) -> Option<(Directory, Vec<u8>)> {
    let directory = Signed::<Directory>::open(bytes, hq).ok()?.into_statement();
    let newer =
        directory.agency == enrolment.agency && directory.serial >= enrolment.directory.serial;
    newer.then(|| (directory, bytes.to_vec()))
}

fn newer_key_set(bytes: &[u8], enrolment: &Enrolment, known: &KeySet) -> Option<(KeySet, Vec<u8>)> {
    let key_set = Signed::<KeySet>::open(bytes, &enrolment.root)
        .ok()?
        .into_statement();
    let newer = key_set.agency == enrolment.agency && key_set.serial >= known.serial;
    newer.then(|| (key_set, bytes.to_vec()))
}

/// The same lease does not begin again by coming again.
fn newer_lease(
    bytes: &[u8],
    (enrolment, hq): (&Enrolment, &KeySet),
    known: Option<&LeaseClock>,
    now: Now,
) -> Option<LeaseClock> {
    let signed = Signed::<Lease>::open(bytes, hq).ok()?;
    let lease = signed.statement();
    let own = lease.agency == enrolment.agency && lease.device == enrolment.certificate.device;
    let newer = known.is_none_or(|known| lease.made_ms > known.made_ms());
    (own && newer).then(|| LeaseClock::begin(&signed, now))
}

fn own_order(bytes: &[u8], enrolment: &Enrolment, hq: &KeySet) -> Option<Vec<u8>> {
    let order = Signed::<Order>::open(bytes, hq).ok()?.into_statement();
    let own = order.agency == enrolment.agency && order.device == enrolment.certificate.device;
    match order.what {
        Ordered::Wipe => own.then(|| bytes.to_vec()),
    }
}

fn newer_sealing_keys(
    bytes: &[u8],
    enrolment: &Enrolment,
    known: Option<&(SealingKeys, Vec<u8>)>,
) -> Option<(SealingKeys, Vec<u8>)> {
    let keys = Signed::<SealingKeys>::open(bytes, &enrolment.root)
        .ok()?
        .into_statement();
    let known = known.map_or(0, |(known, _)| known.serial);
    let newer = keys.agency == enrolment.agency && keys.serial >= known;
    newer.then(|| (keys, bytes.to_vec()))
}

fn own_assignment(
    bytes: &[u8],
    enrolment: &Enrolment,
    hq: &KeySet,
) -> Option<(Assignment, Vec<u8>)> {
    let assignment = Signed::<Assignment>::open(bytes, hq).ok()?.into_statement();
    let own = assignment.agency == enrolment.agency
        && assignment.device.bytes() == enrolment.certificate.device;
    own.then(|| (assignment, bytes.to_vec()))
}
