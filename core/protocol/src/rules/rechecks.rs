//! When to look again: which checks the answers call for. The times are the caller's.

use crate::compare;
use crate::guide::Recheck;
use crate::item::{Operator, Words};
use crate::path::AnswerPath;
use crate::rules::when::{Facts, When};
use crate::value::Value;

/// A check to come back to.
#[derive(Debug, Clone)]
pub(crate) struct RecheckRule {
    pub(crate) id: String,
    /// The questions whose answers start the clock.
    pub(crate) from: Vec<usize>,
    /// What must hold over all answers.
    pub(crate) when: Option<When>,
    /// What the newest answer must say.
    pub(crate) newest: Option<(Operator, Value)>,
    pub(crate) after_minutes: u32,
    /// Questions whose answer ends it.
    pub(crate) done: Vec<usize>,
    pub(crate) text: Words,
    pub(crate) source: String,
    pub(crate) policy: bool,
}

impl RecheckRule {
    /// The check, if the answers call for it. All values that may be true are looked at: it may come once too often, never too seldom.
    pub(crate) fn called_for(&self, facts: Facts) -> Option<Recheck> {
        let holds = self
            .when
            .as_ref()
            .is_none_or(|when| when.truth(facts).can_be_true());
        if !holds || self.done.iter().any(|node| is_done(facts, *node)) {
            return None;
        }
        let answers: Vec<(AnswerPath, bool)> = self
            .from
            .iter()
            .flat_map(|node| self.answers(facts, *node))
            .collect();
        answers.iter().any(|(_, calls)| *calls).then(|| Recheck {
            id: self.id.clone(),
            text: self.text.clone(),
            answers,
            after_ms: i64::from(self.after_minutes) * 60_000,
            source: self.source.clone(),
            policy: self.policy,
        })
    }

    fn answers(&self, facts: Facts, node: usize) -> Vec<(AnswerPath, bool)> {
        let calls = |value: &Value| match &self.newest {
            None => true,
            // What can't be compared may call for it.
            Some((operator, expected)) => compare::holds(value, *operator, expected) != Some(false),
        };
        let mut answers = Vec::new();
        for (number, entry) in facts.view.form.entries_of(node) {
            if !facts.enabled.counts(number).not_ruled_out() {
                continue;
            }
            for slot in facts.view.form.slots_of(entry) {
                let mut values = slot.candidates.iter().filter_map(|one| one.value.as_ref());
                if let Some(first) = values.next() {
                    let path = slot.path.clone();
                    answers.push((path, calls(first) || values.any(calls)));
                }
            }
        }
        answers
    }
}

/// Whether every value that may be true at the question is an answer.
fn is_done(facts: Facts, node: usize) -> bool {
    facts.view.form.entries_of(node).any(|(number, entry)| {
        let slots = facts.view.form.slots_of(entry);
        let answered = slots.iter().any(|slot| {
            !slot.candidates.is_empty() && slot.candidates.iter().all(|one| one.value.is_some())
        });
        answered && facts.enabled.counts(number).can_be_true()
    })
}
