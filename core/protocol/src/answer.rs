//! One answer: a value, or what was said instead of one; and its compact text form, version 0.
//!
//! The form is one version character, one letter for the kind, then the value. A higher version is `TooNew`, never a guess.

use std::fmt;

use crate::accept::Wrong;
use crate::decimal::Decimal;
use crate::moment;
use crate::value::{Coding, Quantity, Value};

const VERSION: char = '0';

/// What was answered at a question.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// A value.
    Value(Value),
    /// The person did not want to answer.
    Declined,
    /// The person was not sure.
    Unsure,
    /// Passed over for now.
    NotNow,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Declined => f.write_str("Declined"),
            Self::Unsure => f.write_str("Unsure"),
            Self::NotNow => f.write_str("NotNow"),
        }
    }
}

/// Why a stored answer could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Written by a later version of this software.
    #[error("the answer was written by a newer version ({0})")]
    TooNew(char),
    /// Not an answer at all.
    #[error("not a stored answer")]
    Malformed,
}

impl Answer {
    /// The value, if it is one.
    pub const fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Declined | Self::Unsure | Self::NotNow => None,
        }
    }

    /// The answer in words for people.
    pub fn words(&self) -> String {
        match self {
            Self::Value(value) => value.words(),
            Self::Declined => "did not want to answer".to_owned(),
            Self::Unsure => "not sure".to_owned(),
            Self::NotNow => "not now".to_owned(),
        }
    }

    /// Reads a FHIR value (`{"valueBoolean":true}`), or `{"declined":true}`, `{"unsure":true}`, `{"notNow":true}`.
    pub fn from_json(raw: &serde_json::Value) -> Result<Self, Wrong> {
        crate::json::read(raw)
    }

    /// The answer as [`Answer::from_json`] reads it.
    pub fn to_json(&self) -> serde_json::Value {
        crate::json::write(self)
    }

    /// The compact text form.
    pub fn encode(&self) -> String {
        let body = match self {
            Self::Value(value) => encode_value(value),
            Self::Declined => "-".to_owned(),
            Self::Unsure => "?".to_owned(),
            Self::NotNow => "~".to_owned(),
        };
        format!("{VERSION}{body}")
    }

    /// Reads the compact text form.
    pub fn decode(text: &str) -> Result<Self, DecodeError> {
        let mut chars = text.chars();
        match chars.next() {
            Some(VERSION) => {}
            Some(version) if version.is_ascii_alphanumeric() => {
                return Err(DecodeError::TooNew(version));
            }
            Some(_) | None => return Err(DecodeError::Malformed),
        }
        let kind = chars.next().ok_or(DecodeError::Malformed)?;
        let body = chars.as_str();
        match (kind, body) {
            ('-', "") => Ok(Self::Declined),
            ('?', "") => Ok(Self::Unsure),
            ('~', "") => Ok(Self::NotNow),
            _ => decode_value(kind, body)
                .map(Self::Value)
                .ok_or(DecodeError::Malformed),
        }
    }
}

fn encode_value(value: &Value) -> String {
    match value {
        Value::Boolean(true) => "b1".to_owned(),
        Value::Boolean(false) => "b0".to_owned(),
        Value::Integer(n) => format!("i{n}"),
        Value::Decimal(n) => format!("n{n}"),
        Value::String(s) => format!("s{s}"),
        Value::Uri(s) => format!("u{s}"),
        Value::Date(s) => format!("d{s}"),
        Value::DateTime(s) => format!("m{s}"),
        Value::Time(s) => format!("t{s}"),
        Value::Coding(c) => format!("c{}", join(&[&c.system, &c.code, &c.display])),
        Value::Quantity(q) => format!(
            "q{}",
            join(&[q.value.as_str(), &q.comparator, &q.unit, &q.system, &q.code])
        ),
    }
}

fn decode_value(kind: char, body: &str) -> Option<Value> {
    Some(match kind {
        'b' => Value::Boolean(match body {
            "1" => true,
            "0" => false,
            _ => return None,
        }),
        'i' => Value::Integer(body.parse::<i32>().ok()?.into()),
        'n' => Value::Decimal(Decimal::parse(body)?),
        's' => Value::String(body.to_owned()),
        'u' => Value::Uri(body.to_owned()),
        'd' => Value::Date(moment::date(body)?),
        'm' => Value::DateTime(moment::date_time(body)?),
        't' => Value::Time(moment::time(body)?),
        'c' => {
            let [system, code, display] = split(body)?;
            Value::Coding(Coding {
                system,
                code,
                display,
            })
        }
        'q' => {
            let [value, comparator, unit, system, code] = split(body)?;
            Value::Quantity(Quantity {
                value: Decimal::parse(&value)?,
                comparator,
                unit,
                system,
                code,
            })
        }
        _ => return None,
    })
}

/// Parts with `|` between them; `|` and `\` inside a part are escaped.
fn join(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts
        .iter()
        .map(|part| part.replace('\\', "\\\\").replace('|', "\\|"))
        .collect();
    escaped.join("|")
}

fn split<const N: usize>(text: &str) -> Option<[String; N]> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '|' => parts.push(String::new()),
            '\\' => parts.last_mut()?.push(chars.next()?),
            other => parts.last_mut()?.push(other),
        }
    }
    parts.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answer: &Answer, text: &str) {
        assert_eq!(answer.encode(), text);
        assert!(Answer::decode(text).as_ref() == Ok(answer), "{text}");
    }

    #[test]
    fn every_kind_of_answer_has_a_text_form_and_comes_back() {
        let coding = Coding {
            system: "a|b".into(),
            code: "c\\".into(),
            display: "Deux | trois".into(),
        };
        let quantity = Quantity {
            value: Decimal::parse("4.80").unwrap(),
            comparator: "<".into(),
            unit: "kg".into(),
            system: "http://unitsofmeasure.org".into(),
            code: "kg".into(),
        };
        check(&Answer::Value(Value::Boolean(true)), "0b1");
        check(&Answer::Value(Value::Boolean(false)), "0b0");
        check(&Answer::Value(Value::Integer(-3)), "0i-3");
        check(
            &Answer::Value(Value::Decimal(Decimal::parse("4.80").unwrap())),
            "0n4.80",
        );
        check(&Answer::Value(Value::String("a|b".into())), "0sa|b");
        check(&Answer::Value(Value::Uri("http://x".into())), "0uhttp://x");
        check(&Answer::Value(Value::Date("2022-09".into())), "0d2022-09");
        check(
            &Answer::Value(Value::DateTime("2022-09-20T10:30:00Z".into())),
            "0m2022-09-20T10:30:00Z",
        );
        check(&Answer::Value(Value::Time("10:30:00".into())), "0t10:30:00");
        check(
            &Answer::Value(Value::Coding(coding)),
            "0ca\\|b|c\\\\|Deux \\| trois",
        );
        check(
            &Answer::Value(Value::Quantity(quantity)),
            "0q4.80|<|kg|http://unitsofmeasure.org|kg",
        );
        check(&Answer::Declined, "0-");
        check(&Answer::Unsure, "0?");
        check(&Answer::NotNow, "0~");
    }

    #[test]
    fn a_later_version_is_too_new_and_never_a_guess() {
        assert_eq!(Answer::decode("1b1"), Err(DecodeError::TooNew('1')));
        assert_eq!(Answer::decode("A"), Err(DecodeError::TooNew('A')));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in [
            "",
            "0",
            "0b",
            "0b2",
            "0x",
            "0-1",
            "0i1.5",
            "0i99999999999",
            "0d2022-13",
            "0t25:00:00",
            "0ca|b",
            "0qx||||",
            "\u{1f}",
            "0c\\",
        ] {
            assert_eq!(Answer::decode(text), Err(DecodeError::Malformed), "{text}");
        }
    }

    #[test]
    fn what_a_person_said_is_never_printed() {
        let answer = Answer::Value(Value::String("my secret".into()));
        assert!(!format!("{answer:?}").contains("secret"));
    }
}
