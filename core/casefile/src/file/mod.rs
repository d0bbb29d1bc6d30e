//! A case file: two halves, each a history and the document that carries it, and who is behind each actor.

mod apply;
mod check;
mod merge;
mod plan;
mod record;
mod store;
mod version;

use std::collections::BTreeMap;

use automerge::Automerge;

pub use merge::Merge;
pub(crate) use plan::slot_of;
pub use store::{OpenError, Snapshot, Stored, StoredHalf};
pub use version::UnknownVersion;

use crate::{
    history::{Entry, History},
    ids::{Actor, CaseId, ChangeId},
    moment::Stamp,
    people::Attribution,
    run::Half,
};

/// Everything known of one case.
#[derive(Clone)]
pub struct CaseFile {
    case: CaseId,
    field: HalfFile,
    hq: HalfFile,
    who: BTreeMap<(Half, Actor), Attribution>,
}

/// One half.
#[derive(Clone)]
pub(crate) struct HalfFile {
    doc: Automerge,
    history: History,
}

impl HalfFile {
    fn new(case: CaseId, half: Half) -> Self {
        Self {
            doc: Automerge::new(),
            history: History::new(case, half),
        }
    }
}

impl CaseFile {
    /// A case of which nothing is known yet: what a receiver starts from.
    pub fn new(case: CaseId) -> Self {
        let [field, hq] = Half::BOTH.map(|half| HalfFile::new(case, half));
        Self {
            case,
            field,
            hq,
            who: BTreeMap::new(),
        }
    }

    /// Which case.
    pub const fn case(&self) -> CaseId {
        self.case
    }

    /// Whether nothing has arrived of the field half yet.
    pub fn is_empty(&self) -> bool {
        self.field.history.is_empty()
    }

    /// Who is behind each actor. To be stored again after each merge: the roles of an actor can shrink.
    pub fn who(&self) -> Vec<(Half, Actor, Attribution)> {
        self.who
            .iter()
            .map(|((half, actor), who)| (*half, *actor, *who))
            .collect()
    }

    pub(crate) fn history(&self, half: Half) -> &History {
        &self.half(half).history
    }

    /// Who wrote a change, and when.
    pub(crate) fn stamp(&self, half: Half, change: ChangeId) -> Option<Stamp> {
        let Entry { actor, at, .. } = self.history(half).entry(&change)?;
        let who = self.who.get(&(half, *actor))?;
        Some(Stamp {
            who: *who,
            at: *at,
            change,
        })
    }

    const fn half(&self, half: Half) -> &HalfFile {
        match half {
            Half::Field => &self.field,
            Half::Hq => &self.hq,
        }
    }

    const fn half_mut(&mut self, half: Half) -> &mut HalfFile {
        match half {
            Half::Field => &mut self.field,
            Half::Hq => &mut self.hq,
        }
    }

    /// Whether this writer may write under this actor: one actor is one device and one person.
    fn is_free_for(&self, half: Half, actor: Actor, who: &Attribution) -> bool {
        self.who
            .get(&(half, actor))
            .is_none_or(|known| known.same_writer(who))
    }

    /// Remembers who is behind an actor. Where two statements differ in roles, what both hold is the safe reading.
    fn attribute(&mut self, half: Half, actor: Actor, who: Attribution) {
        let known = self.who.entry((half, actor)).or_insert(who);
        known.roles = known.roles.intersect(who.roles);
    }
}

// What a person said is never printed.
impl std::fmt::Debug for CaseFile {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "CaseFile {{ {} }}", self.case)
    }
}
