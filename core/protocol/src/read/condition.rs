//! enableWhen: each condition as a value of its question's own type, or a fault.

use serde_json::{Map, Value as Json};

use crate::decimal::Decimal;
use crate::fault::FaultKind;
use crate::item::{Behavior, Condition, ItemKind, Operator};
use crate::json;
use crate::read::known::Known;
use crate::read::place::{Notes, Place};
use crate::value::Value;

/// The conditions of an item.
pub(super) fn conditions(
    notes: &mut Notes,
    item: &Map<String, Json>,
    place: &Place,
    known: &Known,
) -> Vec<Condition> {
    let list = notes.objects(item, "enableWhen", place);
    list.iter()
        .filter_map(|(object, at)| condition(notes, object, at, known))
        .collect()
}

/// How they go together. FHIR wants it said where there are several; where it is not, one is enough, which shows more.
pub(super) fn behavior(
    notes: &mut Notes,
    item: &Map<String, Json>,
    place: &Place,
    conditions: usize,
) -> Behavior {
    match notes.string(item, "enableBehavior", place).as_deref() {
        Some("all") => Behavior::All,
        Some("any") => Behavior::Any,
        Some(_) => {
            notes.fault(
                &place.member("enableBehavior"),
                FaultKind::NotAllowed,
                "expected 'any' or 'all'",
            );
            Behavior::Any
        }
        None => {
            if conditions > 1 {
                let message =
                    "several enableWhen need 'any' or 'all'; read as 'any', which hides least";
                notes.warn(&place.member("enableBehavior"), FaultKind::Missing, message);
            }
            Behavior::Any
        }
    }
}

fn condition(
    notes: &mut Notes,
    object: &Map<String, Json>,
    at: &Place,
    known: &Known,
) -> Option<Condition> {
    let operator = operator(notes, object, at);
    let question = question(notes, object, at, known);
    let answer = object.iter().find(|(name, _)| name.starts_with("answer"));
    let Some((name, answer)) = answer else {
        notes.fault(at, FaultKind::Missing, "an enableWhen needs an answer[x]");
        return None;
    };
    let (operator, (question, kind)) = (operator?, question?);
    let at = at.member(name);
    let (expected, comparable) = match operator {
        Operator::Exists => (exists(notes, answer, &at)?, true),
        Operator::Equal
        | Operator::NotEqual
        | Operator::Greater
        | Operator::Less
        | Operator::GreaterOrEqual
        | Operator::LessOrEqual => compared(notes, kind, name, answer, &at)?,
    };
    Some(Condition {
        question,
        operator,
        expected,
        comparable,
    })
}

fn operator(notes: &mut Notes, object: &Map<String, Json>, at: &Place) -> Option<Operator> {
    let operator = match object.get("operator").and_then(Json::as_str) {
        Some("exists") => Some(Operator::Exists),
        Some("=") => Some(Operator::Equal),
        Some("!=") => Some(Operator::NotEqual),
        Some(">") => Some(Operator::Greater),
        Some("<") => Some(Operator::Less),
        Some(">=") => Some(Operator::GreaterOrEqual),
        Some("<=") => Some(Operator::LessOrEqual),
        Some(_) | None => None,
    };
    if operator.is_none() {
        notes.fault(
            &at.member("operator"),
            FaultKind::NotAllowed,
            "expected exists, =, !=, >, <, >= or <=",
        );
    }
    operator
}

fn question(
    notes: &mut Notes,
    object: &Map<String, Json>,
    at: &Place,
    known: &Known,
) -> Option<(String, ItemKind)> {
    let Some(question) = notes.string(object, "question", at) else {
        if !object.contains_key("question") {
            notes.fault(
                &at.member("question"),
                FaultKind::Missing,
                "an enableWhen needs the linkId of a question",
            );
        }
        return None;
    };
    let at_question = at.member("question");
    let Some(kind) = known.get(&question) else {
        let holder = at.link_id.as_deref().unwrap_or("?");
        let message = format!(
            "Question with linkId '{holder}' contains enableWhen pointing to a question with linkId '{question}' that does not exist."
        );
        notes.fault(&at_question, FaultKind::NoSuchTarget, message);
        return None;
    };
    // An item whose own type is wrong has a fault of its own.
    let kind = (*kind)?;
    if !kind.is_question() {
        let message = format!(
            "'{question}' is a {}, and only a question can be looked at",
            kind.code()
        );
        notes.fault(&at_question, FaultKind::NoSuchTarget, message);
        return None;
    }
    Some((question, kind))
}

fn exists(notes: &mut Notes, answer: &Json, at: &Place) -> Option<Value> {
    if answer.as_bool().is_none() {
        notes.fault(
            at,
            FaultKind::WrongType,
            "'exists' needs answerBoolean true or false",
        );
    }
    answer.as_bool().map(Value::Boolean)
}

/// The value to compare with, and whether it can be compared. One under the wrong name that still reads as the question's type is
/// taken with a warning; one of another type is kept with a warning, because real files have them, and the condition is unknown.
fn compared(
    notes: &mut Notes,
    kind: ItemKind,
    name: &str,
    answer: &Json,
    at: &Place,
) -> Option<(Value, bool)> {
    let declared = name
        .strip_prefix("answer")
        .and_then(|declared| json::read_value(declared, answer).ok());
    if let Some(value) = declared.clone().and_then(|value| fit(kind, value)) {
        return Some((value, true));
    }
    if let Some(value) = type_names(kind)
        .iter()
        .find_map(|own| fit(kind, json::read_value(own, answer).ok()?))
    {
        let own = value.type_name();
        let message = format!(
            "{name} does not fit a question of type {}; read as value{own}",
            kind.code()
        );
        notes.warn(at, FaultKind::WrongType, message);
        return Some((value, true));
    }
    let Some(value) = declared else {
        notes.fault(
            at,
            FaultKind::WrongType,
            format!("not a valid {name} for a question of type {}", kind.code()),
        );
        return None;
    };
    let message = format!(
        "{name} can't be compared with answers of a question of type {}: it is unknown, so the item stays open",
        kind.code()
    );
    notes.warn(at, FaultKind::NotSupported, message);
    Some((value, false))
}

/// The types under which a question's value may come.
fn type_names(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::Boolean => &["Boolean"],
        ItemKind::Decimal => &["Decimal"],
        ItemKind::Integer => &["Integer"],
        ItemKind::Date => &["Date"],
        ItemKind::DateTime => &["DateTime"],
        ItemKind::Time => &["Time"],
        ItemKind::String | ItemKind::Text => &["String"],
        ItemKind::Url => &["Uri"],
        ItemKind::Choice | ItemKind::OpenChoice => &["Coding", "String"],
        ItemKind::Quantity => &["Quantity"],
        ItemKind::Group | ItemKind::Display | ItemKind::Attachment | ItemKind::Reference => &[],
    }
}

/// The value as this kind of question has it, if it can be.
pub(crate) fn fit(kind: ItemKind, value: Value) -> Option<Value> {
    Some(match (kind, value) {
        (ItemKind::Decimal, Value::Integer(n)) => Value::Decimal(Decimal::from(n)),
        (ItemKind::DateTime, Value::Date(text)) => Value::DateTime(text),
        (ItemKind::Url, Value::String(text)) => Value::Uri(text),
        (ItemKind::Boolean, value @ Value::Boolean(_))
        | (ItemKind::Decimal, value @ Value::Decimal(_))
        | (ItemKind::Integer, value @ Value::Integer(_))
        | (ItemKind::Date, value @ Value::Date(_))
        | (ItemKind::DateTime, value @ Value::DateTime(_))
        | (ItemKind::Time, value @ Value::Time(_))
        | (ItemKind::String | ItemKind::Text, value @ Value::String(_))
        | (ItemKind::Url, value @ Value::Uri(_))
        | (ItemKind::Quantity, value @ Value::Quantity(_))
        | (
            ItemKind::Choice | ItemKind::OpenChoice,
            value @ (Value::Coding(_)
            | Value::String(_)
            | Value::Integer(_)
            | Value::Date(_)
            | Value::Time(_)),
        ) => value,
        _ => return None,
    })
}
