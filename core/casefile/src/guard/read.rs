//! From bytes to a change: the only place where bytes from outside meet Automerge's parser.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{
    ActorId, Change, ExpandedChange, ObjType, ScalarValue,
    legacy::{self, Key, ObjectId, OpType},
};

use super::{HeldReason, columns::check_chunk};
use crate::{
    history::{Action, Op, OpId, Parsed},
    ids::{Actor, ChangeId},
    moment::Moment,
};

/// The longest text of one value or record, in bytes.
pub(crate) const MAX_TEXT_BYTES: usize = 3 << 20;

/// Reads one raw change chunk. Automerge's own form of it goes along for applying it later.
pub(crate) fn read_change(bytes: &[u8]) -> Result<(Change, Parsed), HeldReason> {
    check_chunk(bytes)?;
    let change = parse(bytes)?;
    if change.raw_bytes() != bytes || !change.extra_bytes().is_empty() {
        return Err(HeldReason::NotAChange);
    }
    let parsed = expand(&change)?;
    Ok((change, parsed))
}

/// The plain form of a change that Automerge holds already.
pub(crate) fn expand(change: &Change) -> Result<Parsed, HeldReason> {
    // Expanding panics on kinds of operation that Automerge does not know.
    let expanded = contain(|| change.decode()).ok_or(HeldReason::NotAChange)?;
    plain(expanded, change)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the guard's own door, behind the chunk checks and contained"
)]
fn parse(bytes: &[u8]) -> Result<Change, HeldReason> {
    let parsed = contain(|| Change::from_bytes(bytes.to_vec()));
    parsed.and_then(Result::ok).ok_or(HeldReason::NotAChange)
}

/// Runs what may panic on bad input. A panic is a refusal; nothing that was touched inside is used afterwards.
pub(crate) fn contain<T>(risky: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(risky)).ok()
}

fn plain(expanded: ExpandedChange, change: &Change) -> Result<Parsed, HeldReason> {
    let note = expanded.message.as_deref().ok_or(HeldReason::Layout)?;
    let at = Moment::parse(expanded.time, note).ok_or(HeldReason::Time)?;
    let others = change
        .other_actor_ids()
        .iter()
        .map(actor)
        .collect::<Option<_>>();
    let ops = expanded
        .operations
        .into_iter()
        .map(op)
        .collect::<Option<_>>();
    let mut deps: Vec<_> = expanded
        .deps
        .iter()
        .map(|dep| ChangeId::new(dep.0))
        .collect();
    deps.sort_unstable();
    Ok(Parsed {
        id: ChangeId::new(change.hash().0),
        actor: actor(&expanded.actor_id).ok_or(HeldReason::Layout)?,
        seq: expanded.seq,
        deps,
        others: others.ok_or(HeldReason::Layout)?,
        start_op: expanded.start_op.get(),
        at,
        ops: ops.ok_or(HeldReason::Layout)?,
    })
}

/// One operation, if it is of a kind that case files use.
fn op(op: legacy::Op) -> Option<Op> {
    let object = match &op.obj {
        ObjectId::Root => None,
        ObjectId::Id(id) => Some(op_id(id)?),
    };
    let Key::Map(key) = op.key else { return None };
    let action = match op.action {
        OpType::Make(ObjType::Map) => Action::MakeMap,
        OpType::Put(ScalarValue::Str(text)) if text.len() <= MAX_TEXT_BYTES => {
            Action::Put(text.to_string())
        }
        OpType::Make(_) | OpType::Put(_) => return None,
        OpType::Delete | OpType::Increment(_) | OpType::MarkBegin(_) | OpType::MarkEnd(_) => {
            return None;
        }
    };
    let mut preds = op.pred.iter().map(op_id).collect::<Option<Vec<_>>>()?;
    preds.sort_unstable();
    (!op.insert).then(|| Op {
        object,
        key: key.to_string(),
        preds,
        action,
    })
}

fn op_id(id: &legacy::OpId) -> Option<OpId> {
    Some(OpId {
        counter: id.counter(),
        actor: actor(id.actor())?,
    })
}

fn actor(id: &ActorId) -> Option<Actor> {
    id.to_bytes().try_into().ok().map(Actor::new)
}
