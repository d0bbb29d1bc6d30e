//! The guard: nothing else hands bytes from outside to Automerge, whose parser panics on some and is ruined by others.
//!
//! A run is checked whole, applied to a copy, and adopted only if the copy survives; a bad run leaves the case file as it
//! was. All that arrived for a case is rehearsed at once, and divided only if that fails. The same code runs on phones and
//! at headquarters.

mod columns;
pub(crate) mod document;
mod read;
mod reason;

use automerge::Change;

pub use reason::HeldReason;

pub(crate) use columns::MAX_CHANGE_BYTES;
pub(crate) use read::{MAX_TEXT_BYTES, expand, read_change};
pub(crate) use reason::Refusal;

use crate::{
    history::{History, Parsed},
    ids::{ChangeId, DeviceId},
    people::Attribution,
    run::{Half, Run},
};

/// The most changes in one run.
pub(crate) const MAX_RUN_CHANGES: usize = 4_096;
/// The most bytes in one run.
pub(crate) const MAX_RUN_BYTES: usize = 16 << 20;

/// What a run brings, checked against a history that has taken it in. The document has not seen it yet.
pub(crate) struct Checked {
    pub(crate) history: History,
    pub(crate) changes: Vec<Change>,
    pub(crate) new: Vec<ChangeId>,
}

/// Devices write field halves, headquarters HQ halves.
pub(crate) fn may_write(half: Half, device: DeviceId) -> bool {
    match half {
        Half::Field => device != DeviceId::HQ,
        Half::Hq => device == DeviceId::HQ,
    }
}

/// Checks a run against all that its half knows; `None` if all of it is known. What passes still has to be rehearsed by
/// the document: of several runs all at once.
pub(crate) fn check(
    history: &History,
    run: &Run,
    who: &Attribution,
) -> Result<Option<Checked>, Refusal> {
    if !may_write(run.half, who.device) {
        return Err(HeldReason::ForeignHalf.into());
    }
    check_run(run)?;
    let read = run
        .changes
        .iter()
        .map(|bytes| read_change(bytes))
        .collect::<Result<Vec<_>, _>>()?;
    check_announced(run, &read)?;
    let known = check_known(history, run, &read)?;
    if known == read.len() {
        return Ok(None);
    }
    let mut history = history.clone();
    let (mut changes, mut new) = (Vec::new(), Vec::new());
    for (change, parsed) in read.into_iter().skip(known) {
        history.admit(&parsed)?;
        changes.push(change);
        new.push(parsed.id);
    }
    Ok(Some(Checked {
        history,
        changes,
        new,
    }))
}

fn check_run(run: &Run) -> Result<(), HeldReason> {
    let bytes = run.changes.iter().map(Vec::len).sum::<usize>();
    if run.changes.len() > MAX_RUN_CHANGES || bytes > MAX_RUN_BYTES {
        return Err(HeldReason::Oversized);
    }
    let count = run
        .last_seq
        .checked_sub(run.first_seq)
        .and_then(|span| span.checked_add(1));
    let is_whole = run.first_seq >= 1
        && count.and_then(|count| usize::try_from(count).ok()) == Some(run.changes.len());
    if is_whole {
        Ok(())
    } else {
        Err(HeldReason::NotAsAnnounced)
    }
}

fn check_announced(run: &Run, read: &[(automerge::Change, Parsed)]) -> Result<(), HeldReason> {
    let in_order = (run.first_seq..)
        .zip(read)
        .all(|(seq, (_, parsed))| parsed.actor == run.actor && parsed.seq == seq);
    let last = read.last().map(|(_, parsed)| parsed.id);
    if in_order && last == Some(run.last) {
        Ok(())
    } else {
        Err(HeldReason::NotAsAnnounced)
    }
}

/// How many of the run's first changes are known. The same number with another content is a fork.
fn check_known(
    history: &History,
    run: &Run,
    read: &[(automerge::Change, Parsed)],
) -> Result<usize, HeldReason> {
    let skip =
        usize::try_from(run.first_seq.saturating_sub(1)).map_err(|_| HeldReason::Oversized)?;
    let known = history
        .changes_of(&run.actor)
        .get(skip..)
        .unwrap_or_default();
    let same = known
        .iter()
        .zip(read)
        .all(|(id, (_, parsed))| *id == parsed.id);
    if same {
        Ok(known.len().min(read.len()))
    } else {
        Err(HeldReason::Fork)
    }
}
