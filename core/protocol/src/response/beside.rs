//! Answers that R4 has no place for among the items, kept beside them: written in full, and read back to where they stood.

use serde_json::{Map, Value as Json, json};

use super::answers::stray_path;
use super::read::Reading;
use super::standing::Laid;
use super::take::{self, Taken};
use super::{ANSWER_BESIDE, absent};
use crate::answer::Answer;
use crate::fault::FaultKind;
use crate::flow::Openness;
use crate::path::{AnswerPath, Leaf};
use crate::read::extension;
use crate::read::place::Place;
use crate::sheet::Sheet;

/// Why an answer stands beside the items.
#[derive(Debug, Clone, Copy)]
enum Why {
    /// Several values may be true.
    Contested,
    /// It stands behind a question that was passed over, was not sure or is contested: it counts, and R4 has it not enabled.
    NotAsked,
    /// It fits no question, or not its own.
    NoPlace,
}

impl Why {
    const fn code(self) -> &'static str {
        match self {
            Self::Contested => "contested",
            Self::NotAsked => "not-asked",
            Self::NoPlace => "no-place",
        }
    }
}

/// The extensions of the whole response.
pub(super) fn write(laid: &Laid, sheet: &Sheet) -> Vec<Json> {
    let mut beside = Vec::new();
    for standing in &laid.entries {
        for (path, answers) in sheet.under(&standing.path) {
            let why = match (standing.open, standing.is_enabled, answers) {
                // What does not apply is kept in the history alone.
                (Openness::Closed, _, _) | (Openness::Open, true, [_] | []) => continue,
                (Openness::Open, _, [_, _, ..]) => Why::Contested,
                (Openness::Open, false, _) | (Openness::Possible, _, _) => Why::NotAsked,
            };
            if !laid.unplaced.contains(path) {
                beside.extend(answers.iter().map(|answer| one(path, answer, why)));
            }
        }
    }
    for path in &laid.unplaced {
        let answers = sheet.get(path).iter();
        beside.extend(answers.map(|answer| one(path, answer, Why::NoPlace)));
    }
    beside
}

fn one(path: &AnswerPath, answer: &Answer, why: Why) -> Json {
    let said = match absent::code(answer) {
        Some(code) => json!({"url": "absent", "valueCode": code}),
        None => {
            let mut value = answer.to_json();
            if let Some(value) = value.as_object_mut() {
                value.insert("url".to_owned(), json!("value"));
            }
            value
        }
    };
    json!({"url": ANSWER_BESIDE, "extension": [
        {"url": "linkId", "valueString": path.link_id()},
        {"url": "path", "valueString": path.to_string()},
        {"url": "why", "valueCode": why.code()},
        said,
    ]})
}

/// Reads one back; nothing if it has not this form.
fn read(beside: &Map<String, Json>) -> Option<(AnswerPath, Answer)> {
    let part = |name: &str| {
        extension::all(beside)
            .find(|(url, _)| *url == name)
            .map(|(_, part)| part)
    };
    let (_, path) = extension::value(part("path")?)?;
    let path = path.as_str()?.parse().ok()?;
    if let Some(said) = part("absent") {
        return Some((path, absent::parse(extension::value(said)?.1.as_str()?)?));
    }
    let mut value = part("value")?.clone();
    value.remove("url");
    Answer::from_json(&Json::Object(value))
        .ok()
        .map(|answer| (path, answer))
}

impl Reading<'_> {
    /// Answers that an earlier writing put beside the items.
    pub(super) fn beside(&mut self, file: &Map<String, Json>) {
        for (number, (url, kept)) in extension::all(file).enumerate() {
            if url != ANSWER_BESIDE {
                continue;
            }
            let place = Place::root().member("extension").element(number);
            let Some((path, answer)) = read(kept) else {
                self.notes.fault(
                    &place,
                    FaultKind::WrongType,
                    "not an answer with its path, as this software writes them",
                );
                self.keep(kept, &place);
                continue;
            };
            let protocol = self.protocol;
            let item = protocol.find(path.link_id());
            match (item, path.leaf()) {
                (Some(item), Leaf::Whole | Leaf::Instance(_)) if answer.value().is_some() => {
                    match take::take(item, answer.clone()) {
                        Taken::Fits(answer)
                        | Taken::ByWords(answer)
                        | Taken::Outside(answer, _) => self.sheet.add(path, answer),
                        Taken::Stray(_) | Taken::NotSupported(_) => {
                            let path = stray_path(&protocol.plan, &path);
                            self.sheet.add(path, answer);
                        }
                    }
                }
                (None | Some(_), _) => self.sheet.add(path, answer),
            }
        }
    }
}
