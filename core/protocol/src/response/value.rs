//! One value as an `answer` of a response: with its score where the option has one.

use serde_json::{Value as Json, json};

use super::HL7;
use crate::answer::Answer;
use crate::item::Item;
use crate::value::Value;

/// Whether FHIR has it as a value at all: a text of nothing but spaces is none.
pub(super) fn says_something(value: &Value) -> bool {
    match value {
        Value::String(text) | Value::Uri(text) => !text.trim().is_empty(),
        Value::Boolean(_)
        | Value::Integer(_)
        | Value::Decimal(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Coding(_)
        | Value::Quantity(_) => true,
    }
}

/// The `answer` element. A chosen code keeps its score, so that the reader needs no Questionnaire to add them up.
pub(super) fn answer(item: &Item, value: &Value) -> Json {
    let mut answer = Answer::Value(value.clone()).to_json();
    let score = item.option(value).and_then(|option| option.score.as_ref());
    if let (Some(score), Some(coding)) = (
        score.map(crate::json::number),
        answer.get_mut("valueCoding").and_then(Json::as_object_mut),
    ) {
        coding.insert(
            "extension".to_owned(),
            json!([{"url": format!("{HL7}ordinalValue"), "valueDecimal": score}]),
        );
    }
    answer
}
