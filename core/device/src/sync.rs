//! What HQ has of a case, in words that never lie: "at HQ" only with HQ's signed receipt (SAFETY rule 12).

use crate::case::Shelf;
use crate::vault::sql::proofs::FromPartner;
use crate::vault::sql::receipts::{Fate, ReceiptRow};
use crate::vault::sql::waiting::WaitingRun;
use mooring_casefile::{Attribution, CaseView, Moment, Shelf as _, Stamp};

/// What HQ has of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    /// Changes that are on this phone only, as far as any receipt says.
    pub unsent: u64,
    /// This phone's changes by what became of them at HQ.
    pub at_hq: AtHq,
    /// When HQ first and last said that it holds something of this case, by HQ's clock.
    pub received_ms: Option<(i64, i64)>,
    /// Who opened the case at HQ, oldest first.
    pub opened: Vec<Stamp>,
    /// Changes that came from a partner's phone and that HQ, as far as this phone knows, does not have.
    pub from_partner: u64,
    /// Runs from HQ or a partner that wait here for what they build on, and those that the guard did not let in.
    pub waiting_here: u64,
    /// See `waiting_here`.
    pub held_here: u64,
    /// All of it in a line.
    pub words: String,
}

/// Changes of this phone that HQ receipted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AtHq {
    /// On HQ's disk.
    pub received: u64,
    /// In HQ's case file.
    pub merged: u64,
    /// HQ lacks something that they build on.
    pub waiting: u64,
    /// Held for a person at HQ.
    pub held: u64,
}

pub(crate) fn derive_sync(
    view: &CaseView,
    receipts: &[ReceiptRow],
    unsent: u64,
    partner: FromPartner,
    waiting: &[WaitingRun],
    (me, shelf): (&Attribution, &Shelf),
) -> SyncState {
    let at_hq = count(receipts);
    let times = receipts.iter().map(|receipt| receipt.at_ms);
    let received_ms = times.clone().min().zip(times.max());
    let held_here = waiting.iter().filter(|run| run.held).count() as u64;
    let waiting_here = waiting.len() as u64 - held_here;
    // What another device wrote came from HQ, unless a partner gave it and HQ's word reaches none of it.
    let only_partner = partner.not_at_hq > 0 && !partner.known_at_hq;
    let from_hq = !only_partner
        && view
            .created
            .is_some_and(|stamp| stamp.who.device != me.device);
    let mut state = SyncState {
        unsent,
        at_hq,
        received_ms,
        opened: view.openings.clone(),
        from_partner: partner.not_at_hq,
        waiting_here,
        held_here,
        words: String::new(),
    };
    state.words = words(&state, from_hq, shelf);
    state
}

fn count(receipts: &[ReceiptRow]) -> AtHq {
    let mut at_hq = AtHq::default();
    for receipt in receipts {
        match receipt.fate {
            Fate::Received => at_hq.received += receipt.last_seq,
            Fate::Merged => at_hq.merged += receipt.last_seq,
            Fate::Waiting => at_hq.waiting += receipt.last_seq,
            Fate::Held(_) => at_hq.held += receipt.last_seq,
        }
    }
    at_hq
}

fn words(state: &SyncState, from_hq: bool, shelf: &Shelf) -> String {
    let mut parts = Vec::new();
    match state.received_ms {
        Some((first, _)) => parts.push(format!(
            "at HQ {}, {}",
            clock(first, shelf),
            opened(state, shelf)
        )),
        None if from_hq => parts.push(format!("from HQ, {}", opened(state, shelf))),
        None => parts.push("HQ does not know yet".to_owned()),
    }
    if state.unsent > 0 {
        let plural = if state.unsent == 1 { "" } else { "s" };
        parts.push(format!(
            "on this phone only: {} change{plural}",
            state.unsent
        ));
    }
    for (count, what) in [
        (
            state.from_partner,
            "from a partner's phone, not at HQ as far as this phone knows",
        ),
        (state.at_hq.received, "received at HQ, not merged yet"),
        (state.at_hq.waiting, "waiting at HQ for what they build on"),
        (state.at_hq.held, "held for a person at HQ"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join("; ")
}

fn opened(state: &SyncState, shelf: &Shelf) -> String {
    match state.opened.last() {
        None => "opened by nobody yet".to_owned(),
        Some(last) => format!(
            "opened by {} {}",
            shelf.name(&last.who.person),
            shelf.clock(last.at)
        ),
    }
}

fn clock(wall_ms: i64, shelf: &Shelf) -> String {
    shelf.clock(Moment {
        unix_s: wall_ms.div_euclid(1000),
        wall_ms,
    })
}
