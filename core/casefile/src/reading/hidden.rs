//! Answers that a gate has closed although whoever gave them did not know of it (rule 4, "a changed gate").
//!
//! Somebody answers a question while its gate is unanswered, and the gate is answered "no" afterwards, or at the same time
//! elsewhere: then the level would fall without anybody having taken the answer back. It goes on counting until its own
//! author, or somebody who may lower, lets it go in knowledge of the gate. An answer that was given in knowledge of the
//! closed gate does not count: that is the protocol's own rule.

use std::collections::BTreeSet;

use mooring_protocol::{AnswerPath, Item, Openness, Protocol, Sheet};

use super::{
    assessment::AssessmentReading,
    slot::{SlotReading, Standing},
};
use crate::{
    file::CaseFile,
    history::Write,
    record::{ConfirmKind, Place},
    run::Half,
};

/// The closed answers that still count, and the sheet in which they do.
pub(crate) struct Hidden<'a> {
    pub(crate) values: Vec<(&'a AnswerPath, &'a Write)>,
    /// All that governs, without the gates that closed these answers.
    pub(crate) sheet: Sheet,
}

impl CaseFile {
    /// The answers of this assessment that a gate closed behind their authors' backs, if any.
    pub(crate) fn read_hidden<'a>(&'a self, one: &AssessmentReading<'a>) -> Option<Hidden<'a>> {
        let protocol = one.protocol()?;
        let closed = closed(protocol, one);
        let mut sheet = one.all.clone();
        let mut values = Vec::new();
        for path in closed {
            sheet.remove(path);
            let links = gates(protocol.items(), path.link_id());
            let slots = one
                .slots
                .iter()
                .filter(|(gate, _)| links.contains(gate.link_id()));
            let gates: Vec<_> = slots
                .flat_map(|(gate, slot)| slot.first.iter().map(move |first| (*gate, *first)))
                .collect();
            for write in one
                .slots
                .get(path)
                .into_iter()
                .flat_map(SlotReading::governing)
            {
                let behind: Vec<_> = gates
                    .iter()
                    .filter(|(_, gate)| self.is_behind(one, path, write, gate))
                    .collect();
                if let (Some(answer), false) = (write.value.answer(), behind.is_empty()) {
                    sheet.add(path.clone(), answer.clone());
                    for (gate, _) in &behind {
                        sheet.remove(gate);
                    }
                    values.push((path, write));
                }
            }
        }
        (!values.is_empty()).then_some(Hidden { values, sheet })
    }

    /// Whether the gate was answered without the answer's author knowing, and nobody has let the answer go since.
    fn is_behind(
        &self,
        one: &AssessmentReading<'_>,
        path: &AnswerPath,
        answer: &Write,
        gate: &Write,
    ) -> bool {
        let history = self.history(Half::Field);
        if history.knew(&answer.change, &gate.change) {
            return false;
        }
        let place = Place::answer(one.id, path.clone());
        let let_go = self.confirmations_at(&place).into_iter().any(|said| {
            let names = said.what.earlier.contains(&answer.change)
                && said.what.kind == ConfirmKind::Confirmed;
            let knew = history.knew(&said.stamp.change, &gate.change);
            names && knew && self.may_let_go(answer, &[gate], &said.stamp.who)
        });
        !let_go
    }
}

/// Answered paths whose questions are closed even with every value that governs.
fn closed<'a>(protocol: &Protocol, one: &AssessmentReading<'a>) -> Vec<&'a AnswerPath> {
    let flow = protocol.flow(&one.all);
    let closed: BTreeSet<_> = flow
        .steps
        .iter()
        .filter(|step| step.open == Openness::Closed)
        .map(|step| step.path.base())
        .collect();
    let governs = |slot: &SlotReading<'_>| {
        slot.values
            .iter()
            .any(|(_, standing)| *standing != Standing::Gone)
    };
    let answered = one
        .slots
        .iter()
        .filter(|(path, slot)| governs(slot) && closed.contains(&path.base()));
    answered.map(|(path, _)| *path).collect()
}

/// The questions that a question's being asked depends on, directly or by way of others.
fn gates(items: &[Item], link: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![link.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(next) = open.pop() {
        if seen.insert(next.clone()) {
            let mut direct = BTreeSet::new();
            conditions_of(items, &next, &mut direct);
            found.extend(direct.iter().cloned());
            open.extend(direct);
        }
    }
    found
}

/// The questions in the conditions of an item and of all items around it; whether the item is among these.
fn conditions_of(items: &[Item], link: &str, found: &mut BTreeSet<String>) -> bool {
    for item in items {
        if item.link_id == link || conditions_of(&item.items, link, found) {
            found.extend(
                item.conditions
                    .iter()
                    .map(|condition| condition.question.clone()),
            );
            return true;
        }
    }
    false
}
