//! Reads a FHIR R4 Questionnaire, or lists every fault in it.

mod compose;
mod condition;
mod expression;
pub(crate) mod extension;
mod item;
pub(crate) use item::modifiers;
pub(crate) mod json;
mod known;
mod options;
pub(crate) mod place;
mod value_set;

pub(crate) use condition::fit;

use serde_json::{Map, Value as Json};

use crate::fault::{Fault, FaultKind, Faults};
use crate::item::{Expression, Item, Words};
use known::Known;
use place::{Notes, Place};

/// A Questionnaire as it was read.
#[derive(Debug)]
pub(crate) struct Questionnaire {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) title: Words,
    pub(crate) language: Option<String>,
    pub(crate) version: String,
    pub(crate) items: Vec<Item>,
    /// The expressions of the file itself.
    pub(crate) expressions: Vec<Expression>,
    /// The file itself, for expressions that look at it.
    pub(crate) json: Json,
    pub(crate) warnings: Vec<Fault>,
}

/// Reads the file.
pub(crate) fn questionnaire(bytes: &[u8]) -> Result<Questionnaire, Faults> {
    let json = json::parse(bytes).map_err(Faults)?;
    let mut notes = Notes::default();
    let read = match json.as_object() {
        Some(file) => file_object(&mut notes, file),
        None => {
            let found = place::type_of(&json);
            notes.fault(
                &Place::root(),
                FaultKind::WrongType,
                format!("expected a Questionnaire, found {found}"),
            );
            None
        }
    };
    match read {
        Some(read) if notes.faults.is_empty() => Ok(Questionnaire {
            warnings: notes.warnings,
            json,
            ..read
        }),
        Some(_) | None => Err(Faults(notes.faults)),
    }
}

fn file_object(notes: &mut Notes, file: &Map<String, Json>) -> Option<Questionnaire> {
    let root = Place::root();
    let kind = notes.string(file, "resourceType", &root);
    if kind.as_deref() != Some("Questionnaire") {
        let found = kind.unwrap_or_else(|| "none".to_owned());
        notes.fault(
            &root.member("resourceType"),
            FaultKind::NotReadable,
            format!("expected a Questionnaire, found '{found}'"),
        );
        return None;
    }
    item::modifiers(notes, file, &root);
    let mut known = Known::new();
    let mut count = 0;
    known::walk(notes, file, &root, &mut known, &mut count);
    if count > known::MAX_ITEMS {
        return None;
    }
    let sets = value_set::read(notes, file);
    let expressions = expression::of_element(notes, file, &root);
    let items = item::Reader {
        notes,
        known: &known,
        sets: &sets,
        options: 0,
    }
    .items(file, &root);
    let title = extension::words(notes, file, "title", &root);
    let language = notes.string(file, "language", &root);
    let mut text = |name| notes.string(file, name, &root).unwrap_or_default();
    let (id, name, version) = (text("id"), text("name"), text("version"));
    Some(Questionnaire {
        id,
        name,
        title,
        language,
        version,
        items,
        expressions,
        json: Json::Null,
        warnings: Vec::new(),
    })
}
