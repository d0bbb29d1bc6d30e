//! Taking one change in: it must be the actor's next, start where its dependencies end, and touch only known places in
//! the known way. On a refusal the history is half-changed, so callers work on a copy.

use std::collections::BTreeSet;

use mooring_protocol::{Answer, AnswerPath, ProtocolHash, Value};

use super::{
    Action, Clock, Entry, History, Object, Op, OpId, Parsed, Recorded, Slot, Start, Stored, Write,
    stored::parse_text,
};
use crate::{
    guard::{HeldReason, Refusal},
    ids::{AssessmentId, CaseId, ChangeId, RecordId},
    layout::{Section, assessment_keys, case_keys},
    record::Record,
};

/// One operation with its surroundings.
struct Entering<'a> {
    change: ChangeId,
    id: OpId,
    op: &'a Op,
    clock: &'a Clock,
    is_first: bool,
}

/// What a change made on its way, checked for completeness at its end.
#[derive(Default)]
struct Made {
    case_id: bool,
    slots: BTreeSet<Slot>,
    assessments: Vec<Begun>,
}

struct Begun {
    id: AssessmentId,
    object: OpId,
    protocol: Option<ProtocolHash>,
    key: Option<String>,
    answers: Option<OpId>,
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
        let max_op = self.check_numbers(change)?;
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

    fn check_numbers(&self, change: &Parsed) -> Result<u64, HeldReason> {
        let known = change
            .others
            .iter()
            .all(|actor| self.by_actor.contains_key(actor));
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

    fn enter(&mut self, entering: &Entering<'_>, made: &mut Made) -> Result<(), HeldReason> {
        let Some(object) = entering.op.object else {
            return self.enter_root(entering);
        };
        match *self.objects.get(&object).ok_or(HeldReason::Layout)? {
            Object::Section(Section::Case) => self.enter_case(entering, object, made),
            Object::Section(Section::Assessments) => self.enter_assessment(entering, made),
            Object::Section(section) => self.enter_record(entering, section),
            Object::Assessment(_) => self.enter_begun(entering, object, made),
            Object::Answers(assessment) => {
                let path: AnswerPath = entering.op.key.parse().map_err(|_| HeldReason::Layout)?;
                self.enter_value(entering, object, Slot::Answer(assessment, path), made)
            }
        }
    }

    fn enter_root(&mut self, entering: &Entering<'_>) -> Result<(), HeldReason> {
        let section = Section::parse(self.half, &entering.op.key).ok_or(HeldReason::Layout)?;
        let is_new = entering.is_first
            && entering.op.preds.is_empty()
            && !self.sections.contains_key(&section);
        let Action::MakeMap = entering.op.action else {
            return Err(HeldReason::Layout);
        };
        if !is_new {
            return Err(HeldReason::Layout);
        }
        self.sections.insert(section, entering.id);
        self.objects.insert(entering.id, Object::Section(section));
        Ok(())
    }

    fn enter_case(
        &mut self,
        entering: &Entering<'_>,
        object: OpId,
        made: &mut Made,
    ) -> Result<(), HeldReason> {
        match entering.op.key.as_str() {
            case_keys::ID => {
                let text = new_text(entering.op)?;
                let case = parse_text(text)
                    .and_then(|text| CaseId::parse(&text).ok())
                    .ok_or(HeldReason::Layout)?;
                if !entering.is_first || made.case_id {
                    return Err(HeldReason::Layout);
                }
                made.case_id = true;
                if case == self.case {
                    Ok(())
                } else {
                    Err(HeldReason::OtherCase)
                }
            }
            case_keys::TITLE => self.enter_value(entering, object, Slot::Title, made),
            case_keys::MINOR => self.enter_value(entering, object, Slot::Minor, made),
            _ => Err(HeldReason::Layout),
        }
    }

    fn enter_assessment(
        &mut self,
        entering: &Entering<'_>,
        made: &mut Made,
    ) -> Result<(), HeldReason> {
        let id = AssessmentId::parse(&entering.op.key).map_err(|_| HeldReason::Layout)?;
        let is_known = self
            .starts_of(&id)
            .iter()
            .any(|start| self.is_in(entering.clock, &start.change));
        let Action::MakeMap = entering.op.action else {
            return Err(HeldReason::Layout);
        };
        if is_known
            || !entering.op.preds.is_empty()
            || made.assessments.iter().any(|begun| begun.id == id)
        {
            return Err(HeldReason::Layout);
        }
        self.objects.insert(entering.id, Object::Assessment(id));
        made.assessments.push(Begun {
            id,
            object: entering.id,
            protocol: None,
            key: None,
            answers: None,
        });
        Ok(())
    }

    /// What an assessment is stands in the change that begins it, and nowhere else.
    fn enter_begun(
        &mut self,
        entering: &Entering<'_>,
        object: OpId,
        made: &mut Made,
    ) -> Result<(), HeldReason> {
        let begun = made
            .assessments
            .iter_mut()
            .find(|begun| begun.object == object)
            .ok_or(HeldReason::Layout)?;
        let is_new = match entering.op.key.as_str() {
            assessment_keys::PROTOCOL => {
                let hash = parse_text(new_text(entering.op)?).and_then(|text| text.parse().ok());
                begun
                    .protocol
                    .replace(hash.ok_or(HeldReason::Layout)?)
                    .is_none()
            }
            assessment_keys::KEY => {
                let key = parse_text(new_text(entering.op)?).ok_or(HeldReason::Layout)?;
                begun.key.replace(key).is_none()
            }
            assessment_keys::ANSWERS => {
                let Action::MakeMap = entering.op.action else {
                    return Err(HeldReason::Layout);
                };
                self.objects.insert(entering.id, Object::Answers(begun.id));
                entering.op.preds.is_empty() && begun.answers.replace(entering.id).is_none()
            }
            _ => false,
        };
        if is_new {
            Ok(())
        } else {
            Err(HeldReason::Layout)
        }
    }

    fn enter_record(
        &mut self,
        entering: &Entering<'_>,
        section: Section,
    ) -> Result<(), HeldReason> {
        let id = RecordId::parse(&entering.op.key).map_err(|_| HeldReason::Layout)?;
        let record =
            Record::parse(section, new_text(entering.op)?).map_err(|_| HeldReason::Layout)?;
        let there = self.records.entry(id).or_default();
        let is_known = there.iter().any(|other| {
            let entry = self.entries.get(&other.change);
            other.change == entering.change
                || entry.is_some_and(|entry| knows(entering.clock, entry))
        });
        if is_known {
            return Err(HeldReason::Layout);
        }
        there.push(Recorded {
            id,
            change: entering.change,
            record,
        });
        // Replicas that took the same changes in another order must hold the same list.
        there.sort_by_key(|recorded| recorded.change);
        Ok(())
    }

    fn enter_value(
        &mut self,
        entering: &Entering<'_>,
        object: OpId,
        slot: Slot,
        made: &mut Made,
    ) -> Result<(), HeldReason> {
        let Action::Put(text) = &entering.op.action else {
            return Err(HeldReason::Layout);
        };
        let value = Stored::parse(text)
            .filter(|value| fits(&slot, value))
            .ok_or(HeldReason::Layout)?;
        // A value's identity is its change and its place, so one change writes a place once. And it overwrites exactly what
        // its writer saw there: anything else would hide a value that nobody replaced.
        if !made.slots.insert(slot.clone())
            || self.visible(&slot, object, entering.clock) != entering.op.preds
        {
            return Err(HeldReason::Layout);
        }
        let preds = entering.op.preds.clone();
        let writes = self.slots.entry(slot).or_default();
        writes.push(Write {
            change: entering.change,
            op: entering.id,
            object,
            preds,
            value,
        });
        writes.sort_by_key(|write| write.op);
        Ok(())
    }

    /// The values that stood at a key for a writer with this clock, sorted.
    fn visible(&self, slot: &Slot, object: OpId, clock: &Clock) -> Vec<OpId> {
        let known = || {
            self.writes(slot)
                .iter()
                .filter(|w| w.object == object && self.is_in(clock, &w.change))
        };
        let hidden: BTreeSet<OpId> = known()
            .flat_map(|write| write.preds.iter().copied())
            .collect();
        known()
            .map(|write| write.op)
            .filter(|op| !hidden.contains(op))
            .collect()
    }

    fn is_in(&self, clock: &Clock, change: &ChangeId) -> bool {
        self.entries
            .get(change)
            .is_some_and(|entry| knows(clock, entry))
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
        self.entries.insert(change.id, entry);
    }
}

fn knows(clock: &Clock, entry: &Entry) -> bool {
    clock.get(&entry.actor).is_some_and(|seq| *seq >= entry.seq)
}

/// The text of a put at a key where nothing stood before.
fn new_text(op: &Op) -> Result<&str, HeldReason> {
    match &op.action {
        Action::Put(text) if op.preds.is_empty() => Ok(text),
        Action::Put(_) | Action::MakeMap => Err(HeldReason::Layout),
    }
}

fn fits(slot: &Slot, value: &Stored) -> bool {
    match (slot, value) {
        (_, Stored::TooNew) | (Slot::Answer(..), Stored::Answer(_) | Stored::Retracted(_)) => true,
        (Slot::Title, Stored::Answer(answer)) => matches!(answer, Answer::Value(Value::String(_))),
        (Slot::Minor, Stored::Answer(answer)) => matches!(answer, Answer::Value(Value::Boolean(_))),
        (Slot::Title | Slot::Minor, Stored::Retracted(_)) => false,
    }
}
