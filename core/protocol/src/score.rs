//! Sums of ordinal scores, as ranges: a total with a missing part is not a number.

use crate::decimal::Decimal;
use crate::enable::{Enabled, View};
use crate::form::Entry;
use crate::item::{Item, Words};
use crate::path::AnswerPath;
use crate::plan::Shape;
use crate::read_answer::Reading;
use crate::rules::Total;
use crate::truth::Truths;

/// A total: the lowest and the highest that are still possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Its name: the rules' own, or the linkId of the file's total item.
    pub name: String,
    /// The total item, if the file has one.
    pub link_id: Option<String>,
    /// Its title.
    pub title: Words,
    /// The lowest total still possible.
    pub lowest: Decimal,
    /// The highest total still possible.
    pub highest: Decimal,
    /// How many scored questions are answered.
    pub answered: usize,
    /// Scored questions without an answer, or with several.
    pub missing: Vec<AnswerPath>,
}

impl Score {
    /// The total, if nothing is missing.
    pub fn exact(&self) -> Option<&Decimal> {
        (self.missing.is_empty() && self.lowest.value() == self.highest.value())
            .then_some(&self.lowest)
    }

    /// The total in words: `9`, or `at least 4, at most 13`.
    pub fn words(&self) -> String {
        match self.exact() {
            Some(total) => total.to_string(),
            None => format!("at least {}, at most {}", self.lowest, self.highest),
        }
    }
}

/// The lowest and highest sum, in units of 10⁻¹⁸.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Range {
    pub(crate) lowest: i128,
    pub(crate) highest: i128,
    pub(crate) answered: usize,
    pub(crate) missing: Vec<AnswerPath>,
    /// Whether several values may be true somewhere.
    pub(crate) contested: bool,
}

impl Range {
    pub(crate) fn is_exact(&self) -> bool {
        self.missing.is_empty() && self.lowest == self.highest
    }
}

/// All totals.
pub(crate) fn scores(view: View, enabled: &Enabled, totals: &[Total]) -> Vec<Score> {
    let score = |total: &Total| {
        let range = self::total(view, enabled, total)?;
        let shown_at = total.shown_at.and_then(|node| view.plan.nodes.get(node));
        Some(Score {
            name: total.name.clone(),
            link_id: shown_at.map(|node| node.link_id.clone()),
            title: total.title.clone(),
            lowest: Decimal::from_units(range.lowest),
            highest: Decimal::from_units(range.highest),
            answered: range.answered,
            missing: range.missing,
        })
    };
    totals.iter().filter_map(score).collect()
}

/// A total: a sum of questions, or what its own expression works out; nothing where that has no end.
pub(crate) fn total(view: View, enabled: &Enabled, total: &Total) -> Option<Range> {
    if !total.by_expression {
        return Some(range(view, enabled, view.items, &total.nodes));
    }
    let node = total.shown_at?;
    let (number, _) = view
        .form
        .entries_of(node)
        .find(|(number, _)| enabled.counts(*number).not_ruled_out())?;
    let derived = enabled.derived(number)?;
    let mut found = Range {
        contested: derived.contested,
        ..Range::default()
    };
    for input in view.plan.inputs(node) {
        for (number, entry) in view.form.entries_of(*input) {
            if !enabled.counts(number).not_ruled_out() {
                continue;
            }
            let item = view.plan.item(view.items, *input)?;
            let waits = match enabled.derived(number) {
                Some(derived) => !derived.sure,
                None => view.waits(entry).can_be_true(),
            };
            if waits {
                let chain = entry.chain.clone();
                found.missing.push(AnswerPath::within(chain, &item.link_id));
            } else {
                found.answered += 1;
            }
        }
    }
    if derived.sure {
        let value = derived.values.first()?;
        let units = crate::compare::number(value)?;
        (found.lowest, found.highest) = (units, units);
        // Nothing that is missing can change it.
        found.missing.clear();
        return Some(found);
    }
    (found.lowest, found.highest) = (derived.range?.low?, derived.range?.high?);
    Some(found)
}

/// The sum over these questions. One that may yet be disabled can add nothing; one that is disabled adds nothing.
pub(crate) fn range(view: View, enabled: &Enabled, items: &[Item], nodes: &[usize]) -> Range {
    let mut range = Range::default();
    for node in nodes {
        let Some(item) = view.plan.item(items, *node) else {
            continue;
        };
        for (number, entry) in view.form.entries_of(*node) {
            let counts = enabled.counts(number);
            if counts.not_ruled_out() {
                range.add(view, entry, item, counts);
            }
        }
    }
    range
}

impl Range {
    fn add(&mut self, view: View, entry: &Entry, item: &Item, counts: Truths) {
        let shape = view
            .plan
            .nodes
            .get(entry.node)
            .map_or(Shape::None, |node| node.shape);
        let slots: Vec<&[Reading]> = entry
            .slots
            .clone()
            .zip(view.form.slots_of(entry))
            .map(|(number, slot)| view.candidates(number, slot))
            .collect();
        let part = match shape {
            Shape::Multi => several(&slots, item),
            Shape::Single | Shape::List | Shape::None => one(&slots, item),
        };
        let waits = view.waits(entry).can_be_true();
        let several_true = slots.iter().any(|candidates| candidates.len() > 1);
        self.contested |= several_true || (counts.can_be_true() && counts.can_be_false());
        let sure = counts.is(Truths::TRUE) && !waits && !several_true && part.known;
        if sure {
            self.answered += 1;
        } else {
            self.missing
                .push(AnswerPath::within(entry.chain.clone(), &item.link_id));
        }
        let (low, high) = if waits {
            part.joined(open(item, shape))
        } else {
            (part.low, part.high)
        };
        let may_be_absent = !counts.is(Truths::TRUE);
        self.lowest = self
            .lowest
            .saturating_add(if may_be_absent { low.min(0) } else { low });
        self.highest = self
            .highest
            .saturating_add(if may_be_absent { high.max(0) } else { high });
    }
}

/// What a question adds: from, to, and whether each of its answers has a score.
struct Part {
    low: i128,
    high: i128,
    known: bool,
    /// Whether there is any answer.
    some: bool,
}

impl Part {
    fn joined(&self, (low, high): (i128, i128)) -> (i128, i128) {
        if self.some {
            (self.low.min(low), self.high.max(high))
        } else {
            (low, high)
        }
    }
}

/// Everything that an unanswered question can still add.
pub(crate) fn open(item: &Item, shape: Shape) -> (i128, i128) {
    let scores = || {
        item.options
            .iter()
            .filter_map(|option| option.score.as_ref())
            .map(Decimal::value)
    };
    match shape {
        Shape::Multi => (
            scores().filter(|score| *score < 0).sum(),
            scores().filter(|score| *score > 0).sum(),
        ),
        Shape::Single | Shape::List | Shape::None => {
            (scores().min().unwrap_or(0), scores().max().unwrap_or(0))
        }
    }
}

/// One answer: its score, or what the options leave open where it has none.
fn one(slots: &[&[Reading]], item: &Item) -> Part {
    let mut part = Part {
        low: i128::MAX,
        high: i128::MIN,
        known: true,
        some: false,
    };
    let values = slots
        .iter()
        .flat_map(|candidates| candidates.iter())
        .filter(|reading| !reading.leaves_open);
    for value in values.filter_map(|reading| reading.value.as_ref()) {
        let score = item.option(value).and_then(|option| option.score.as_ref());
        part.known &= score.is_some();
        let (low, high) = score.map_or_else(
            || open(item, Shape::Single),
            |score| (score.value(), score.value()),
        );
        (part.low, part.high, part.some) = (part.low.min(low), part.high.max(high), true);
    }
    if part.some {
        part
    } else {
        Part {
            low: 0,
            high: 0,
            known: true,
            some: false,
        }
    }
}

/// Several options: the sum of what is chosen.
fn several(slots: &[&[Reading]], item: &Item) -> Part {
    let mut part = Part {
        low: 0,
        high: 0,
        known: true,
        some: false,
    };
    for candidates in slots {
        let Some(value) = candidates.iter().find_map(|reading| reading.value.as_ref()) else {
            continue;
        };
        let score = item.option(value).and_then(|option| option.score.as_ref());
        // An option without a score, as "none of these", adds nothing.
        let score = score.map_or(0, Decimal::value);
        let always = candidates.iter().all(|reading| reading.value.is_some());
        part.low += if always { score } else { score.min(0) };
        part.high += if always { score } else { score.max(0) };
        part.some = true;
    }
    part
}
