//! Checks answers against their item: type, options, limits and length.

use std::cmp::Ordering;

use crate::accept::Wrong;
use crate::answer::Answer;
use crate::compare;
use crate::item::{Item, ItemKind};
use crate::plan::Shape;
use crate::read_answer::fits;
use crate::value::{MAX_TEXT_BYTES, Quantity, Value};

/// More answers than this to one question are refused.
const MAX_ANSWERS: usize = 1_000;

/// The answers as the item has them, or what is wrong with the first that does not fit.
pub(crate) fn check(item: &Item, shape: Shape, answers: Vec<Answer>) -> Result<Vec<Answer>, Wrong> {
    let is_value = |answer: &Answer| answer.value().is_some();
    if item.read_only && answers.iter().any(is_value) {
        return Err(Wrong::ReadOnly);
    }
    let most = match shape {
        Shape::Single | Shape::None => 1,
        Shape::Multi | Shape::List => item.max_occurs.unwrap_or(MAX_ANSWERS).min(MAX_ANSWERS),
    };
    // What is said instead of a value stands alone.
    let said = answers.iter().any(|answer| !is_value(answer));
    if answers.len() > most || (said && answers.len() > 1) {
        return Err(Wrong::TooMany {
            most: if said { 1 } else { most },
        });
    }
    if answers.is_empty() && shape == Shape::Single {
        return Err(Wrong::NotAnAnswer);
    }
    let answers: Vec<Answer> = answers
        .into_iter()
        .map(|answer| one(item, answer))
        .collect::<Result<_, _>>()?;
    let alone = answers
        .iter()
        .filter_map(Answer::value)
        .any(|value| item.option(value).is_some_and(|option| option.stands_alone));
    if alone && answers.len() > 1 {
        return Err(Wrong::NotAlone);
    }
    Ok(answers)
}

pub(crate) fn one(item: &Item, answer: Answer) -> Result<Answer, Wrong> {
    match answer {
        Answer::Value(_) if !item.kind.is_supported() => Err(Wrong::NotSupported(item.kind)),
        Answer::Value(value) => {
            let value = typed(item, value)?;
            limits(item, &value)?;
            length(item, &value)?;
            places(item, &value)?;
            form(item, &value)?;
            Ok(Answer::Value(value))
        }
        // Declining is allowed at every question, a required one too.
        said @ (Answer::Declined | Answer::Unsure | Answer::NotNow) => Ok(said),
    }
}

/// The value in the item's own type; for a choice, the option with its own words.
pub(crate) fn typed(item: &Item, value: Value) -> Result<Value, Wrong> {
    let value = match (item.kind, value) {
        (ItemKind::Decimal, Value::Integer(whole)) => Value::Decimal(whole.into()),
        (ItemKind::DateTime, Value::Date(date)) => Value::DateTime(date),
        (ItemKind::Url, Value::String(address)) => Value::Uri(address),
        (_, value) => value,
    };
    if !fits(item.kind, &value) {
        return Err(Wrong::WrongType {
            expected: expected(item.kind),
            found: value.type_name().to_owned(),
        });
    }
    if let Some(option) = item.option(&value) {
        return Ok(option.value.clone());
    }
    let free = match item.kind {
        // Words of one's own are a string; a code that is not offered is none of the options.
        ItemKind::OpenChoice => matches!(value, Value::String(_)) || !item.options_known,
        ItemKind::Choice => !item.options_known,
        ItemKind::Boolean
        | ItemKind::Decimal
        | ItemKind::Integer
        | ItemKind::Date
        | ItemKind::DateTime
        | ItemKind::Time
        | ItemKind::String
        | ItemKind::Text
        | ItemKind::Url
        | ItemKind::Quantity
        | ItemKind::Group
        | ItemKind::Display
        | ItemKind::Attachment
        | ItemKind::Reference => item.options.is_empty(),
    };
    if free {
        Ok(value)
    } else {
        Err(Wrong::NotAnOption {
            options: item.options.len(),
        })
    }
}

fn expected(kind: ItemKind) -> String {
    let name = match kind {
        ItemKind::Boolean => "valueBoolean",
        ItemKind::Decimal => "valueDecimal",
        ItemKind::Integer => "valueInteger",
        ItemKind::Date => "valueDate",
        ItemKind::DateTime => "valueDateTime",
        ItemKind::Time => "valueTime",
        ItemKind::String | ItemKind::Text => "valueString",
        ItemKind::Url => "valueUri",
        ItemKind::Choice => "valueCoding, or the option's own type",
        ItemKind::OpenChoice => "valueCoding, or valueString for words of one's own",
        ItemKind::Quantity => "valueQuantity",
        ItemKind::Group | ItemKind::Display | ItemKind::Attachment | ItemKind::Reference => {
            "nothing"
        }
    };
    name.to_owned()
}

fn limits(item: &Item, value: &Value) -> Result<(), Wrong> {
    if let Some(least) = &item.min_value
        && compare::order(value, least) == Some(Ordering::Less)
    {
        return Err(Wrong::BelowLeast {
            least: least.words(),
        });
    }
    if let Some(greatest) = &item.max_value
        && compare::order(value, greatest) == Some(Ordering::Greater)
    {
        return Err(Wrong::AboveGreatest {
            greatest: greatest.words(),
        });
    }
    Ok(())
}

/// Digits behind the point; an amount's too.
fn places(item: &Item, value: &Value) -> Result<(), Wrong> {
    let (Value::Decimal(number) | Value::Quantity(Quantity { value: number, .. })) = value else {
        return Ok(());
    };
    match item.max_decimals {
        Some(most) if number.places() > most => Err(Wrong::TooPrecise { most }),
        Some(_) | None => Ok(()),
    }
}

/// The pattern that the file asks for. One that takes too long to compare refuses nothing.
fn form(item: &Item, value: &Value) -> Result<(), Wrong> {
    let Some(pattern) = &item.pattern else {
        return Ok(());
    };
    let fits = match value {
        Value::String(text) | Value::Uri(text) => pattern.fits(text),
        Value::Integer(_) | Value::Decimal(_) | Value::Date(_) | Value::Time(_) => {
            pattern.fits(&value.words())
        }
        Value::Boolean(_) | Value::DateTime(_) | Value::Coding(_) | Value::Quantity(_) => None,
    };
    if fits == Some(false) {
        return Err(Wrong::WrongForm {
            example: item.entry_format.plain.clone(),
        });
    }
    Ok(())
}

fn length(item: &Item, value: &Value) -> Result<(), Wrong> {
    let (Value::String(text) | Value::Uri(text)) = value else {
        return Ok(());
    };
    let longest = item.max_length.unwrap_or(MAX_TEXT_BYTES);
    if text.len() > MAX_TEXT_BYTES || text.chars().count() > longest {
        return Err(Wrong::TooLong { longest });
    }
    let shortest = item.min_length.unwrap_or(0);
    if text.chars().count() < shortest {
        return Err(Wrong::TooShort { shortest });
    }
    Ok(())
}
