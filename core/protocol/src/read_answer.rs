//! What an answer counts as: its value, what "not sure" or a minor's refusal stands for, or nothing.

use crate::answer::Answer;
use crate::item::ItemKind;
use crate::path::AnswerPath;
use crate::plan::{Node, Shape};
use crate::triage::Person;
use crate::value::Value;

/// One path of a question with every value that may be true.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) path: AnswerPath,
    pub(crate) candidates: Vec<Reading>,
}

/// What one candidate counts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The value that counts; nothing for what says nothing (refused, not now, not sure, an option not chosen, a value of a wrong type).
    pub(crate) value: Option<Value>,
    /// Whether the question is still not answered although something counts.
    pub(crate) leaves_open: bool,
    /// Whether the person was not sure, and the rules do not say what that counts as.
    pub(crate) unsure: bool,
}

impl Reading {
    const NOTHING: Self = Self {
        value: None,
        leaves_open: true,
        unsure: false,
    };
}

/// What each candidate counts as. `option` is the value of the option where the path names one.
pub(crate) fn readings(
    answers: &[Answer],
    option: Option<&Value>,
    kind: ItemKind,
    node: &Node,
    person: Person,
) -> Vec<Reading> {
    answers
        .iter()
        .map(|answer| reading(answer, option, kind, node, person))
        .collect()
}

fn reading(
    answer: &Answer,
    option: Option<&Value>,
    kind: ItemKind,
    node: &Node,
    person: Person,
) -> Reading {
    match (answer, option) {
        (Answer::Value(Value::Boolean(true)), Some(option)) => Reading {
            value: Some(option.clone()),
            leaves_open: false,
            unsure: false,
        },
        // A value of a wrong type can only come from a faulty or hostile device: it answers nothing, so the level stays open.
        (Answer::Value(value), None) if node.shape != Shape::Multi && fits(kind, value) => {
            Reading {
                value: Some(value.clone()),
                leaves_open: false,
                unsure: false,
            }
        }
        (Answer::Unsure, None) => match &node.unsure_as {
            Some(value) => Reading {
                value: Some(value.clone()),
                leaves_open: false,
                unsure: false,
            },
            None => Reading {
                unsure: true,
                ..Reading::NOTHING
            },
        },
        (Answer::Declined, None) if person.minor == Some(true) => Reading {
            value: node.refusal_as.clone(),
            ..Reading::NOTHING
        },
        // An option that is not chosen, a refusal, a value of a wrong type.
        (Answer::Value(_) | Answer::Declined | Answer::NotNow | Answer::Unsure, _) => {
            Reading::NOTHING
        }
    }
}

/// Whether a value is of the type that this kind of question has.
pub(crate) fn fits(kind: ItemKind, value: &Value) -> bool {
    match kind {
        ItemKind::Boolean => matches!(value, Value::Boolean(_)),
        ItemKind::Decimal => matches!(value, Value::Decimal(_) | Value::Integer(_)),
        ItemKind::Integer => matches!(value, Value::Integer(_)),
        ItemKind::Date => matches!(value, Value::Date(_)),
        ItemKind::DateTime => matches!(value, Value::DateTime(_)),
        ItemKind::Time => matches!(value, Value::Time(_)),
        ItemKind::String | ItemKind::Text => matches!(value, Value::String(_)),
        ItemKind::Url => matches!(value, Value::Uri(_)),
        ItemKind::Quantity => matches!(value, Value::Quantity(_)),
        ItemKind::Choice | ItemKind::OpenChoice => {
            matches!(
                value,
                Value::Coding(_)
                    | Value::String(_)
                    | Value::Integer(_)
                    | Value::Date(_)
                    | Value::Time(_)
            )
        }
        ItemKind::Group | ItemKind::Display | ItemKind::Attachment | ItemKind::Reference => false,
    }
}
