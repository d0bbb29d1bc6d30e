//! FHIR extensions: found by their address, read by their value.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::decimal::Decimal;
use crate::item::Words;
use crate::json;
use crate::read::place::{Notes, Place};

const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Every address under which real files give an option its score.
const SCORES: [&str; 7] = [
    "ordinalValue",
    "itemWeight",
    "questionnaire-ordinalValue",
    "codesystem-ordinalValue",
    "valueset-ordinalValue",
    "questionnaire-optionScore",
    "iso21090-CO-value",
];

/// The extensions of an element: address and object.
pub(crate) fn all(object: &Map<String, Json>) -> impl Iterator<Item = (&str, &Map<String, Json>)> {
    let list = object.get("extension").and_then(Json::as_array);
    list.into_iter().flatten().filter_map(|extension| {
        let extension = extension.as_object()?;
        Some((extension.get("url")?.as_str()?, extension))
    })
}

/// The value of an extension: its type (`Boolean` of `valueBoolean`) and its JSON.
pub(crate) fn value(extension: &Map<String, Json>) -> Option<(&str, &Json)> {
    extension
        .iter()
        .find_map(|(name, value)| Some((name.strip_prefix("value")?, value)))
}

/// The value of the HL7 extension with this name.
pub(crate) fn hl7<'j>(object: &'j Map<String, Json>, name: &str) -> Option<(&'j str, &'j Json)> {
    all(object)
        .find(|(url, _)| url.strip_prefix(HL7) == Some(name))
        .and_then(|(_, extension)| value(extension))
}

/// The last part of an extension's address, which is its name wherever it is published.
pub(crate) fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

/// The score that an element carries.
pub(crate) fn score(object: &Map<String, Json>) -> Option<Decimal> {
    let is_score = |url: &str| {
        url.strip_prefix(HL7)
            .is_some_and(|name| SCORES.contains(&name))
    };
    let (_, extension) = all(object).find(|(url, _)| is_score(url))?;
    let (_, number) = value(extension)?;
    json::decimal(number)
}

/// A text with its translations, which stand in the member with an underscore.
pub(crate) fn words(
    notes: &mut Notes,
    object: &Map<String, Json>,
    name: &str,
    place: &Place,
) -> Words {
    let plain = notes.string(object, name, place).unwrap_or_default();
    let beside = object.get(&format!("_{name}")).and_then(Json::as_object);
    Words {
        plain,
        translations: beside.map(translations).unwrap_or_default(),
    }
}

/// The translations that stand on an element.
pub(crate) fn translations(beside: &Map<String, Json>) -> BTreeMap<String, String> {
    all(beside)
        .filter(|(url, _)| url.strip_prefix(HL7) == Some("translation"))
        .filter_map(|(_, extension)| translation(extension))
        .collect()
}

fn translation(extension: &Map<String, Json>) -> Option<(String, String)> {
    let part = |wanted: &str| {
        let (_, part) = all(extension).find(|(url, _)| *url == wanted)?;
        value(part)?.1.as_str().map(str::to_owned)
    };
    Some((part("lang")?, part("content")?))
}
