//! The options of a question: listed in the item, in a value set inside the file, or somewhere else.

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::{AnswerOption, ItemKind, Words};
use crate::json;
use crate::read::extension;
use crate::read::place::{Notes, Place};
use crate::read::value_set::ValueSets;
use crate::value::Value;

/// The options, and whether the file has them all.
pub(super) fn options(
    notes: &mut Notes,
    item: &Map<String, Json>,
    kind: ItemKind,
    place: &Place,
    sets: &ValueSets,
) -> (Vec<AnswerOption>, bool) {
    let listed = notes.objects(item, "answerOption", place);
    let mut options: Vec<AnswerOption> = listed
        .iter()
        .filter_map(|(object, at)| option(notes, object, at))
        .collect();
    // R5's word for options beside which any other code may be the answer.
    let takes_others = item.get("answerConstraint").and_then(Json::as_str) == Some("optionsOrType");
    let Some(address) = notes.string(item, "answerValueSet", place) else {
        let is_choice = matches!(kind, ItemKind::Choice | ItemKind::OpenChoice);
        let found_later = extension::all(item)
            .any(|(url, _)| extension::name(url) == "sdc-questionnaire-answerExpression");
        if options.is_empty() && is_choice && !found_later {
            notes.warn(
                place,
                FaultKind::Missing,
                "a question with a choice, and no options to choose from",
            );
        }
        return (options, !takes_others && (!is_choice || !listed.is_empty()));
    };
    let at = place.member("answerValueSet");
    if let Some(found) = sets.find(&address) {
        options.extend(found.options.iter().cloned());
        return (options, found.complete && !takes_others);
    }
    if address.starts_with('#') {
        notes.fault(
            &at,
            FaultKind::NoSuchTarget,
            format!("no value set '{address}' is contained in this file"),
        );
    } else {
        let message = format!(
            "the options stand in the value set {address}, which is not in this file: they are missing here"
        );
        notes.warn(&at, FaultKind::Missing, message);
    }
    (options, false)
}

fn option(notes: &mut Notes, object: &Map<String, Json>, at: &Place) -> Option<AnswerOption> {
    let Some((kind, raw)) = extension::value(object) else {
        notes.fault(at, FaultKind::Missing, "an answerOption needs a value[x]");
        return None;
    };
    let place = at.member(&format!("value{kind}"));
    if kind == "Reference" {
        notes.warn(
            &place,
            FaultKind::NotSupported,
            "an option that is a reference is not supported and not offered",
        );
        return None;
    }
    let Ok(value) = json::read_value(kind, raw) else {
        notes.fault(
            &place,
            FaultKind::WrongType,
            format!("not a valid value{kind}"),
        );
        return None;
    };
    let inside = raw.as_object();
    let beside = object
        .get(&format!("_value{kind}"))
        .and_then(Json::as_object);
    let score = [Some(object), inside, beside]
        .into_iter()
        .flatten()
        .find_map(extension::score);
    let prefix =
        extension::hl7(object, "questionnaire-optionPrefix").and_then(|(_, text)| text.as_str());
    Some(AnswerOption {
        words: words(notes, &value, inside, beside, &place),
        value,
        score,
        prefix: prefix.unwrap_or_default().to_owned(),
        initially_selected: notes.boolean(object, "initialSelected", at),
        stands_alone: extension::hl7(object, "questionnaire-optionExclusive")
            .is_some_and(|(_, alone)| alone.as_bool() == Some(true)),
    })
}

fn words(
    notes: &mut Notes,
    value: &Value,
    coding: Option<&Map<String, Json>>,
    beside: Option<&Map<String, Json>>,
    place: &Place,
) -> Words {
    let translated = coding.map(|coding| extension::words(notes, coding, "display", place));
    match translated {
        Some(words) if !words.plain.is_empty() => words,
        Some(_) | None => Words {
            translations: beside.map(extension::translations).unwrap_or_default(),
            ..Words::from(value.words().as_str())
        },
    }
}
