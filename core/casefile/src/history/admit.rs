//! Taking one change in: it must be the actor's next, start where its dependencies end, and touch only known places in
//! the known way. On a refusal the history is half-changed, so callers work on a copy.

use std::{collections::BTreeSet, sync::Arc};

use mooring_protocol::ProtocolHash;

use super::{Clock, Entry, History, Op, OpId, Parsed, Slot, Start};
use crate::{
    guard::{HeldReason, Refusal},
    ids::{Actor, AssessmentId, ChangeId},
    layout::Section,
};

/// One operation with its surroundings.
pub(super) struct Entering<'a> {
    pub(super) change: ChangeId,
    pub(super) id: OpId,
    pub(super) op: &'a Op,
    pub(super) clock: &'a Clock,
    pub(super) actor: Actor,
    pub(super) is_first: bool,
}

/// What a change made on its way, checked for completeness at its end.
#[derive(Default)]
pub(super) struct Made {
    pub(super) case_id: bool,
    pub(super) slots: BTreeSet<Slot>,
    pub(super) assessments: Vec<Begun>,
}

pub(super) struct Begun {
    pub(super) id: AssessmentId,
    pub(super) object: OpId,
    pub(super) protocol: Option<ProtocolHash>,
    pub(super) key: Option<String>,
    pub(super) answers: Option<OpId>,
}

impl History {
    /// Takes in the next change.
    pub(crate) fn admit(&mut self, change: &Parsed) -> Result<(), Refusal> {
        let missing: Vec<_> = change
            .deps
            .iter()
            .filter(|dep| !self.entries.contains_key(dep))
            .copied()
            .collect();
        if !missing.is_empty() {
            return Err(Refusal::Missing(missing));
        }
        let clock = self.clock_after(change)?;
        let max_op = self.check_numbers(change, &clock)?;
        let is_first = change.deps.is_empty();
        if is_first && !self.is_empty() {
            return Err(HeldReason::SecondBeginning.into());
        }
        let mut made = Made::default();
        for (counter, op) in (change.start_op..).zip(&change.ops) {
            let id = OpId {
                counter,
                actor: change.actor,
            };
            self.enter(
                &Entering {
                    change: change.id,
                    id,
                    op,
                    clock: &clock,
                    actor: change.actor,
                    is_first,
                },
                &mut made,
            )?;
        }
        self.complete(change.id, is_first, made)?;
        self.adopt(change, clock, max_op);
        Ok(())
    }

    /// What the change knew, itself included. Its actor's previous change must be part of that.
    fn clock_after(&self, change: &Parsed) -> Result<Clock, HeldReason> {
        let mut clock = Clock::new();
        for dep in change.deps.iter().filter_map(|dep| self.entries.get(dep)) {
            for (actor, seq) in &dep.clock {
                let known = clock.entry(*actor).or_default();
                *known = (*known).max(*seq);
            }
        }
        let previous = clock.insert(change.actor, change.seq).unwrap_or(0);
        let known = u64::try_from(self.changes_of(&change.actor).len()).unwrap_or(u64::MAX);
        if known >= change.seq {
            return Err(HeldReason::Fork);
        }
        if previous != known || previous + 1 != change.seq {
            return Err(HeldReason::NotAsAnnounced);
        }
        Ok(clock)
    }

    fn check_numbers(&self, change: &Parsed, clock: &Clock) -> Result<u64, HeldReason> {
        // Actors that are known here and not from its own dependencies may be missing where it goes next.
        let known = change.others.iter().all(|actor| clock.contains_key(actor));
        let before = change
            .deps
            .iter()
            .filter_map(|dep| self.entries.get(dep))
            .map(|entry| entry.max_op)
            .max();
        let before = before.unwrap_or(0);
        let count = u64::try_from(change.ops.len()).map_err(|_| HeldReason::Oversized)?;
        // An honest writer knows all that it depends on, so it starts right behind it.
        if !known || count == 0 || Some(change.start_op) != before.checked_add(1) {
            return Err(HeldReason::Layout);
        }
        before.checked_add(count).ok_or(HeldReason::Layout)
    }

    fn complete(&mut self, change: ChangeId, is_first: bool, made: Made) -> Result<(), HeldReason> {
        let all_sections = Section::of(self.half)
            .iter()
            .all(|section| self.sections.contains_key(section));
        if is_first && !(made.case_id && all_sections) {
            return Err(HeldReason::Layout);
        }
        for begun in made.assessments {
            let (Some(protocol), Some(key), Some(answers)) =
                (begun.protocol, begun.key, begun.answers)
            else {
                return Err(HeldReason::Layout);
            };
            let starts = self.starts.entry(begun.id).or_default();
            starts.push(Start {
                change,
                protocol,
                key,
                answers,
            });
            starts.sort_by_key(|start| start.answers);
        }
        Ok(())
    }

    fn adopt(&mut self, change: &Parsed, clock: Clock, max_op: u64) {
        for dep in &change.deps {
            self.heads.remove(dep);
        }
        self.heads.insert(change.id);
        self.by_actor
            .entry(change.actor)
            .or_default()
            .push(change.id);
        let Parsed {
            actor,
            seq,
            at,
            deps,
            ..
        } = change;
        let entry = Entry {
            actor: *actor,
            seq: *seq,
            at: *at,
            clock,
            max_op,
            deps: deps.clone(),
        };
        self.entries.insert(change.id, Arc::new(entry));
    }
}

impl Entering<'_> {
    /// Whether what this operation made is part of what the change builds on, or of the change itself.
    pub(super) fn builds_on(&self, history: &History, made: &OpId) -> bool {
        if made.actor == self.actor {
            return made.counter < self.id.counter;
        }
        let last = self.clock.get(&made.actor).and_then(|seq| {
            let index = usize::try_from(seq.checked_sub(1)?).ok()?;
            let change = history.changes_of(&made.actor).get(index)?;
            history.entry(change)
        });
        last.is_some_and(|last| made.counter <= last.max_op)
    }
}

pub(super) fn knows(clock: &Clock, entry: &Entry) -> bool {
    clock.get(&entry.actor).is_some_and(|seq| *seq >= entry.seq)
}
