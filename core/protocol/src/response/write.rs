//! From the answers to a `QuestionnaireResponse`.

use std::cell::Cell;

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::about::About;
use super::import::Header;
use super::standing::{Laid, Standing};
use super::{HL7, Status, absent, beside, value};
use crate::answer::Answer;
use crate::item::{Item, ItemKind, Words};
use crate::path::{AnswerPath, Leaf};
use crate::protocol::Protocol;
use crate::sheet::Sheet;
use crate::value::Value;

/// What a response says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Responding<'a> {
    /// How far it is. One that lacks what its Questionnaire requires, or has answers that are not settled, is never called completed.
    pub status: Status,
    /// What is carried along from a response that was read: whom it is about, who filled it in and when.
    pub header: Option<&'a Header>,
    /// The language in which it was asked; each text then carries that translation beside the Questionnaire's own words.
    pub language: Option<&'a str>,
}

impl Protocol {
    /// The answers as a FHIR R4 `QuestionnaireResponse`: what applies, in the Questionnaire's order.
    pub fn respond(&self, sheet: &Sheet, how: Responding<'_>) -> Json {
        let laid = Laid::for_others(self, sheet);
        let beside = beside::write(&laid, sheet);
        let writing = Writing {
            laid: &laid,
            sheet,
            language: how.language,
            lacks: Cell::new(false),
        };
        let items = writing.items(laid.top.iter().copied());
        let is_whole = !writing.lacks.get() && beside.is_empty();
        let status = if how.status.is_ended() && !is_whole {
            Status::InProgress
        } else {
            how.status
        };
        let mut response = Map::new();
        let mut put = |name: &str, value: Json| response.insert(name.to_owned(), value);
        put("resourceType", json!("QuestionnaireResponse"));
        if let Some(language) = how.language {
            put("language", json!(language));
        }
        if !beside.is_empty() {
            put("extension", Json::Array(beside));
        }
        put("questionnaire", json!(About::of(self).canonical()));
        put("status", json!(status.code()));
        for (name, value) in how.header.into_iter().flat_map(Header::members) {
            put(name, value.clone());
        }
        if !items.is_empty() {
            put("item", Json::Array(items));
        }
        Json::Object(response)
    }
}

struct Writing<'a> {
    laid: &'a Laid<'a>,
    sheet: &'a Sheet,
    language: Option<&'a str>,
    /// Whether something that the Questionnaire requires is not there.
    lacks: Cell<bool>,
}

impl Writing<'_> {
    fn items(&self, entries: impl Iterator<Item = usize>) -> Vec<Json> {
        entries
            .filter_map(|entry| self.item(entry, self.laid.entries.get(entry)?))
            .collect()
    }

    /// One item, if anything stands in it.
    fn item(&self, entry: usize, standing: &Standing) -> Option<Json> {
        if !standing.is_enabled {
            return None;
        }
        let object = self.filled(entry, standing);
        let has = |part| {
            object
                .as_ref()
                .is_some_and(|object| object.contains_key(part))
        };
        let answers = object
            .as_ref()
            .and_then(|object| object.get("answer")?.as_array())
            .map_or(0, Vec::len);
        let is_question = standing.item.kind.is_question();
        let too_few = is_question
            && standing
                .item
                .min_occurs
                .is_some_and(|least| answers < least);
        if too_few || (standing.item.required && !has("answer") && !has("item")) {
            self.lacks.set(true);
        }
        object.map(Json::Object)
    }

    fn filled(&self, entry: usize, standing: &Standing) -> Option<Map<String, Json>> {
        let item = standing.item;
        let mut object = Map::new();
        if let (ItemKind::Group, Some((link_id, id))) =
            (item.kind, standing.path.ancestors().last())
            && *link_id == item.link_id
        {
            object.insert("id".to_owned(), json!(id.to_string()));
        }
        object.insert("linkId".to_owned(), json!(item.link_id));
        self.text(&mut object, &item.text);
        match item.kind {
            ItemKind::Display => return None,
            ItemKind::Group => {
                let items = self.items(self.laid.below(entry, &standing.path.ancestors().to_vec()));
                (!items.is_empty())
                    .then(|| object.insert("item".to_owned(), Json::Array(items)))?;
            }
            ItemKind::Boolean
            | ItemKind::Decimal
            | ItemKind::Integer
            | ItemKind::Date
            | ItemKind::DateTime
            | ItemKind::Time
            | ItemKind::String
            | ItemKind::Text
            | ItemKind::Url
            | ItemKind::Choice
            | ItemKind::OpenChoice
            | ItemKind::Quantity
            | ItemKind::Attachment
            | ItemKind::Reference => {
                let (answers, extensions) = self.question(entry, standing);
                if answers.is_empty() && extensions.is_empty() {
                    return None;
                }
                if !extensions.is_empty() {
                    object.insert("extension".to_owned(), Json::Array(extensions));
                }
                if !answers.is_empty() {
                    object.insert("answer".to_owned(), Json::Array(answers));
                }
            }
        }
        Some(object)
    }

    /// The Questionnaire's own words, which R4 wants there, and the translation that was shown.
    fn text(&self, object: &mut Map<String, Json>, words: &Words) {
        if words.plain.is_empty() {
            return;
        }
        object.insert("text".to_owned(), json!(words.plain));
        let translated = self
            .language
            .and_then(|language| Some((language, words.translation(language)?)));
        if let Some((language, content)) = translated {
            object.insert(
                "_text".to_owned(),
                json!({"extension": [{"url": format!("{HL7}translation"), "extension": [
                    {"url": "lang", "valueCode": language},
                    {"url": "content", "valueString": content},
                ]}]}),
            );
        }
    }

    /// A question's answers with what is nested under each, and what was said instead of one.
    fn question(&self, entry: usize, standing: &Standing) -> (Vec<Json>, Vec<Json>) {
        let (mut answers, mut extensions) = (Vec::new(), Vec::new());
        let mut said = Vec::new();
        for (path, candidates) in self.sheet.under(&standing.path) {
            // Contested values, and what does not fit, stand beside the items.
            let [candidate] = candidates else { continue };
            if self.laid.unplaced.contains(path) {
                continue;
            }
            match answer(standing.item, path, candidate) {
                Ok(Some(answer)) => answers.push(self.below_one(entry, path, answer)),
                Ok(None) => {}
                // One of several answers keeps what was said in its own place.
                Err(code) if matches!(path.leaf(), Leaf::Instance(_)) => {
                    if *candidate != Answer::NotNow {
                        let said = json!({"extension": [absent::extension(code)]});
                        answers.push(self.below_one(entry, path, said));
                    }
                }
                Err(code) => said.push(code),
            }
        }
        if standing.item.is_multi_select() {
            in_file_order(standing.item, &mut answers);
        }
        // Where people may answer a calculated item, their answer stands.
        let is_own = !answers.is_empty() && !standing.item.read_only;
        if let (Some(worked), false) = (&standing.worked, is_own) {
            answers.clear();
            worked.write(standing.item, &mut answers, &mut extensions);
        } else if answers.is_empty() {
            said.sort_unstable();
            said.dedup();
            extensions.extend(said.into_iter().map(absent::extension));
        }
        if !standing.item.is_list() {
            self.below_all(entry, standing, &mut answers);
        }
        (answers, extensions)
    }

    /// One of several answers: its id, so that it stays the same one, and what stands below it.
    fn below_one(&self, entry: usize, path: &AnswerPath, mut answer: Json) -> Json {
        if let (Leaf::Instance(id), Some(object)) = (path.leaf(), answer.as_object_mut()) {
            let chain: Vec<(String, Uuid)> = path
                .ancestors()
                .iter()
                .cloned()
                .chain([(path.link_id().to_owned(), *id)])
                .collect();
            object.insert("id".to_owned(), json!(id.to_string()));
            let items = self.items(self.laid.below(entry, &chain));
            if !items.is_empty() {
                object.insert("item".to_owned(), Json::Array(items));
            }
        }
        answer
    }

    /// What stands below a question that does not repeat: in its answer, or in an answer without a value where it has none.
    fn below_all(&self, entry: usize, standing: &Standing, answers: &mut Vec<Json>) {
        let items = self.items(self.laid.below(entry, &standing.path.ancestors().to_vec()));
        if items.is_empty() {
            return;
        }
        if answers.is_empty() {
            answers.push(json!({}));
        }
        if let Some(answer) = answers.first_mut().and_then(Json::as_object_mut) {
            answer.insert("item".to_owned(), Json::Array(items));
        }
    }
}

/// The value of one path, nothing for an option that is not chosen, or the code of what was said instead.
fn answer(
    item: &Item,
    path: &AnswerPath,
    candidate: &Answer,
) -> Result<Option<Json>, &'static str> {
    if let Some(code) = absent::code(candidate) {
        return Err(code);
    }
    let chosen = match (path.leaf(), candidate.value()) {
        (Leaf::Option(key), Some(Value::Boolean(true))) => crate::form::chosen(item, key),
        (Leaf::Option(_), _) | (_, None) => None,
        (Leaf::Whole | Leaf::Instance(_), Some(value)) => Some(value.clone()),
    };
    let chosen = chosen.filter(value::says_something);
    Ok(chosen.map(|chosen| value::answer(item, &chosen)))
}

/// Chosen options in the order of the file; words of one's own come last.
fn in_file_order(item: &Item, answers: &mut [Json]) {
    let place = |answer: &Json| {
        let value = Answer::from_json(answer).ok();
        let value = value.as_ref().and_then(Answer::value);
        item.options
            .iter()
            .position(|option| value.is_some_and(|value| item.option(value) == Some(option)))
            .unwrap_or(usize::MAX)
    };
    answers.sort_by_key(place);
}
