//! A receipt: the one thing that takes an unsent mark away.

use super::exchanged::Tally;
use super::progress::Progress;
use crate::device::Open;
use crate::error::Result;
use crate::vault::Halt;
use crate::vault::sql::receipts::{self, Fate, ReceiptRow};
use crate::vault::sql::{cases, push, sealed, unsent};
use mooring_casefile::{CaseId, Now};
use mooring_exchange::{MarkState, Receipt, RunMark};
use rusqlite::Transaction;
use std::collections::BTreeSet;

/// Stores the receipt, takes the marks away that it covers, moves the chain on and drops the push: in one transaction. Says how many
/// changes it covered.
pub(super) fn store(
    open: &mut Open,
    receipt: &Receipt,
    tally: &mut Tally,
    now: Now,
) -> Result<u64> {
    let mut progress = Progress::load(&mut open.vault)?;
    progress.dev_seq = receipt.dev_seq;
    progress.prev = receipt.push;
    tally
        .refused_codes
        .extend(receipt.refused.iter().map(|run| run.fault.code()));
    let cleared = open.vault.write(now, |tx| {
        let mut cleared = 0;
        for mark in &receipt.marks {
            cleared += store_mark(tx, mark, receipt.received_ms)?;
        }
        sealed::forget_receipted(tx)?;
        let touched: BTreeSet<CaseId> = receipt.marks.iter().map(|mark| mark.key.case).collect();
        for case in touched {
            cases::recount_unsent(tx, case)?;
        }
        push::drop_any(tx)?;
        progress.store(tx)?;
        Ok(cleared)
    })?;
    tally.sent_changes += cleared as u64;
    Ok(cleared as u64)
}

/// One mark, and how many changes it covers that nothing covered before. HQ's word covers a change only where it names the hash that this phone has.
pub(super) fn store_mark(tx: &Transaction<'_>, mark: &RunMark, at_ms: i64) -> Result<usize, Halt> {
    let Some(fate) = fate(mark.state) else {
        return Ok(0);
    };
    let key = mark.key;
    // A case that was dropped while its push was under way has nothing here that a receipt could cover.
    if cases::one(tx, key.case)?.is_none() {
        return Ok(0);
    }
    let ours = unsent::one(tx, key.case, key.half, key.actor, mark.last_seq)?;
    if ours.is_some_and(|ours| ours.change.is_some_and(|change| change != mark.last)) {
        return Ok(0);
    }
    let cleared = unsent::clear_through(tx, key.case, key.half, key.actor, mark.last_seq)?;
    receipts::put(
        tx,
        &ReceiptRow {
            case: key.case,
            half: key.half,
            actor: key.actor,
            last_seq: mark.last_seq,
            last_change: mark.last,
            fate,
            at_ms,
        },
    )?;
    Ok(cleared)
}

/// HQ sent this run of the phone's own: so it holds it. Where no receipt says so yet, as on a phone that came back from a backup, that is
/// noted like one: should HQ lose the run, the phone sends it again. An unsent mark stays until its own receipt comes.
pub(super) fn holds(tx: &Transaction<'_>, mark: &RunMark, now: Now) -> Result<(), Halt> {
    let key = mark.key;
    let known = receipts::one(tx, key.case, key.half, key.actor)?;
    let waits = unsent::any_of(tx, key.case, key.half, key.actor)?;
    if waits || known.is_some_and(|known| known.last_seq >= mark.last_seq) {
        return Ok(());
    }
    receipts::put(
        tx,
        &ReceiptRow {
            case: key.case,
            half: key.half,
            actor: key.actor,
            last_seq: mark.last_seq,
            last_change: mark.last,
            fate: Fate::Merged,
            at_ms: now.wall_ms,
        },
    )?;
    Ok(())
}

const fn fate(state: MarkState) -> Option<Fate> {
    match state {
        MarkState::Received => Some(Fate::Received),
        MarkState::Merged => Some(Fate::Merged),
        MarkState::Waiting => Some(Fate::Waiting),
        MarkState::Held(reason) => Some(Fate::Held(reason)),
        MarkState::Unknown => None,
    }
}
