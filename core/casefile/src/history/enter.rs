//! One operation of a change: only known places are touched, and only in the way in which this software writes them.

use std::collections::BTreeSet;

use mooring_protocol::{Answer, AnswerPath, Value};

use super::{
    Action, Clock, History, Object, Op, OpId, Recorded, Shown, Slot, Stored, Write,
    admit::{Begun, Entering, Made, knows},
    stored::parse_text,
};
use crate::{
    guard::HeldReason,
    ids::{AssessmentId, CaseId, ChangeId, RecordId},
    layout::{Section, assessment_keys, case_keys},
    record::Record,
};

/// The longest name of a place, in bytes: a path, or a protocol's key.
pub(crate) const LONGEST_KEY: usize = 2_048;
/// The most repeats that an answer can stand in.
pub(crate) const DEEPEST_PATH: usize = 16;

impl History {
    pub(super) fn enter(
        &mut self,
        entering: &Entering<'_>,
        made: &mut Made,
    ) -> Result<(), HeldReason> {
        let Some(object) = entering.op.object else {
            return self.enter_root(entering);
        };
        if entering.op.key.len() > LONGEST_KEY || !entering.builds_on(self, &object) {
            return Err(HeldReason::Layout);
        }
        match *self.objects.get(&object).ok_or(HeldReason::Layout)? {
            Object::Section(Section::Case) => self.enter_case(entering, object, made),
            Object::Section(Section::Assessments) => self.enter_assessment(entering, made),
            Object::Section(section) => self.enter_record(entering, section),
            Object::Assessment(_) => self.enter_begun(entering, object, made),
            Object::Answers(assessment) => {
                let path = answer_path(&entering.op.key)?;
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
                let key = parse_text(new_text(entering.op)?)
                    .filter(|key| key.len() <= LONGEST_KEY)
                    .ok_or(HeldReason::Layout)?;
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
        let shown = self.shown.entry(slot.clone()).or_default();
        shown.retain(|op, _| !preds.contains(op));
        shown.insert(
            entering.id,
            Shown {
                object,
                change: entering.change,
            },
        );
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
        // Whoever knew all that shows now knew all that was overwritten on the way: nearly every writer does.
        let shown = || {
            self.shown
                .get(slot)
                .into_iter()
                .flatten()
                .filter(|(_, shown)| shown.object == object)
        };
        if shown().all(|(_, shown)| self.is_in(clock, &shown.change)) {
            return shown().map(|(op, _)| *op).collect();
        }
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
}

fn answer_path(key: &str) -> Result<AnswerPath, HeldReason> {
    let path: AnswerPath = key.parse().map_err(|_| HeldReason::Layout)?;
    if path.ancestors().len() > DEEPEST_PATH {
        return Err(HeldReason::Layout);
    }
    Ok(path)
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
        (_, Stored::TooNew) | (Slot::Answer(..), Stored::Answer(..) | Stored::Retracted(_)) => true,
        (Slot::Title, Stored::Answer(answer, None)) => {
            matches!(answer, Answer::Value(Value::String(_)))
        }
        (Slot::Minor, Stored::Answer(answer, None)) => {
            matches!(answer, Answer::Value(Value::Boolean(_)))
        }
        (Slot::Title | Slot::Minor, Stored::Answer(_, Some(_)) | Stored::Retracted(_)) => false,
    }
}
