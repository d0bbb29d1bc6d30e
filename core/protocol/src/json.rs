//! Answers as JSON: FHIR value[x], or what was said instead of a value.

use serde_json::{Map, Number, Value as Json, json};

use crate::accept::Wrong;
use crate::answer::Answer;
use crate::decimal::Decimal;
use crate::moment;
use crate::value::{Coding, MAX_TEXT_BYTES, Quantity, Value};

/// Reads one answer.
pub(crate) fn read(raw: &Json) -> Result<Answer, Wrong> {
    let object = raw.as_object().ok_or(Wrong::NotAnAnswer)?;
    let mut known = object
        .iter()
        .filter(|(name, _)| !name.starts_with('_') && *name != "extension" && *name != "id");
    let (Some((name, value)), None) = (known.next(), known.next()) else {
        return Err(Wrong::NotAnAnswer);
    };
    match (name.as_str(), value) {
        ("declined", Json::Bool(true)) => Ok(Answer::Declined),
        ("unsure", Json::Bool(true)) => Ok(Answer::Unsure),
        ("notNow", Json::Bool(true)) => Ok(Answer::NotNow),
        (name, value) => match name.strip_prefix("value") {
            Some(kind) => read_value(kind, value).map(Answer::Value),
            None => Err(Wrong::NotAnAnswer),
        },
    }
}

/// Reads the value of `value<kind>`.
pub(crate) fn read_value(kind: &str, value: &Json) -> Result<Value, Wrong> {
    let text = || value.as_str().filter(|text| text.len() <= MAX_TEXT_BYTES);
    let read = match kind {
        "Boolean" => value.as_bool().map(Value::Boolean),
        "Integer" | "PositiveInt" | "UnsignedInt" => integer(value),
        "Decimal" => decimal(value).map(Value::Decimal),
        "String" | "Markdown" | "Code" => text().map(|s| Value::String(s.to_owned())),
        "Uri" | "Url" | "Canonical" => text().map(|s| Value::Uri(s.to_owned())),
        "Date" => text().and_then(moment::date).map(Value::Date),
        "DateTime" | "Instant" => text().and_then(moment::date_time).map(Value::DateTime),
        "Time" => text().and_then(moment::time).map(Value::Time),
        "Coding" => coding(value).map(Value::Coding),
        "Quantity" => quantity(value).map(Value::Quantity),
        _ => {
            return Err(Wrong::WrongType {
                expected: "a FHIR value of a type that questions have".to_owned(),
                found: kind.chars().take(40).collect(),
            });
        }
    };
    read.ok_or_else(|| Wrong::Malformed {
        expected: format!("value{kind}"),
    })
}

fn integer(value: &Json) -> Option<Value> {
    let whole = value.as_i64()?;
    i32::try_from(whole).ok().map(|_| Value::Integer(whole))
}

/// A decimal from a JSON number. The text is the number's shortest: JSON readers do not keep trailing zeros.
pub(crate) fn decimal(value: &Json) -> Option<Decimal> {
    Decimal::parse(&value.as_number()?.to_string())
}

pub(crate) fn coding(value: &Json) -> Option<Coding> {
    let object = value.as_object()?;
    let coding = Coding {
        system: member(object, "system")?,
        code: member(object, "code")?,
        display: member(object, "display")?,
    };
    (!coding.code.is_empty() || !coding.display.is_empty()).then_some(coding)
}

fn quantity(value: &Json) -> Option<Quantity> {
    let object = value.as_object()?;
    let comparator = member(object, "comparator")?;
    if !["", "<", "<=", ">=", ">"].contains(&comparator.as_str()) {
        return None;
    }
    Some(Quantity {
        value: decimal(object.get("value")?)?,
        comparator,
        unit: member(object, "unit")?,
        system: member(object, "system")?,
        code: member(object, "code")?,
    })
}

/// A string member; empty if it is not there, nothing if it is something else.
fn member(object: &Map<String, Json>, name: &str) -> Option<String> {
    match object.get(name) {
        None => Some(String::new()),
        Some(value) => value
            .as_str()
            .filter(|text| text.len() <= MAX_TEXT_BYTES)
            .map(str::to_owned),
    }
}

/// Writes one answer as [`read`] reads it.
pub(crate) fn write(answer: &Answer) -> Json {
    match answer {
        Answer::Declined => json!({ "declined": true }),
        Answer::Unsure => json!({ "unsure": true }),
        Answer::NotNow => json!({ "notNow": true }),
        Answer::Value(value) => {
            let mut object = Map::new();
            object.insert(format!("value{}", value.type_name()), plain(value));
            Json::Object(object)
        }
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Boolean(yes) => Json::Bool(*yes),
        Value::Integer(n) => Json::from(*n),
        Value::Decimal(n) => number(n),
        Value::String(s) | Value::Uri(s) | Value::Date(s) | Value::DateTime(s) | Value::Time(s) => {
            Json::from(s.as_str())
        }
        Value::Coding(c) => members(
            Map::new(),
            &[
                ("system", &c.system),
                ("code", &c.code),
                ("display", &c.display),
            ],
        ),
        Value::Quantity(q) => {
            let mut object = Map::new();
            object.insert("value".to_owned(), number(&q.value));
            members(
                object,
                &[
                    ("comparator", &q.comparator),
                    ("unit", &q.unit),
                    ("system", &q.system),
                    ("code", &q.code),
                ],
            )
        }
    }
}

/// A decimal is written from its text; every text that a decimal can have is a JSON number.
pub(crate) fn number(decimal: &Decimal) -> Json {
    serde_json::from_str::<Number>(decimal.as_str()).map_or(Json::Null, Json::Number)
}

fn members(mut object: Map<String, Json>, members: &[(&str, &String)]) -> Json {
    for (name, text) in members.iter().filter(|(_, text)| !text.is_empty()) {
        object.insert((*name).to_owned(), Json::from(text.as_str()));
    }
    Json::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &Json) {
        let answer = read(raw).unwrap();
        assert_eq!(&write(&answer), raw);
    }

    #[test]
    fn every_answer_is_read_and_written_alike() {
        check(&json!({"valueBoolean": false}));
        check(&json!({"valueInteger": -3}));
        check(&json!({"valueDecimal": 4.8}));
        check(&json!({"valueString": "x"}));
        check(&json!({"valueUri": "http://x"}));
        check(&json!({"valueDate": "2022-09"}));
        check(&json!({"valueDateTime": "2022-09-20T10:30:00Z"}));
        check(&json!({"valueTime": "10:30:00"}));
        check(&json!({"valueCoding": {"system": "s", "code": "c", "display": "d"}}));
        check(&json!({"valueQuantity": {"value": 5, "unit": "kg"}}));
        check(&json!({"declined": true}));
        check(&json!({"unsure": true}));
        check(&json!({"notNow": true}));
    }

    #[test]
    fn what_is_no_answer_is_refused_with_what_was_expected() {
        for raw in [
            json!(null),
            json!(true),
            json!({}),
            json!({"declined": false}),
            json!({"valueBoolean": true, "valueInteger": 1}),
            json!([]),
        ] {
            assert_eq!(read(&raw), Err(Wrong::NotAnAnswer));
        }
        for raw in [
            json!({"valueBoolean": "true"}),
            json!({"valueInteger": 1.5}),
            json!({"valueInteger": 3_000_000_000_i64}),
            json!({"valueDate": "soon"}),
            json!({"valueCoding": {}}),
            json!({"valueCoding": {"code": 1}}),
        ] {
            assert!(matches!(read(&raw), Err(Wrong::Malformed { .. })));
        }
        assert!(matches!(
            read(&json!({"valueAttachment": {}})),
            Err(Wrong::WrongType { .. })
        ));
    }
}
