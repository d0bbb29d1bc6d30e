//! What happened in one half, derived from its changes as they arrive: every value ever written at a place, by which
//! change, and what that change knew. It decides nothing; `reading` does.

mod admit;
mod enter;
mod parsed;
mod stored;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use mooring_protocol::{AnswerPath, ProtocolHash};

pub(crate) use enter::{DEEPEST_PATH, LONGEST_KEY};
pub(crate) use parsed::{Action, Op, OpId, Parsed};
pub(crate) use stored::{Stored, encode_text};

use crate::{
    ids::{Actor, AssessmentId, CaseId, ChangeId, RecordId},
    layout::Section,
    moment::Moment,
    record::Record,
    run::Half,
};

/// For each actor the last change known: a change's own clock says what its writer knew.
pub(crate) type Clock = BTreeMap<Actor, u64>;

/// A change, by what matters of it for reading.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
    pub(crate) at: Moment,
    /// What it knew, itself included.
    pub(crate) clock: Clock,
    pub(crate) max_op: u64,
    pub(crate) deps: Vec<ChangeId>,
}

/// A place whose value can be overwritten.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    Title,
    Minor,
    Answer(AssessmentId, AnswerPath),
}

/// One value written at a slot.
#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) change: ChangeId,
    pub(crate) op: OpId,
    pub(crate) object: OpId,
    pub(crate) preds: Vec<OpId>,
    pub(crate) value: Stored,
}

/// A value that nothing has overwritten yet.
#[derive(Debug, Clone, Copy)]
struct Shown {
    object: OpId,
    change: ChangeId,
}

/// How an assessment was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) change: ChangeId,
    pub(crate) protocol: ProtocolHash,
    pub(crate) key: String,
    pub(crate) answers: OpId,
}

/// A record with the change that carries it.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) id: RecordId,
    pub(crate) change: ChangeId,
    pub(crate) record: Record,
}

/// What an object of the half is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Object {
    Section(Section),
    Assessment(AssessmentId),
    Answers(AssessmentId),
}

/// Everything known of one half.
#[derive(Debug, Clone)]
pub(crate) struct History {
    case: CaseId,
    half: Half,
    entries: BTreeMap<ChangeId, Arc<Entry>>,
    by_actor: BTreeMap<Actor, Vec<ChangeId>>,
    heads: BTreeSet<ChangeId>,
    objects: BTreeMap<OpId, Object>,
    sections: BTreeMap<Section, OpId>,
    starts: BTreeMap<AssessmentId, Vec<Start>>,
    slots: BTreeMap<Slot, Vec<Write>>,
    /// The values of each slot that nothing has overwritten yet.
    shown: BTreeMap<Slot, BTreeMap<OpId, Shown>>,
    records: BTreeMap<RecordId, Vec<Recorded>>,
}

impl History {
    pub(crate) const fn new(case: CaseId, half: Half) -> Self {
        Self {
            case,
            half,
            entries: BTreeMap::new(),
            by_actor: BTreeMap::new(),
            heads: BTreeSet::new(),
            objects: BTreeMap::new(),
            sections: BTreeMap::new(),
            starts: BTreeMap::new(),
            slots: BTreeMap::new(),
            shown: BTreeMap::new(),
            records: BTreeMap::new(),
        }
    }

    pub(crate) const fn case(&self) -> CaseId {
        self.case
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn entry(&self, change: &ChangeId) -> Option<&Entry> {
        self.entries.get(change).map(Arc::as_ref)
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = (&ChangeId, &Entry)> {
        self.entries.iter().map(|(id, entry)| (id, entry.as_ref()))
    }

    /// Heads, sorted.
    pub(crate) fn heads(&self) -> Vec<ChangeId> {
        self.heads.iter().copied().collect()
    }

    /// Each actor's changes in the order of their numbers.
    pub(crate) fn actors(&self) -> impl Iterator<Item = (&Actor, &[ChangeId])> {
        self.by_actor
            .iter()
            .map(|(actor, changes)| (actor, changes.as_slice()))
    }

    pub(crate) fn changes_of(&self, actor: &Actor) -> &[ChangeId] {
        self.by_actor.get(actor).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn section(&self, section: Section) -> Option<OpId> {
        self.sections.get(&section).copied()
    }

    pub(crate) fn assessments(&self) -> impl Iterator<Item = (&AssessmentId, &[Start])> {
        self.starts
            .iter()
            .map(|(id, starts)| (id, starts.as_slice()))
    }

    /// How this assessment was begun: once, unless two writers chose the same id.
    pub(crate) fn starts_of(&self, assessment: &AssessmentId) -> &[Start] {
        self.starts.get(assessment).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = (&Slot, &[Write])> {
        self.slots
            .iter()
            .map(|(slot, writes)| (slot, writes.as_slice()))
    }

    /// Every value ever written there, in an order that extends what knew of what.
    pub(crate) fn writes(&self, slot: &Slot) -> &[Write] {
        self.slots.get(slot).map_or(&[], Vec::as_slice)
    }

    /// Whether exactly this is among the values that nothing has overwritten yet.
    pub(crate) fn shows(&self, slot: &Slot, value: &Stored) -> bool {
        let shown = self.shown.get(slot);
        let writes = self.writes(slot).iter();
        let mut visible =
            writes.filter(|write| shown.is_some_and(|shown| shown.contains_key(&write.op)));
        visible.any(|write| write.value == *value)
    }

    /// All records; one id twice only where two writers chose it.
    pub(crate) fn records(&self) -> impl Iterator<Item = &Recorded> {
        self.records.values().flatten()
    }

    pub(crate) fn has_record(&self, id: &RecordId) -> bool {
        self.records.contains_key(id)
    }

    /// Whether the writer of `later` knew `earlier`; a change knows itself.
    pub(crate) fn knew(&self, later: &ChangeId, earlier: &ChangeId) -> bool {
        let (Some(later), Some(earlier)) = (self.entries.get(later), self.entries.get(earlier))
        else {
            return false;
        };
        later
            .clock
            .get(&earlier.actor)
            .is_some_and(|seq| *seq >= earlier.seq)
    }

    /// The changes that lead to these heads, the heads included; `None` if one of them is not known.
    pub(crate) fn leading_to(&self, heads: &[ChangeId]) -> Option<BTreeSet<ChangeId>> {
        let mut found = BTreeSet::new();
        let mut open: Vec<ChangeId> = heads.to_vec();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(&self.entries.get(&next)?.deps);
            }
        }
        Some(found)
    }
}
