//! What was said instead of a value, as FHIR's `data-absent-reason`.

use serde_json::{Map, Value as Json, json};

use super::HL7;
use crate::answer::Answer;
use crate::read::extension;

/// The code for what was said instead of a value; nothing for a value.
pub(super) const fn code(answer: &Answer) -> Option<&'static str> {
    match answer {
        Answer::Declined => Some("asked-declined"),
        Answer::Unsure => Some("asked-unknown"),
        Answer::NotNow => Some("temp-unknown"),
        Answer::Value(_) => None,
    }
}

/// What a code says. The other codes of FHIR say nothing that an answer here can hold: the question stays open.
pub(super) fn parse(code: &str) -> Option<Answer> {
    match code {
        "asked-declined" => Some(Answer::Declined),
        "asked-unknown" => Some(Answer::Unsure),
        "temp-unknown" => Some(Answer::NotNow),
        _ => None,
    }
}

/// The extension with this code.
pub(super) fn extension(code: &str) -> Json {
    json!({"url": format!("{HL7}data-absent-reason"), "valueCode": code})
}

/// The code that an element carries.
pub(super) fn of(element: &Map<String, Json>) -> Option<&str> {
    extension::hl7(element, "data-absent-reason").and_then(|(_, code)| code.as_str())
}
