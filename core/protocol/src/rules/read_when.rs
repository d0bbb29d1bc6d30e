//! Reads a condition and checks that it speaks of questions, options and totals that exist.

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::{Item, ItemKind, Operator};
use crate::json;
use crate::plan::Plan;
use crate::read::place::{Notes, Place};
use crate::rules::Total;
use crate::rules::when::When;
use crate::value::Value;

/// What the reading of conditions needs.
pub(crate) struct Reader<'a> {
    pub(crate) notes: &'a mut Notes,
    pub(crate) plan: &'a Plan,
    pub(crate) items: &'a [Item],
    pub(crate) totals: &'a [Total],
    /// The file's own language.
    pub(crate) language: &'a str,
}

const FORMS: [&str; 9] = [
    "all", "any", "not", "at-least", "yes", "no", "is", "chosen", "compare",
];

impl Reader<'_> {
    /// The condition in this member.
    pub(crate) fn when(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Option<When> {
        let place = place.member(name);
        match object.get(name) {
            None => {
                self.notes
                    .fault(&place, FaultKind::Missing, "expected a condition");
                None
            }
            Some(json) => self.condition(json, &place),
        }
    }

    fn condition(&mut self, json: &Json, place: &Place) -> Option<When> {
        let members = json.as_object();
        let mut forms = members.into_iter().flatten();
        let (Some((form, body)), None) = (forms.next(), forms.next()) else {
            let message = format!("expected one of {}, score", FORMS.join(", "));
            self.notes.fault(place, FaultKind::WrongType, message);
            return None;
        };
        let place = place.member(form);
        match form.as_str() {
            "all" => self.list(body, &place).map(When::All),
            "any" => self.list(body, &place).map(When::Any),
            "not" => self
                .condition(body, &place)
                .map(|part| When::Not(Box::new(part))),
            "at-least" => self.at_least(body, &place),
            "yes" => self.yes_no(body, true, &place),
            "no" => self.yes_no(body, false, &place),
            "is" => self.is(body, &place),
            "chosen" => self.chosen(body, &place),
            "compare" => self.compare(body, &place),
            "score" => self.score(body, &place),
            _ => {
                self.notes.fault(
                    &place,
                    FaultKind::NotAllowed,
                    format!("expected one of {}, score", FORMS.join(", ")),
                );
                None
            }
        }
    }

    fn list(&mut self, body: &Json, place: &Place) -> Option<Vec<When>> {
        let Some(parts) = body.as_array().filter(|parts| !parts.is_empty()) else {
            self.notes
                .wrong(place, "a list of conditions, not empty", body);
            return None;
        };
        let read: Vec<Option<When>> = parts
            .iter()
            .enumerate()
            .map(|(n, part)| self.condition(part, &place.element(n)))
            .collect();
        read.into_iter().collect()
    }

    fn object<'j>(
        &mut self,
        body: &'j Json,
        allowed: &[&str],
        place: &Place,
    ) -> Option<&'j Map<String, Json>> {
        let Some(object) = body.as_object() else {
            self.notes.wrong(place, "an object", body);
            return None;
        };
        self.notes.only(object, allowed, place);
        Some(object)
    }

    fn at_least(&mut self, body: &Json, place: &Place) -> Option<When> {
        let object = self.object(body, &["count", "of"], place)?;
        let count = self
            .notes
            .count(object, "count", place)
            .filter(|count| *count > 0);
        if count.is_none() {
            self.notes.fault(
                &place.member("count"),
                FaultKind::Missing,
                "expected how many, at least 1",
            );
        }
        let parts = self.list(object.get("of").unwrap_or(&Json::Null), &place.member("of"));
        Some(When::AtLeast(count?, parts?))
    }

    /// The question with the linkId in this JSON.
    pub(crate) fn question(
        &mut self,
        link: Option<&Json>,
        place: &Place,
    ) -> Option<(usize, ItemKind)> {
        let Some(link) = link.and_then(Json::as_str) else {
            self.notes.fault(
                place,
                FaultKind::Missing,
                "expected the linkId of a question",
            );
            return None;
        };
        let node = self.plan.index(link);
        let found = node.and_then(|node| Some((node, self.plan.item(self.items, node)?.kind)));
        match found {
            Some((_, kind)) if kind.is_question() => found,
            Some(_) | None => {
                self.notes.fault(
                    place,
                    FaultKind::NoSuchTarget,
                    format!("the Questionnaire has no question with linkId '{link}'"),
                );
                None
            }
        }
    }

    fn yes_no(&mut self, body: &Json, yes: bool, place: &Place) -> Option<When> {
        let (node, kind) = self.question(Some(body), place)?;
        if kind != ItemKind::Boolean {
            self.notes.fault(
                place,
                FaultKind::WrongType,
                format!(
                    "expected a boolean question, found one of type {}",
                    kind.code()
                ),
            );
            return None;
        }
        Some(When::Answer {
            node,
            operator: Operator::Equal,
            values: vec![Value::Boolean(yes)],
        })
    }

    fn is(&mut self, body: &Json, place: &Place) -> Option<When> {
        let object = self.object(body, &["link", "value"], place)?;
        let question = self.question(object.get("link"), &place.member("link"));
        let value = self.value(object, question?.1, place)?;
        Some(When::Answer {
            node: question?.0,
            operator: Operator::Equal,
            values: vec![value],
        })
    }

    /// A FHIR value of the type that the question has; a bare number too where it asks for an amount.
    pub(crate) fn value(
        &mut self,
        object: &Map<String, Json>,
        kind: ItemKind,
        place: &Place,
    ) -> Option<Value> {
        let place = place.member("value");
        let raw = object.get("value").unwrap_or(&Json::Null);
        let answer = json::read(raw).ok();
        let value = answer.as_ref().and_then(|answer| answer.value()).cloned();
        let is_number = matches!(value, Some(Value::Integer(_) | Value::Decimal(_)));
        let fits = value
            .as_ref()
            .is_some_and(|value| crate::read_answer::fits(kind, value));
        if fits || (kind == ItemKind::Quantity && is_number) {
            return value;
        }
        let message = format!(
            "expected a FHIR value for a question of type {}",
            kind.code()
        );
        self.notes.fault(&place, FaultKind::WrongType, message);
        None
    }

    fn chosen(&mut self, body: &Json, place: &Place) -> Option<When> {
        let object = self.object(body, &["link", "codes"], place)?;
        let question = self.question(object.get("link"), &place.member("link"));
        let place = place.member("codes");
        let codes = object
            .get("codes")
            .and_then(Json::as_array)
            .filter(|codes| !codes.is_empty());
        let Some(codes) = codes else {
            self.notes.fault(
                &place,
                FaultKind::Missing,
                "expected a list of codes, not empty",
            );
            return None;
        };
        let node = question?.0;
        let values: Vec<Option<Value>> = codes
            .iter()
            .enumerate()
            .map(|(n, code)| self.code(code, node, &place.element(n)))
            .collect();
        Some(When::Answer {
            node,
            operator: Operator::Equal,
            values: values.into_iter().collect::<Option<_>>()?,
        })
    }

    fn code(&mut self, code: &Json, node: usize, place: &Place) -> Option<Value> {
        let item = self.plan.item(self.items, node)?;
        let found = item.options.iter().find(|option| {
            let name = if let Value::Coding(coding) = &option.value {
                coding.code.clone()
            } else {
                option.value.words()
            };
            code.as_str() == Some(name.as_str())
        });
        if found.is_none() {
            self.notes.fault(
                place,
                FaultKind::NoSuchTarget,
                format!("'{}' has no option with this code", item.link_id),
            );
        }
        found.map(|option| option.value.clone())
    }

    fn compare(&mut self, body: &Json, place: &Place) -> Option<When> {
        let object = self.object(body, &["link", "op", "value"], place)?;
        let question = self.question(object.get("link"), &place.member("link"));
        let operator = self.operator(object, place);
        let value = self.value(object, question?.1, place);
        Some(When::Answer {
            node: question?.0,
            operator: operator?,
            values: vec![value?],
        })
    }

    pub(super) fn operator(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
    ) -> Option<Operator> {
        match object.get("op").and_then(Json::as_str) {
            Some("=") => Some(Operator::Equal),
            Some(">") => Some(Operator::Greater),
            Some("<") => Some(Operator::Less),
            Some(">=") => Some(Operator::GreaterOrEqual),
            Some("<=") => Some(Operator::LessOrEqual),
            Some(_) | None => {
                self.notes.fault(
                    &place.member("op"),
                    FaultKind::NotAllowed,
                    "expected =, >, <, >= or <=",
                );
                None
            }
        }
    }

    fn score(&mut self, body: &Json, place: &Place) -> Option<When> {
        let object = self.object(body, &["name", "op", "number"], place)?;
        let name = self.notes.text(object, "name", place);
        let operator = self.operator(object, place);
        let number = object.get("number").and_then(json::decimal);
        if number.is_none() {
            self.notes.fault(
                &place.member("number"),
                FaultKind::WrongType,
                "expected a number",
            );
        }
        let total = self
            .totals
            .iter()
            .position(|total| Some(&total.name) == name.as_ref());
        if total.is_none() {
            self.notes.fault(
                &place.member("name"),
                FaultKind::NoSuchTarget,
                "no total has this name",
            );
        }
        Some(When::Score {
            total: total?,
            operator: operator?,
            number: number?,
        })
    }
}
