//! One change as the guard hands it on: plain values, no Automerge types.

use crate::{
    ids::{Actor, ChangeId},
    moment::Moment,
};

/// The identity of one operation: a Lamport counter and the actor. The order extends what knew of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpId {
    pub(crate) counter: u64,
    pub(crate) actor: Actor,
}

/// A change, read but not yet believed.
#[derive(Clone)]
pub(crate) struct Parsed {
    pub(crate) id: ChangeId,
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
    pub(crate) deps: Vec<ChangeId>,
    pub(crate) others: Vec<Actor>,
    pub(crate) start_op: u64,
    pub(crate) at: Moment,
    pub(crate) ops: Vec<Op>,
}

/// One operation on a map. Lists, texts, counters, marks and deletions stand nowhere in a half.
#[derive(Clone)]
pub(crate) struct Op {
    /// The object it works on; `None` is the root.
    pub(crate) object: Option<OpId>,
    pub(crate) key: String,
    /// What it overwrites, sorted.
    pub(crate) preds: Vec<OpId>,
    pub(crate) action: Action,
}

/// What an operation does.
#[derive(Clone)]
pub(crate) enum Action {
    MakeMap,
    Put(String),
}
