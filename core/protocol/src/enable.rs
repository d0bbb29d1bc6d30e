//! Which items are enabled: for showing, by FHIR's own two values; for counting, in three.
//!
//! `!=` on a question without an answer is TRUE. FHIR R4 defines it as "at least no answer has a value that is equal to the
//! enableWhen answer", R5 as "no answer has a value that is equal", and LHC-Forms' tests read it so; no answer is equal where there
//! is none. For counting it is unknown like every other comparison, because the answer may still come.
//!
//! The difference matters for safety. What is shown follows FHIR: a question whose gate is unanswered is not asked yet. What counts
//! is everything that is not ruled out: a "yes" to a plan counts although the question before it was passed over, because a missing
//! answer must never lower a level. So what is shown always counts, and not everything that counts is shown.

use std::collections::BTreeMap;

use crate::form::{Entry, Form};
use crate::item::{Behavior, Item, Operator};
use crate::plan::{Look, Node, Plan, Shape};
use crate::read_answer::{Reading, Slot};
use crate::truth::Truths;
use crate::value::Value;
use crate::worked::{self, Derived, any_of};

/// Which candidate is taken at each slot; nothing takes all of them at once.
pub(crate) type Picks = [Option<usize>];

/// A form with a choice of candidates: the place where statements about answers are worked out.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) items: &'a [Item],
    pub(crate) form: &'a Form,
    pub(crate) picks: &'a Picks,
}

/// What is known of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    own_shown: Truths,
    own_counts: Truths,
    shown: Truths,
    counts: Truths,
}

/// Which entries are enabled.
#[derive(Debug)]
pub(crate) struct Enabled {
    states: Vec<State>,
    /// The values that expressions work out, by entry.
    derived: BTreeMap<usize, Derived>,
}

impl Enabled {
    /// The value that an expression works out for the entry.
    pub(crate) fn derived(&self, entry: usize) -> Option<&Derived> {
        self.derived.get(&entry)
    }

    /// Whether to show it: true, false, or either where answers are contested.
    pub(crate) fn shown(&self, entry: usize) -> Truths {
        self.states
            .get(entry)
            .map_or(Truths::TRUE, |state| state.shown)
    }

    /// Whether its answers count; unknown where that hangs on something unanswered.
    pub(crate) fn counts(&self, entry: usize) -> Truths {
        self.states
            .get(entry)
            .map_or(Truths::UNKNOWN, |state| state.counts)
    }
}

/// The entries of these nodes, in the order in which they can be worked out.
pub(crate) fn order(plan: &Plan, form: &Form, needed: &[bool]) -> Vec<usize> {
    let is_needed = |entry: &Entry| needed.get(entry.node).copied().unwrap_or(false);
    let mut order: Vec<usize> = form
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| is_needed(entry))
        .map(|(number, _)| number)
        .collect();
    let rank = |number: &usize| {
        form.entries
            .get(*number)
            .and_then(|entry| plan.nodes.get(entry.node))
            .map(|node| node.rank)
    };
    order.sort_by_key(rank);
    order
}

/// Works out which of these entries are enabled.
pub(crate) fn enabled(view: View, order: &[usize]) -> Enabled {
    let open = State {
        own_shown: Truths::TRUE,
        own_counts: Truths::UNKNOWN,
        shown: Truths::TRUE,
        counts: Truths::UNKNOWN,
    };
    let mut enabled = Enabled {
        states: vec![open; view.form.entries.len()],
        derived: BTreeMap::new(),
    };
    for number in order {
        work_out(view, *number, &mut enabled);
    }
    // Where conditions go round in a circle, an item may come before what stands above it: once more, from the top down.
    let mut down = order.to_vec();
    down.sort_unstable();
    for number in down {
        if let Some(entry) = view.form.entries.get(number) {
            settle(&mut enabled, number, entry);
        }
    }
    enabled
}

/// Works out one entry. True if that says something new.
pub(crate) fn work_out(view: View, number: usize, enabled: &mut Enabled) -> bool {
    let Some(entry) = view.form.entries.get(number) else {
        return false;
    };
    let Some(node) = view.plan.nodes.get(entry.node) else {
        return false;
    };
    let before = enabled.states.get(number).copied();
    let (own_shown, own_counts) = own(view, number, entry, node, enabled);
    if let Some(state) = enabled.states.get_mut(number) {
        *state = State {
            own_shown,
            own_counts,
            shown: own_shown,
            counts: own_counts,
        };
    }
    settle(enabled, number, entry);
    let mut changed = enabled.states.get(number).copied() != before;
    if let Some(formula) = &node.formulas.calculated {
        let derived = worked::value(view, enabled, number, formula);
        changed |= enabled.derived.get(&number) != Some(&derived);
        enabled.derived.insert(number, derived);
    }
    changed
}

/// An item is enabled only if what stands above it is.
fn settle(enabled: &mut Enabled, number: usize, entry: &Entry) {
    let Some(parent) = entry.parent else { return };
    let (shown, counts) = (enabled.shown(parent), enabled.counts(parent));
    if let Some(state) = enabled.states.get_mut(number) {
        state.shown = shown.and(state.own_shown);
        state.counts = counts.and(state.own_counts);
    }
}

/// Whether its own conditions hold.
fn own(
    view: View,
    number: usize,
    entry: &Entry,
    node: &Node,
    enabled: &Enabled,
) -> (Truths, Truths) {
    let each: Vec<(Truths, Truths)> = node
        .conditions
        .iter()
        .map(|look| condition(view, entry, look, enabled))
        .collect();
    let join = |part: fn(&(Truths, Truths)) -> Truths| match (node.behavior, each.is_empty()) {
        (_, true) => Truths::TRUE,
        (Behavior::All, false) => each.iter().map(part).fold(Truths::TRUE, Truths::and),
        (Behavior::Any, false) => each.iter().map(part).fold(Truths::FALSE, Truths::or),
    };
    let (mut shown, mut counts) = (join(|(shown, _)| *shown), join(|(_, counts)| *counts));
    if let Some(formula) = &node.formulas.enable_when {
        let (also_shown, also_counts) = worked::condition(view, enabled, number, formula);
        (shown, counts) = (shown.and(also_shown), counts.and(also_counts));
    }
    // An expression that can't be worked out neither hides the item nor makes it certain.
    if node.formulas.open_ended {
        (shown, counts.and(Truths::UNKNOWN))
    } else {
        (shown, counts)
    }
}

/// One condition: for showing, and for counting.
fn condition(view: View, entry: &Entry, look: &Look, enabled: &Enabled) -> (Truths, Truths) {
    if look.is_unknown() {
        return (Truths::TRUE, Truths::UNKNOWN);
    }
    let (mut shown, mut counts) = (Truths::FALSE, Truths::FALSE);
    let (mut exists_shown, mut exists) = (Truths::FALSE, Truths::FALSE);
    let mut unsure = Truths::FALSE;
    let positive = if look.operator == Operator::NotEqual {
        Operator::Equal
    } else {
        look.operator
    };
    for (number, question) in view.form.seen_from(look.question, &entry.chain) {
        let holds = view.test(enabled, number, question, positive, &[&look.expected]);
        let answered = view.has_value(enabled, number, question);
        let (is_shown, is_counted) = (enabled.shown(number), enabled.counts(number));
        shown = shown.or(is_shown.and(holds.unknown_as_false()));
        exists_shown = exists_shown.or(is_shown.and(answered));
        unsure = unsure.or(is_shown.and(view.unsure(question)));
        // The answer of a question that may itself be disabled decides nothing for sure, in either direction.
        counts = counts.or(is_counted.and(holds));
        // A question without an answer may still get one.
        exists = exists.or(is_counted.and(answered.unknown_if_false()));
    }
    let (shown, counts) = match look.operator {
        Operator::Exists if look.expected == Value::Boolean(false) => {
            (exists_shown.not(), exists.not())
        }
        Operator::Exists => (exists_shown, exists),
        Operator::NotEqual => (shown.not(), counts.not()),
        Operator::Equal
        | Operator::Greater
        | Operator::Less
        | Operator::GreaterOrEqual
        | Operator::LessOrEqual => (shown, counts),
    };
    // "Not sure" at a gate keeps what is behind it open.
    (shown.or(unsure), counts)
}

impl View<'_> {
    /// The candidates of a slot under these picks.
    pub(crate) fn candidates<'s>(&self, number: usize, slot: &'s Slot) -> &'s [Reading] {
        let all = slot.candidates.as_slice();
        match self.picks.get(number).copied().flatten() {
            Some(pick) => all.get(pick..=pick).unwrap_or(all),
            None => all,
        }
    }

    fn slots<'e>(&'e self, entry: &'e Entry) -> impl Iterator<Item = &'e [Reading]> {
        let slots = self.form.numbered(entry);
        slots.map(|(number, slot)| self.candidates(number, slot))
    }

    /// Whether at least one of the question's values stands in this relation to one of these; unknown where it has none.
    ///
    /// Beside a person's own answer stands what an expression works out: where the two differ, neither lowers what the other says.
    pub(crate) fn test(
        &self,
        enabled: &Enabled,
        number: usize,
        entry: &Entry,
        operator: Operator,
        expected: &[&Value],
    ) -> Truths {
        let Some(derived) = enabled.derived(number) else {
            return self.test_answers(entry, operator, expected);
        };
        let worked_out = derived.test(operator, expected);
        let own_counts = !derived.sure || !self.is_read_only(entry);
        if own_counts && self.answered(entry).can_be_true() {
            return worked_out.with(self.test_answers(entry, operator, expected));
        }
        worked_out
    }

    fn is_read_only(&self, entry: &Entry) -> bool {
        let item = self.plan.item(self.items, entry.node);
        item.is_some_and(|item| item.read_only)
    }

    /// Whether some place of the question has several values under these picks.
    pub(crate) fn has_several(&self, entry: &Entry) -> bool {
        self.slots(entry).any(|candidates| candidates.len() > 1)
    }

    /// Whether the question has a value: its own, or one that is worked out.
    pub(crate) fn has_value(&self, enabled: &Enabled, number: usize, entry: &Entry) -> Truths {
        let own = self.answered(entry);
        match enabled.derived(number) {
            Some(derived) if derived.sure => own.or(Truths::of(Some(!derived.values.is_empty()))),
            Some(derived) => {
                own.or(Truths::of(Some(!derived.values.is_empty())).with(Truths::UNKNOWN))
            }
            None => own,
        }
    }

    fn test_answers(&self, entry: &Entry, operator: Operator, expected: &[&Value]) -> Truths {
        let shape = self
            .plan
            .nodes
            .get(entry.node)
            .map_or(Shape::None, |node| node.shape);
        let of = |reading: &Reading| {
            reading.value.as_ref().map_or(Truths::FALSE, |value| {
                Truths::of(any_of(value, operator, expected))
            })
        };
        let mut any = Truths::FALSE;
        for candidates in self.slots(entry) {
            any = any.or(candidates.iter().map(of).fold(Truths::NONE, Truths::with));
        }
        let answered = self.answered(entry);
        if shape == Shape::None || !answered.can_be_true() {
            return Truths::UNKNOWN;
        }
        if !answered.can_be_false() {
            return any;
        }
        self.without_impossible_false(entry, any.with(Truths::UNKNOWN), &of)
    }

    /// Where the question may be unanswered, "false" is possible only if some value does not hold.
    fn without_impossible_false(
        &self,
        entry: &Entry,
        any: Truths,
        of: &dyn Fn(&Reading) -> Truths,
    ) -> Truths {
        let mut values = self
            .slots(entry)
            .flatten()
            .filter(|reading| reading.value.is_some());
        if values.any(|reading| of(reading).can_be_false()) {
            any
        } else {
            any.without_false()
        }
    }

    /// Whether the question has a value.
    pub(crate) fn answered(&self, entry: &Entry) -> Truths {
        let has = |reading: &Reading| Truths::of(Some(reading.value.is_some()));
        let each = self
            .slots(entry)
            .map(|candidates| candidates.iter().map(has).fold(Truths::NONE, Truths::with));
        each.fold(Truths::FALSE, Truths::or)
    }

    /// Whether the question still waits for an answer: it has no value, or only one that leaves it open.
    pub(crate) fn waits(&self, entry: &Entry) -> Truths {
        let closes =
            |reading: &Reading| Truths::of(Some(reading.value.is_some() && !reading.leaves_open));
        let each = self.slots(entry).map(|candidates| {
            candidates
                .iter()
                .map(closes)
                .fold(Truths::NONE, Truths::with)
        });
        each.fold(Truths::FALSE, Truths::or).not()
    }

    /// Whether the person was not sure, and nothing else was said.
    pub(crate) fn unsure(&self, entry: &Entry) -> Truths {
        let is_unsure = |reading: &Reading| Truths::of(Some(reading.unsure));
        let each = self.slots(entry).map(|candidates| {
            candidates
                .iter()
                .map(is_unsure)
                .fold(Truths::NONE, Truths::with)
        });
        each.fold(Truths::FALSE, Truths::or)
            .and(self.answered(entry).not())
    }
}
