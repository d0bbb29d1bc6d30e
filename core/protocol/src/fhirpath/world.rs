//! The answers seen as a `QuestionnaireResponse`, and the Questionnaire beside it, without either being written out.
//!
//! There are two ways to look. The plain one is FHIR's own: what is enabled and answered is there, all else is not. The other one
//! keeps what may still come: an unanswered question stands there as something missing, and what is not ruled out may be there.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::Value as Json;

use crate::decimal::Decimal;
use crate::enable::{Enabled, View};
use crate::fhirpath::value::{Collection, Elem, Item, Range};
use crate::form::Entry;
use crate::item::{Item as Question, ItemKind};
use crate::plan::Shape;
use crate::truth::Truths;
use crate::value::{Coding, Value};
use crate::worked::Derived;

/// A part of the response or of the Questionnaire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Node<'w> {
    /// The whole response.
    Response,
    /// An item of it.
    Entry(usize),
    /// An answer of an item, and in which of its places it stands.
    Answer(usize, &'w Value, Option<usize>),
    /// The answer that an item does not have yet.
    Missing(usize),
    /// The coding of an answer.
    Coding(usize, &'w Value),
    /// The value that an item does not have yet.
    MissingValue(usize),
    /// Something of the Questionnaire's own file.
    Json(&'w Json),
}

/// What an expression is worked out on.
pub(crate) struct World<'w> {
    pub(crate) view: View<'w>,
    pub(crate) items: &'w [Question],
    pub(crate) found: &'w Enabled,
    pub(crate) questionnaire: Option<&'w Json>,
    pub(crate) now: Option<&'w str>,
    /// The rank of the item whose expression decides about it: of what is worked out later, nothing is known yet. Nothing for
    /// expressions that decide about no other, which come after all.
    pub(crate) rank: Option<usize>,
    /// Whether what may still come is looked at too.
    pub(crate) bounds: bool,
    /// Whether anything was looked at that may still change.
    pub(crate) touched: Cell<bool>,
}

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Presence {
    Absent,
    Maybe,
    Sure,
}

impl<'w> World<'w> {
    fn entry(&self, number: usize) -> Option<&'w Entry> {
        self.view.form.entries.get(number)
    }

    /// The question or group of an entry.
    pub(crate) fn question(&self, entry: usize) -> Option<&'w Question> {
        self.view.plan.item(self.items, self.entry(entry)?.node)
    }

    fn shape(&self, entry: &Entry) -> Shape {
        let node = self.view.plan.nodes.get(entry.node);
        node.map_or(Shape::None, |node| node.shape)
    }

    fn comes_later(&self, number: usize) -> bool {
        let Some(own) = self.rank else { return false };
        let node = self
            .entry(number)
            .and_then(|entry| self.view.plan.nodes.get(entry.node));
        node.is_some_and(|node| node.rank > own)
    }

    /// What is worked out for an entry, if that is known yet.
    fn derived(&self, number: usize) -> Option<&'w Derived> {
        let derived = self.found.derived(number)?;
        let own = self.rank.is_some_and(|own| {
            let node = self
                .entry(number)
                .and_then(|entry| self.view.plan.nodes.get(entry.node));
            node.is_some_and(|node| node.rank >= own)
        });
        (!own).then_some(derived)
    }

    /// Whether the entry is part of the response.
    fn stands(&self, number: usize) -> Presence {
        let (shown, counts) = if self.comes_later(number) {
            (Truths::TRUE, Truths::UNKNOWN)
        } else {
            (self.found.shown(number), self.found.counts(number))
        };
        let either = shown.can_be_true() && shown.can_be_false();
        if either || (!counts.is(Truths::TRUE) && counts.not_ruled_out()) {
            self.touched.set(true);
        }
        match (self.bounds, counts.is(Truths::TRUE)) {
            (true, true) => Presence::Sure,
            (true, false) if counts.not_ruled_out() => Presence::Maybe,
            (false, _) if shown.is(Truths::TRUE) => Presence::Sure,
            (true | false, _) => Presence::Absent,
        }
    }

    /// The entries right below one, or below the whole response.
    fn below(&self, parent: Option<usize>) -> impl Iterator<Item = (usize, &'w Entry)> + use<'w> {
        let entries = self.view.form.entries.as_slice();
        let (mut at, end) = match parent {
            None => (0, entries.len()),
            Some(parent) => (parent + 1, entries.get(parent).map_or(0, |entry| entry.end)),
        };
        std::iter::from_fn(move || {
            let number = at;
            let entry = entries.get(number).filter(|_| number < end)?;
            at = entry.end.max(number + 1);
            Some((number, entry))
        })
    }

    /// The items below a node.
    pub(crate) fn items_of(&self, node: Node<'w>, sure: bool, out: &mut Collection<'w>) {
        let Some((parent, repeat)) = self.holder(node) else {
            return;
        };
        for (number, entry) in self.below(parent) {
            self.add_item(number, entry, repeat, sure, out);
        }
    }

    /// Those of them with this linkId.
    pub(crate) fn item_named(
        &self,
        node: Node<'w>,
        link: &str,
        sure: bool,
        out: &mut Collection<'w>,
    ) {
        let (Some((parent, repeat)), Some(wanted)) =
            (self.holder(node), self.view.plan.index(link))
        else {
            return;
        };
        for (number, entry) in self.view.form.entries_of(wanted) {
            if entry.parent == parent {
                self.add_item(number, entry, repeat, sure, out);
            }
        }
    }

    /// The entry below which a node's items stand, and the repeat in which they do; nothing for a node without items.
    fn holder(&self, node: Node<'w>) -> Option<(Option<usize>, Option<uuid::Uuid>)> {
        match node {
            Node::Response => Some((None, None)),
            Node::Entry(entry) => (!self.is_question(entry)).then_some((Some(entry), None)),
            Node::Answer(entry, _, slot) => {
                Some((Some(entry), slot.and_then(|slot| self.repeat_of(slot))))
            }
            Node::Missing(entry) => Some((Some(entry), None)),
            Node::Json(_) | Node::Coding(..) | Node::MissingValue(_) => None,
        }
    }

    fn add_item(
        &self,
        number: usize,
        entry: &Entry,
        repeat: Option<uuid::Uuid>,
        sure: bool,
        out: &mut Collection<'w>,
    ) {
        let other = |id| entry.chain.last().map(|(_, own)| *own) != Some(id);
        if repeat.is_some_and(other) {
            return;
        }
        let stands = self.stands(number);
        if stands != Presence::Absent {
            out.elems.push(Elem {
                item: Item::Node(Node::Entry(number)),
                sure: sure && stands == Presence::Sure,
            });
        }
    }

    fn repeat_of(&self, slot: usize) -> Option<uuid::Uuid> {
        match self.view.form.slots.get(slot)?.path.leaf() {
            crate::path::Leaf::Instance(id) => Some(*id),
            crate::path::Leaf::Whole | crate::path::Leaf::Option(_) => None,
        }
    }

    /// The answers of an item, and in the second way to look, that it may get one.
    pub(crate) fn answers_of(&self, number: usize, sure: bool, out: &mut Collection<'w>) {
        let Some(entry) = self.entry(number).filter(|_| self.is_question(number)) else {
            return;
        };
        let derived = self.derived(number);
        let own_stands = self.question(number).is_some_and(|q| !q.read_only);
        let mut answered = false;
        if derived.is_none() || own_stands {
            for (slot, place) in self.view.form.numbered(entry) {
                let candidates = self.view.candidates(slot, place);
                let contested = candidates.len() > 1;
                if contested {
                    self.touched.set(true);
                }
                for reading in candidates {
                    let Some(value) = &reading.value else {
                        continue;
                    };
                    if contested && !self.bounds {
                        continue;
                    }
                    answered |= !contested;
                    out.elems.push(Elem {
                        item: Item::Node(Node::Answer(number, value, Some(slot))),
                        sure: !self.bounds || (sure && !contested && !reading.leaves_open),
                    });
                }
            }
        }
        if let (Some(derived), false) = (derived, answered) {
            return self.derived_answers(number, derived, sure, out);
        }
        if self.view.waits(entry).can_be_true() {
            self.touched.set(true);
            if self.bounds {
                out.elems.push(Elem {
                    item: Item::Node(Node::Missing(number)),
                    sure: false,
                });
            }
        }
    }

    fn derived_answers(
        &self,
        number: usize,
        derived: &'w Derived,
        sure: bool,
        out: &mut Collection<'w>,
    ) {
        if !derived.sure {
            self.touched.set(true);
        }
        if self.bounds && !derived.sure {
            out.elems.push(Elem {
                item: Item::Node(Node::Missing(number)),
                sure: false,
            });
            return;
        }
        for value in &derived.values {
            out.elems.push(Elem {
                item: Item::Node(Node::Answer(number, value, None)),
                sure: !self.bounds || (sure && derived.sure),
            });
        }
    }

    fn is_question(&self, entry: usize) -> bool {
        self.question(entry).is_some_and(|q| q.kind.is_question())
    }

    /// Whether an item holds any answer: one that holds none is left out of a response.
    pub(crate) fn presence(&self, node: Node<'w>) -> Presence {
        match node {
            Node::Missing(_) | Node::MissingValue(_) => Presence::Maybe,
            Node::Response | Node::Answer(..) | Node::Coding(..) | Node::Json(_) => Presence::Sure,
            Node::Entry(number) => {
                let mut best = Presence::Absent;
                let mut stack = vec![(number, true)];
                while let Some((number, sure)) = stack.pop() {
                    let mut answers = Collection::empty();
                    self.answers_of(number, sure, &mut answers);
                    for answer in &answers.elems {
                        let missing = matches!(answer.item, Item::Node(Node::Missing(_)));
                        best = best.max(if answer.sure && !missing {
                            Presence::Sure
                        } else {
                            Presence::Maybe
                        });
                    }
                    if best == Presence::Sure {
                        break;
                    }
                    for (below, _) in self.below(Some(number)) {
                        match self.stands(below) {
                            Presence::Absent => {}
                            stands => stack.push((below, sure && stands == Presence::Sure)),
                        }
                    }
                }
                best
            }
        }
    }

    /// What stands under a name at a node.
    pub(crate) fn member(&self, node: Node<'w>, name: &str, sure: bool, out: &mut Collection<'w>) {
        let mut push = |item: Item<'w>, sure: bool| out.elems.push(Elem { item, sure });
        match (node, name) {
            (Node::Response | Node::Answer(..) | Node::Missing(_), "item") => {
                self.items_of(node, sure, out);
            }
            (Node::Response, "resourceType") => {
                push(Item::String(Cow::Borrowed("QuestionnaireResponse")), sure);
            }
            // Who, when and about whom is not known here.
            (Node::Response, "subject" | "author" | "authored" | "encounter" | "source") => {
                self.touched.set(true);
                out.open |= self.bounds;
            }
            (Node::Entry(_), "item") => self.items_of(node, sure, out),
            (Node::Entry(entry), "answer") => self.answers_of(entry, sure, out),
            (Node::Entry(entry), "linkId" | "text") => {
                let Some(question) = self.question(entry) else {
                    return;
                };
                let text = if name == "linkId" {
                    &question.link_id
                } else {
                    &question.text.plain
                };
                // An item without any answer is no part of a response, and so says nothing of itself.
                let stands = self.presence(node);
                if !text.is_empty()
                    && stands
                        > if self.bounds {
                            Presence::Absent
                        } else {
                            Presence::Maybe
                        }
                {
                    push(
                        Item::String(Cow::Borrowed(text)),
                        sure && stands == Presence::Sure,
                    );
                }
            }
            (Node::Answer(entry, value, _), _) => {
                if is_value(name, value) {
                    push(item_of(entry, value), sure);
                }
            }
            (Node::Missing(entry), _) => {
                if name.starts_with("value") {
                    self.missing_value(entry, out);
                }
            }
            (Node::Coding(_, value), _) => {
                if let Some(text) = coding_member(value, name) {
                    push(Item::String(Cow::Borrowed(text)), sure);
                }
            }
            (Node::MissingValue(_), _) => push(Item::Something, false),
            (Node::Json(json), _) => json_member(json, name, sure, out),
            (Node::Response | Node::Entry(_), _) => {}
        }
    }

    /// What the value may be that an item does not have yet.
    fn missing_value(&self, entry: usize, out: &mut Collection<'w>) {
        let Some(question) = self.question(entry) else {
            return;
        };
        let limit = |value: &Option<Value>| match value {
            Some(Value::Integer(n)) => Some(Decimal::from(*n).value()),
            Some(Value::Decimal(n)) => Some(n.value()),
            _ => None,
        };
        let items = match question.kind {
            ItemKind::Boolean => vec![Item::Boolean(true), Item::Boolean(false)],
            ItemKind::Integer | ItemKind::Decimal => {
                let derived = self.derived(entry).and_then(|derived| derived.range);
                let range = derived.unwrap_or_else(|| Range {
                    low: limit(&question.min_value),
                    high: limit(&question.max_value),
                });
                vec![Item::Range(range)]
            }
            ItemKind::Choice | ItemKind::OpenChoice => vec![Item::Node(Node::MissingValue(entry))],
            ItemKind::Group
            | ItemKind::Display
            | ItemKind::Date
            | ItemKind::DateTime
            | ItemKind::Time
            | ItemKind::String
            | ItemKind::Text
            | ItemKind::Url
            | ItemKind::Quantity
            | ItemKind::Attachment
            | ItemKind::Reference => vec![Item::Something],
        };
        let elems = items.into_iter().map(|item| Elem { item, sure: false });
        out.elems.extend(elems);
    }

    /// Everything right below a node.
    pub(crate) fn children(&self, node: Node<'w>, sure: bool, out: &mut Collection<'w>) {
        let names: &[&str] = match node {
            Node::Response => &["resourceType", "item"],
            Node::Entry(_) => &["linkId", "text", "answer", "item"],
            Node::Answer(..) | Node::Missing(_) => &["value", "item"],
            Node::Coding(..) => &["system", "code", "display"],
            // The texts below a code lead nowhere: it is the code itself that expressions ask for.
            Node::MissingValue(_) => &[],
            Node::Json(json) => {
                let names = json
                    .as_object()
                    .into_iter()
                    .flat_map(|object| object.keys());
                let plain = names.filter(|name| !name.starts_with('_'));
                return plain.for_each(|name| json_member(json, name, sure, out));
            }
        };
        for name in names {
            self.member(node, name, sure, out);
        }
    }

    /// SDC's score of an answer, or of its value.
    pub(crate) fn weight(&self, node: Node<'w>, sure: bool, out: &mut Collection<'w>) {
        match node {
            Node::Answer(entry, value, _) | Node::Coding(entry, value) => {
                let Some(question) = self.question(entry) else {
                    return;
                };
                let option = question.option(value);
                match option.map(|option| option.score.as_ref()) {
                    Some(Some(score)) => out.elems.push(Elem {
                        item: score
                            .whole()
                            .map_or_else(|| Item::Decimal(score.clone()), Item::Integer),
                        sure,
                    }),
                    Some(None) => {}
                    // An answer in one's own words has no score, and nobody knows what it would have been.
                    None => self.open_weight(entry, out),
                }
            }
            Node::Missing(entry) | Node::MissingValue(entry) => self.open_weight(entry, out),
            Node::Json(json) => {
                let score = json
                    .as_object()
                    .and_then(crate::read::extension::score)
                    .and_then(|score| Item::number(score.value(), true));
                out.elems.extend(score.map(|item| Elem { item, sure }));
            }
            Node::Response | Node::Entry(_) => {}
        }
    }

    fn open_weight(&self, entry: usize, out: &mut Collection<'w>) {
        let Some(question) = self.question(entry) else {
            return;
        };
        if question.options.iter().all(|option| option.score.is_none()) {
            return;
        }
        self.touched.set(true);
        if self.bounds {
            let shape = self.entry(entry).map_or(Shape::None, |e| self.shape(e));
            let (low, high) = crate::score::open(question, shape);
            out.elems.push(Elem {
                item: Item::Range(Range {
                    low: Some(low),
                    high: Some(high),
                }),
                sure: false,
            });
        }
    }
}

/// Whether `value` or `valueCoding` and the like names this value.
fn is_value(name: &str, value: &Value) -> bool {
    name.strip_prefix("value")
        .is_some_and(|kind| kind.is_empty() || kind == value.type_name())
}

/// An answer's value as expressions see it.
pub(crate) fn item_of(entry: usize, value: &Value) -> Item<'_> {
    match value {
        Value::Boolean(yes) => Item::Boolean(*yes),
        Value::Integer(n) => Item::Integer(*n),
        Value::Decimal(n) => Item::Decimal(n.clone()),
        Value::String(text) | Value::Uri(text) => Item::String(Cow::Borrowed(text)),
        Value::Date(text) => Item::Date(Cow::Borrowed(text)),
        Value::DateTime(text) => Item::DateTime(Cow::Borrowed(text)),
        Value::Time(text) => Item::Time(Cow::Borrowed(text)),
        Value::Coding(_) => Item::Node(Node::Coding(entry, value)),
        Value::Quantity(quantity) => Item::Quantity(quantity.clone()),
    }
}

fn coding_member<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    let Value::Coding(coding) = value else {
        return None;
    };
    let text = match name {
        "system" => &coding.system,
        "code" => &coding.code,
        "display" => &coding.display,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A member of the Questionnaire's own JSON; `value` stands for `valueCoding` and the like.
fn json_member<'w>(json: &'w Json, name: &str, sure: bool, out: &mut Collection<'w>) {
    let Some(object) = json.as_object() else {
        return;
    };
    let found = object.get_key_value(name).or_else(|| {
        object
            .iter()
            .find(|(member, _)| name == "value" && member.starts_with("value"))
    });
    let Some((member, value)) = found else { return };
    let values = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    let items = values.iter().filter_map(|value| json_item(member, value));
    out.elems.extend(items.map(|item| Elem { item, sure }));
}

/// A part of the Questionnaire as expressions see it.
fn json_item<'w>(member: &str, value: &'w Json) -> Option<Item<'w>> {
    Some(match value {
        Json::Bool(yes) => Item::Boolean(*yes),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Item::Integer(whole),
            None => Item::Decimal(Decimal::parse(&number.to_string())?),
        },
        Json::String(text) => {
            let text = Cow::Borrowed(text.as_str());
            if member.ends_with("DateTime") {
                Item::DateTime(text)
            } else if member.ends_with("Date") {
                Item::Date(text)
            } else if member.ends_with("Time") {
                Item::Time(text)
            } else {
                Item::String(text)
            }
        }
        Json::Null | Json::Array(_) => return None,
        Json::Object(_) => Item::Node(Node::Json(value)),
    })
}

/// The coding that a node is, if it is one.
pub(crate) fn coding(node: Node) -> Option<Coding> {
    match node {
        Node::Coding(_, Value::Coding(coding)) => Some(coding.clone()),
        Node::Json(json) => crate::json::coding(json),
        Node::Response
        | Node::Entry(_)
        | Node::Answer(..)
        | Node::Missing(_)
        | Node::Coding(..)
        | Node::MissingValue(_) => None,
    }
}
