//! Conditions of rules over answers and totals, in three values.

use std::collections::BTreeSet;

use crate::decimal::Decimal;
use crate::enable::{Enabled, View};
use crate::item::{Item, Operator};
use crate::path::AnswerPath;
use crate::rules::Total;
use crate::score;
use crate::truth::Truths;
use crate::value::Value;
use crate::worked::any_of;

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum When {
    /// Each of them.
    All(Vec<When>),
    /// At least one of them.
    Any(Vec<When>),
    /// It is false.
    Not(Box<When>),
    /// At least so many of them.
    AtLeast(usize, Vec<When>),
    /// At least one answer of a question stands in this relation to at least one of the values.
    Answer {
        node: usize,
        operator: Operator,
        values: Vec<Value>,
    },
    /// A total stands in this relation to the number.
    Score {
        total: usize,
        operator: Operator,
        number: Decimal,
    },
}

/// Everything that conditions are worked out on.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) view: View<'a>,
    pub(crate) enabled: &'a Enabled,
    pub(crate) totals: &'a [Total],
    pub(crate) items: &'a [Item],
}

impl When {
    /// The questions that it looks at; with totals, those that they sum.
    pub(crate) fn nodes(&self, totals: &[Total], found: &mut Vec<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                for part in parts {
                    part.nodes(totals, found);
                }
            }
            Self::Not(part) => part.nodes(totals, found),
            Self::Answer { node, .. } => found.push(*node),
            Self::Score { total, .. } => {
                found.extend(totals.get(*total).into_iter().flat_map(Total::sources));
            }
        }
    }

    /// What it is, or can be.
    pub(crate) fn truth(&self, facts: Facts) -> Truths {
        match self {
            Self::All(parts) => parts
                .iter()
                .map(|part| part.truth(facts))
                .fold(Truths::TRUE, Truths::and),
            Self::Any(parts) => parts
                .iter()
                .map(|part| part.truth(facts))
                .fold(Truths::FALSE, Truths::or),
            Self::Not(part) => part.truth(facts).not(),
            Self::AtLeast(count, parts) => {
                at_least(*count, parts.iter().map(|part| part.truth(facts)))
            }
            Self::Answer {
                node,
                operator,
                values,
            } => facts.answer(*node, *operator, values),
            Self::Score {
                total,
                operator,
                number,
            } => facts.score(*total, *operator, number),
        }
    }

    /// The answers that make it hold, or that it was decided on.
    pub(crate) fn evidence(&self, facts: Facts, found: &mut BTreeSet<AnswerPath>) {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::AtLeast(_, parts) => {
                parts
                    .iter()
                    .filter(|part| part.truth(facts).can_be_true())
                    .for_each(|part| part.evidence(facts, found));
            }
            Self::Not(part) => part.nodes_with_answers(facts, found),
            Self::Answer {
                node,
                operator,
                values,
            } => {
                let values: Vec<&Value> = values.iter().collect();
                facts.evidence(*node, &|value| any_of(value, *operator, &values), found);
            }
            Self::Score { .. } => self.nodes_with_answers(facts, found),
        }
    }

    fn nodes_with_answers(&self, facts: Facts, found: &mut BTreeSet<AnswerPath>) {
        let mut nodes = Vec::new();
        self.nodes(facts.totals, &mut nodes);
        for node in nodes {
            facts.evidence(node, &|_| Some(true), found);
        }
    }
}

impl Facts<'_> {
    /// The answers from which a value was worked out.
    fn evidence_of_inputs(&self, node: usize, found: &mut BTreeSet<AnswerPath>) {
        for input in self.view.plan.inputs(node) {
            self.evidence_of_answers(*input, &|_| Some(true), found);
        }
    }
}

/// Counts with room for doubt: true if enough are true, false if even the unknown ones would not be enough.
fn at_least(count: usize, parts: impl Iterator<Item = Truths>) -> Truths {
    // Sums that are possible so far: (true ones, true or unknown ones). Small, because neither passes `count`.
    let mut sums = BTreeSet::from([(0_usize, 0_usize)]);
    for part in parts {
        let mut next = BTreeSet::new();
        for (sure, perhaps) in sums {
            let mut add =
                |a: usize, b: usize| next.insert(((sure + a).min(count), (perhaps + b).min(count)));
            if part.can_be_true() {
                add(1, 1);
            }
            if part.can_be_unknown() {
                add(0, 1);
            }
            if part.can_be_false() {
                add(0, 0);
            }
        }
        sums = next;
    }
    let outcome = |(sure, perhaps): (usize, usize)| match (sure >= count, perhaps >= count) {
        (true, _) => Truths::TRUE,
        (false, true) => Truths::UNKNOWN,
        (false, false) => Truths::FALSE,
    };
    sums.into_iter()
        .map(outcome)
        .fold(Truths::NONE, Truths::with)
}

impl Facts<'_> {
    fn answer(&self, node: usize, operator: Operator, values: &[Value]) -> Truths {
        let values: Vec<&Value> = values.iter().collect();
        let mut any = Truths::FALSE;
        for (number, entry) in self.view.form.entries_of(node) {
            let counts = self.enabled.counts(number);
            let mut here = if counts.can_be_false() {
                Truths::FALSE
            } else {
                Truths::NONE
            };
            if counts.not_ruled_out() {
                here = here.with(
                    self.view
                        .test(self.enabled, number, entry, operator, &values),
                );
            }
            any = any.or(here);
        }
        any
    }

    fn evidence(
        &self,
        node: usize,
        holds: &dyn Fn(&Value) -> Option<bool>,
        found: &mut BTreeSet<AnswerPath>,
    ) {
        self.evidence_of_answers(node, holds, found);
        self.evidence_of_inputs(node, found);
    }

    fn evidence_of_answers(
        &self,
        node: usize,
        holds: &dyn Fn(&Value) -> Option<bool>,
        found: &mut BTreeSet<AnswerPath>,
    ) {
        for (number, entry) in self.view.form.entries_of(node) {
            if !self.enabled.counts(number).not_ruled_out() {
                continue;
            }
            for (number, slot) in self.view.form.numbered(entry) {
                let values = self
                    .view
                    .candidates(number, slot)
                    .iter()
                    .filter_map(|reading| reading.value.as_ref());
                if values.into_iter().any(|value| holds(value) == Some(true)) {
                    found.insert(slot.path.clone());
                }
            }
        }
    }

    /// A total of an expression stands in as many repeats as its item; one of them is enough.
    fn worked_out(&self, total: &Total, operator: Operator, number: &Decimal) -> Truths {
        let expected = Value::Decimal(number.clone());
        let entries = total.shown_at.into_iter();
        let mut any = Truths::FALSE;
        for (entry, _) in entries.flat_map(|node| self.view.form.entries_of(node)) {
            let counts = self.enabled.counts(entry);
            let here = match self.enabled.derived(entry) {
                Some(derived) if counts.not_ruled_out() => derived.test(operator, &[&expected]),
                Some(_) => Truths::FALSE,
                None => Truths::UNKNOWN,
            };
            any = any.or(if counts.can_be_false() {
                here.with(Truths::FALSE)
            } else {
                here
            });
        }
        any
    }

    fn score(&self, total: usize, operator: Operator, number: &Decimal) -> Truths {
        let Some(total) = self.totals.get(total) else {
            return Truths::UNKNOWN;
        };
        if total.by_expression {
            return self.worked_out(total, operator, number);
        }
        let range = score::range(self.view, self.enabled, self.items, &total.nodes);
        let holds = |sum: i128| match operator {
            Operator::Greater => sum > number.value(),
            Operator::Less => sum < number.value(),
            Operator::GreaterOrEqual => sum >= number.value(),
            Operator::LessOrEqual => sum <= number.value(),
            Operator::Equal | Operator::NotEqual | Operator::Exists => sum == number.value(),
        };
        let (low, high) = (holds(range.lowest), holds(range.highest));
        if range.is_exact() {
            return Truths::of(Some(low));
        }
        let settled = low == high
            && !matches!(
                operator,
                Operator::Equal | Operator::NotEqual | Operator::Exists
            );
        // Contested answers make a range too: then either end may be the truth, and neither may be missed.
        match (settled, range.contested) {
            (true, _) => Truths::of(Some(low)),
            (false, false) => Truths::UNKNOWN,
            (false, true) => Truths::of(Some(low))
                .with(Truths::of(Some(high)))
                .with(Truths::UNKNOWN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Truths = Truths::TRUE;
    const F: Truths = Truths::FALSE;
    const U: Truths = Truths::UNKNOWN;

    #[test]
    fn counting_leaves_room_for_what_is_unknown() {
        for (parts, expected) in [
            (vec![T, T, F], T),
            (vec![T, F, F], F),
            (vec![T, U, F], U),
            (vec![T, T.with(F), F], T.with(F)),
            (vec![T, T.with(U), F], T.with(U)),
            (vec![], F),
        ] {
            assert_eq!(at_least(2, parts.iter().copied()), expected, "{parts:?}");
        }
        assert_eq!(at_least(0, std::iter::empty()), T);
    }
}
