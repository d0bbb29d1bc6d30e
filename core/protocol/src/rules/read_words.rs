//! Reads words for people: one text in the file's own language, or a map of languages that has it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::Words;
use crate::read::place::{Notes, Place};
use crate::rules::read_when::Reader;

impl Reader<'_> {
    /// The words in this member, which must be there.
    pub(super) fn words(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Option<Words> {
        words(self.notes, object, name, place, self.language)
    }
}

/// The words in this member, which must be there: `"Leave"`, or `{"en": "Leave", "es": "Retírese"}`.
pub(crate) fn words(
    notes: &mut Notes,
    object: &Map<String, Json>,
    name: &str,
    place: &Place,
    language: &str,
) -> Option<Words> {
    let Some(map) = object.get(name).and_then(Json::as_object) else {
        return notes
            .text(object, name, place)
            .map(|text| Words::from(text.as_str()));
    };
    let place = place.member(name);
    let mut texts = BTreeMap::new();
    for code in map.keys() {
        if let Some(text) = notes.text(map, code, &place) {
            texts.insert(code.clone(), text);
        }
    }
    let Some(plain) = texts.remove(language) else {
        let message = format!("expected the words in the file's own language, '{language}'");
        notes.fault(&place.member(language), FaultKind::Missing, message);
        return None;
    };
    Some(Words {
        plain,
        translations: texts,
    })
}
