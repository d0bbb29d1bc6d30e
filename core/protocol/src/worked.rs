//! What expressions work out for an item: whether it is enabled, its value, its text, its options, and whether its answers are right.
//!
//! Each is worked out as FHIR has it, for the screen; and where anything that it looked at may still change, once more with
//! everything that could come out, for what counts. A value of which a part is missing is never a number: it is a range.

use serde_json::Value as Json;

use crate::compare;
use crate::decimal::Decimal;
use crate::enable::{Enabled, View};
use crate::fhirpath::ast::Expr;
use crate::fhirpath::eval::{Found, Outcome, Run, Stop, Variables};
use crate::fhirpath::operators::truths;
use crate::fhirpath::value::{Collection, Item, Range};
use crate::fhirpath::world::{self, World};
use crate::formula::Formula;
use crate::item::{Item as Question, ItemKind, Operator};
use crate::plan::Plan;
use crate::truth::Truths;
use crate::value::{Quantity, Value};

/// What an expression gives as an item's value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Derived {
    /// What it is by the answers so far; several where it gives several.
    pub(crate) values: Vec<Value>,
    /// How far it can still go, where it is a number and not sure.
    pub(crate) range: Option<Range>,
    /// Whether nothing that is still to come can change it.
    pub(crate) sure: bool,
    /// Whether it hangs on answers of which several may be true.
    pub(crate) contested: bool,
    /// Whether it hangs on something of which somebody was not sure.
    pub(crate) unsure: bool,
    /// Whether it could not be worked out at all.
    pub(crate) failed: bool,
}

impl Derived {
    const UNKNOWN: Self = Self {
        values: Vec::new(),
        range: None,
        sure: false,
        contested: false,
        unsure: false,
        failed: true,
    };

    /// Whether it stands in this relation to one of these values.
    pub(crate) fn test(&self, operator: Operator, expected: &[&Value]) -> Truths {
        if self.sure && !self.values.is_empty() {
            let each = self
                .values
                .iter()
                .map(|value| any_of(value, operator, expected));
            return each.map(Truths::of).fold(Truths::FALSE, Truths::or);
        }
        let open = if self.contested {
            Truths::TRUE.with(Truths::FALSE).with(Truths::UNKNOWN)
        } else {
            Truths::UNKNOWN
        };
        let Some(range) = self.range else { return open };
        let at = |end: Option<i128>| {
            let value = Value::Decimal(Decimal::checked(end?)?);
            any_of(&value, operator, expected)
        };
        // Relations of order that hold at both ends hold between them; past an open end nobody knows.
        let is_order = !matches!(
            operator,
            Operator::Equal | Operator::NotEqual | Operator::Exists
        );
        match (at(range.low), at(range.high)) {
            (Some(low), Some(high)) if is_order && low == high => Truths::of(Some(low)),
            (Some(true), None)
                if matches!(operator, Operator::Greater | Operator::GreaterOrEqual)
                    && range.high.is_none() =>
            {
                Truths::TRUE
            }
            _ => open,
        }
    }
}

/// Whether the value stands in the relation to one of these; nothing if that hangs on one that can't be told.
pub(crate) fn any_of(value: &Value, operator: Operator, expected: &[&Value]) -> Option<bool> {
    let mut unknown = false;
    for one in expected {
        match compare::holds(value, operator, one) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// The names that an item's expressions may use.
struct Names<'w> {
    plan: &'w Plan,
    view: View<'w>,
}

impl<'w> Variables<'w> for Names<'w> {
    fn variable(&self, name: &str, entry: Option<usize>) -> Found<'w> {
        let entries = &self.view.form.entries;
        let node = entry
            .and_then(|entry| entries.get(entry))
            .map(|entry| entry.node);
        let Some((Some(formula), declared)) = self.plan.variable(name, node) else {
            return Found::NotHere;
        };
        // The entry in which it is declared: the one itself, or one above it.
        let mut at = entry;
        while let (Some(number), Some(declared)) = (at, declared) {
            let Some(entry) = entries.get(number) else {
                break;
            };
            if entry.node == declared {
                return Found::Expression(&formula.expr, Some(number));
            }
            at = entry.parent;
        }
        Found::Expression(&formula.expr, None)
    }
}

/// One look at a form through an expression.
struct Look<'w> {
    world: World<'w>,
    names: Names<'w>,
}

impl<'w> Look<'w> {
    /// For an expression that decides about the entry, and is worked out in its turn.
    fn deciding(view: View<'w>, found: &'w Enabled, entry: usize, bounds: bool) -> Self {
        let mut look = Self::new(view, found, bounds);
        let entry = view.form.entries.get(entry);
        let node = entry.and_then(|entry| view.plan.nodes.get(entry.node));
        look.world.rank = node.map(|node| node.rank);
        look
    }

    fn new(view: View<'w>, found: &'w Enabled, bounds: bool) -> Self {
        Self {
            world: World {
                view,
                items: view.items,
                found,
                questionnaire: view.plan.questionnaire.as_deref(),
                now: view.form.now.as_deref(),
                rank: None,
                bounds,
                touched: false.into(),
            },
            names: Names {
                plan: view.plan,
                view,
            },
        }
    }

    fn at(&self, entry: Option<usize>, expr: &'w Expr) -> Outcome<'w> {
        Run::new(&self.world, &self.names, &self.world.view.form.steps, entry).evaluate(expr)
    }
}

/// Whether an expression enables its item: for showing, and for counting.
pub(crate) fn condition(
    view: View,
    found: &Enabled,
    entry: usize,
    formula: &Formula,
) -> (Truths, Truths) {
    // What can't be worked out neither hides the item nor makes it certain.
    const OPEN: (Truths, Truths) = (Truths::TRUE, Truths::UNKNOWN);
    let plain = Look::deciding(view, found, entry, false);
    let Ok(shown) = plain
        .at(Some(entry), &formula.expr)
        .and_then(|outcome| truths(&outcome))
    else {
        return OPEN;
    };
    let shown = shown.unknown_as_false();
    if !plain.world.touched.get() {
        return (shown, shown);
    }
    let bounds = Look::deciding(view, found, entry, true);
    let Ok(all) = bounds
        .at(Some(entry), &formula.expr)
        .and_then(|outcome| truths(&outcome))
    else {
        return (shown, Truths::UNKNOWN);
    };
    let counts = match (all.is(Truths::TRUE), all.can_be_true()) {
        (true, _) => Truths::TRUE,
        (false, false) => Truths::FALSE,
        (false, true) => Truths::UNKNOWN,
    };
    let (contested, unsure) = doubts(view, found, entry);
    if contested && counts.is(Truths::UNKNOWN) {
        let any = Truths::TRUE.with(Truths::FALSE);
        return (any, any.with(Truths::UNKNOWN));
    }
    // "Not sure" at a gate keeps what is behind it open.
    if unsure && counts.not_ruled_out() {
        return (Truths::TRUE, counts);
    }
    (shown, counts)
}

/// The value that an expression gives to its item.
pub(crate) fn value(view: View, found: &Enabled, entry: usize, formula: &Formula) -> Derived {
    let plain = Look::deciding(view, found, entry, false);
    let Some(question) = plain.world.question(entry) else {
        return Derived::UNKNOWN;
    };
    let Ok(outcome) = plain.at(Some(entry), &formula.expr) else {
        return Derived::UNKNOWN;
    };
    let Some(values) = values_for(question, &outcome) else {
        return Derived::UNKNOWN;
    };
    if !plain.world.touched.get() {
        return Derived {
            values,
            sure: true,
            ..Derived::default()
        };
    }
    let bounds = Look::deciding(view, found, entry, true);
    let all = bounds.at(Some(entry), &formula.expr);
    let sure = all.as_ref().is_ok_and(Collection::is_sure);
    let (contested, unsure) = doubts(view, found, entry);
    Derived {
        values,
        range: all.ok().filter(|_| !sure).and_then(|all| range_of(&all)),
        sure,
        contested,
        unsure,
        failed: false,
    }
}

/// Whether anything that the expressions of an entry look at has several values that may be true, or left somebody unsure.
fn doubts(view: View, found: &Enabled, entry: usize) -> (bool, bool) {
    let node = view.form.entries.get(entry).map(|entry| entry.node);
    let Some(node) = node.and_then(|node| view.plan.nodes.get(node)) else {
        return (false, false);
    };
    let (mut contested, mut unsure) = (false, false);
    let mut look = |number: usize, question: &crate::form::Entry| {
        if let Some(derived) = found.derived(number) {
            contested |= derived.contested;
            unsure |= derived.unsure;
        }
        let shown = found.shown(number);
        contested |= view.has_several(question) || (shown.can_be_true() && shown.can_be_false());
        unsure |= found.counts(number).not_ruled_out() && view.unsure(question).can_be_true();
    };
    let earlier = |read: usize| {
        view.plan
            .nodes
            .get(read)
            .is_some_and(|read| read.rank < node.rank)
    };
    match node.reads() {
        Some(reads) => {
            for read in reads.iter().filter(|read| earlier(**read)) {
                view.form
                    .entries_of(*read)
                    .for_each(|(number, question)| look(number, question));
            }
        }
        None => {
            let all = view.form.entries.iter().enumerate();
            all.filter(|(_, question)| earlier(question.node))
                .for_each(|(number, question)| look(number, question));
        }
    }
    (contested, unsure)
}

/// The range around everything that a collection can be, if it is all numbers.
fn range_of(all: &Collection) -> Option<Range> {
    let mut ranges = all.items().map(|item| {
        if let Item::Quantity(amount) = item
            && amount.comparator.is_empty()
        {
            return Some(Range::exactly(amount.value.value()));
        }
        item.range()
    });
    let first = ranges.next()??;
    let around = ranges.try_fold(first, |around, next| Some(around.around(next?)))?;
    (!all.open).then_some(around)
}

/// What an expression gives by the answers so far, as values for this question; nothing where it can't be told or does not fit.
pub(crate) fn values(
    view: View,
    found: &Enabled,
    entry: usize,
    formula: &Formula,
) -> Option<Vec<Value>> {
    let plain = Look::new(view, found, false);
    let question = plain.world.question(entry)?;
    let outcome = plain.at(Some(entry), &formula.expr).ok()?;
    values_for(question, &outcome)
}

/// A text by the answers so far; nothing where it is none.
pub(crate) fn text(view: View, found: &Enabled, entry: usize, formula: &Formula) -> Option<String> {
    let plain = Look::new(view, found, false);
    let outcome = plain.at(Some(entry), &formula.expr).ok()?;
    let mut texts = outcome.items();
    match (texts.next(), texts.next()) {
        (Some(Item::String(text)), None) => Some(text.clone().into_owned()),
        _ => None,
    }
}

/// Whether something is so, is not so, or can't be told; an empty result can't.
pub(crate) fn truth(
    view: View,
    found: &Enabled,
    entry: Option<usize>,
    formula: &Formula,
) -> Option<bool> {
    let plain = Look::new(view, found, false);
    let outcome: Result<Truths, Stop> = plain
        .at(entry, &formula.expr)
        .and_then(|outcome| truths(&outcome));
    let truth = outcome.ok()?;
    if truth.is(Truths::TRUE) {
        return Some(true);
    }
    truth.is(Truths::FALSE).then_some(false)
}

/// What an expression gives, as JSON, and whether that is sure.
pub(crate) fn tried(
    view: View,
    found: &Enabled,
    entry: Option<usize>,
    expr: &Expr,
) -> Option<(Vec<Json>, bool)> {
    let plain = Look::new(view, found, false);
    let outcome = plain.at(entry, expr).ok()?;
    let json = outcome.items().map(|item| plain.world.json(item)).collect();
    let sure = !plain.world.touched.get() || {
        let bounds = Look::new(view, found, true);
        let all = bounds.at(entry, expr);
        all.is_ok_and(|all| all.is_sure())
    };
    Some((json, sure))
}

fn values_for(question: &Question, outcome: &Collection) -> Option<Vec<Value>> {
    outcome
        .items()
        .map(|item| value_for(question, item))
        .collect()
}

/// A thing as a value of the question's own type.
fn value_for(question: &Question, item: &Item) -> Option<Value> {
    let value = match item {
        Item::Boolean(yes) => Value::Boolean(*yes),
        Item::Integer(_) | Item::Decimal(_) if question.kind == ItemKind::Quantity => {
            let value = Decimal::checked(item.units()?)?;
            let unit = question.unit_codes.first().cloned().unwrap_or_default();
            Value::Quantity(Quantity {
                value,
                comparator: String::new(),
                unit: unit.words().to_owned(),
                system: unit.system,
                code: unit.code,
            })
        }
        Item::Integer(n) => Value::Integer(*n),
        Item::Decimal(n) if question.kind == ItemKind::Integer => Value::Integer(n.whole()?),
        Item::Decimal(n) => Value::Decimal(n.clone()),
        Item::String(text) => Value::String(text.clone().into_owned()),
        Item::Date(text) => Value::Date(text.clone().into_owned()),
        Item::DateTime(text) => Value::DateTime(text.clone().into_owned()),
        Item::Time(text) => Value::Time(text.clone().into_owned()),
        Item::Quantity(amount) if question.kind == ItemKind::Decimal => {
            Value::Decimal(amount.value.clone())
        }
        Item::Quantity(amount) if question.kind == ItemKind::Integer => {
            Value::Integer(amount.value.whole()?)
        }
        Item::Quantity(amount) => Value::Quantity(amount.clone()),
        Item::Node(node) => Value::Coding(world::coding(*node)?),
        Item::Range(_) | Item::Something => return None,
    };
    let value = crate::read::fit(question.kind, value)?;
    // An option's own words, whatever the expression called it.
    Some(
        question
            .option(&value)
            .map_or(value, |option| option.value.clone()),
    )
}
