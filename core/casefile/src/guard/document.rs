//! One half's Automerge document: a cache of its changes, behind the few functions that may touch it.

use automerge::{
    ActorId, Automerge, Change, ChangeHash, ROOT, ReadDoc, ScalarValue,
    transaction::{CommitOptions, Transactable},
};

use super::read::contain;
use crate::{ids::ChangeId, moment::Moment};

/// Applies checked changes to a copy and gives the copy back only if it survives being saved, loaded and written to.
pub(crate) fn rehearse(
    doc: &Automerge,
    changes: &[Change],
    heads: &[ChangeId],
) -> Option<Automerge> {
    contain(|| perform(doc, changes, heads)).flatten()
}

fn perform(doc: &Automerge, changes: &[Change], heads: &[ChangeId]) -> Option<Automerge> {
    let applied = apply(doc, changes)?;
    if heads_of(&applied) != heads {
        return None;
    }
    let loaded = Automerge::load(&applied.save()).ok()?;
    let is_same =
        loaded.get_heads() == applied.get_heads() && loaded.hydrate(None) == applied.hydrate(None);
    (is_same && takes_an_edit(&loaded)).then_some(loaded)
}

/// Applies changes of our own keeping: only the heads are compared, since they were rehearsed when they came.
pub(crate) fn replay(doc: &Automerge, changes: &[Change], heads: &[ChangeId]) -> Option<Automerge> {
    let applied = contain(|| apply(doc, changes)).flatten()?;
    (heads_of(&applied) == heads).then_some(applied)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the guard's own door, behind its checks and contained"
)]
fn apply(doc: &Automerge, changes: &[Change]) -> Option<Automerge> {
    let mut copy = doc.clone();
    copy.apply_changes(changes.iter().cloned()).ok()?;
    copy.get_missing_deps(&[]).is_empty().then_some(copy)
}

/// Some documents load and then refuse, or panic on, the next honest change.
fn takes_an_edit(doc: &Automerge) -> bool {
    let mut probe = doc.clone();
    probe.set_actor(ActorId::from([0; 16]));
    let mut transaction = probe.transaction();
    if transaction
        .put(ROOT, "\u{0}probe", ScalarValue::Boolean(true))
        .is_err()
    {
        return false;
    }
    transaction.commit();
    Automerge::load(&probe.save()).is_ok()
}

/// Loads a document that was saved here, strictly.
pub(crate) fn load(bytes: &[u8]) -> Option<Automerge> {
    contain(|| Automerge::load(bytes)).and_then(Result::ok)
}

/// The document's heads, sorted.
pub(crate) fn heads_of(doc: &Automerge) -> Vec<ChangeId> {
    let mut heads: Vec<_> = doc
        .get_heads()
        .iter()
        .map(|head| ChangeId::new(head.0))
        .collect();
    heads.sort_unstable();
    heads
}

/// The bytes of a change that the document holds.
pub(crate) fn bytes_of(doc: &Automerge, change: ChangeId) -> Option<Vec<u8>> {
    doc.get_change_by_hash(&ChangeHash(change.bytes()))
        .map(|change| change.raw_bytes().to_vec())
}

/// How a change is stamped.
pub(crate) fn stamp(at: Moment) -> CommitOptions {
    CommitOptions::default()
        .with_time(at.unix_s)
        .with_message(at.note())
}
