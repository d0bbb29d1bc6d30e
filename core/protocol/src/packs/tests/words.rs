//! Every word of the starter pack that a person sees, in both languages.

use serde_json::Value as Json;

use super::super::FILES;

const INDEX: &[u8] = include_bytes!("../../../packs/pack.json");
/// Members of a Questionnaire that people read.
const READ: [&str; 6] = [
    "title",
    "description",
    "purpose",
    "copyright",
    "text",
    "display",
];
/// Members of a rules file that people read.
const SAID: [&str; 4] = ["reason", "text", "title", "say"];

/// Collects (place, English, Spanish) of everything that people read in a Questionnaire.
fn questionnaire(json: &Json, at: &str, found: &mut Vec<(String, String, Option<String>)>) {
    match json {
        Json::Object(object) => {
            for (name, value) in object {
                let at = format!("{at}.{name}");
                if let (true, Some(text)) = (READ.contains(&name.as_str()), value.as_str()) {
                    let spanish = object.get(&format!("_{name}")).and_then(spanish);
                    found.push((at, text.to_owned(), spanish));
                } else if !name.starts_with('_') {
                    questionnaire(value, &at, found);
                }
            }
        }
        Json::Array(array) => {
            for (n, value) in array.iter().enumerate() {
                questionnaire(value, &format!("{at}[{n}]"), found);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

fn spanish(beside: &Json) -> Option<String> {
    let extension = &beside["extension"][0];
    let translation = extension["url"] == "http://hl7.org/fhir/StructureDefinition/translation";
    let parts = &extension["extension"];
    (translation && parts[0]["valueCode"] == "es")
        .then(|| parts[1]["valueString"].as_str().map(str::to_owned))?
}

/// The same for rules and for the pack's index, where words are a map of languages.
fn rules(json: &Json, at: &str, found: &mut Vec<(String, String, Option<String>)>) {
    match json {
        Json::Object(object) => {
            for (name, value) in object {
                let at = format!("{at}.{name}");
                if SAID.contains(&name.as_str()) {
                    let english = value["en"].as_str().or(value.as_str()).unwrap_or_default();
                    let spanish = value["es"].as_str().map(str::to_owned);
                    found.push((at, english.to_owned(), spanish));
                } else {
                    rules(value, &at, found);
                }
            }
        }
        Json::Array(array) => {
            for (n, value) in array.iter().enumerate() {
                rules(value, &format!("{at}[{n}]"), found);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Everything, with its place.
fn everything() -> Vec<(String, String, Option<String>)> {
    let mut found = Vec::new();
    for (file, own_rules) in FILES {
        let json: Json = serde_json::from_slice(file).unwrap();
        let id = json["id"].as_str().unwrap().to_owned();
        questionnaire(&json, &id, &mut found);
        let json: Json = serde_json::from_slice(own_rules).unwrap();
        assert_eq!(
            json["protocol"],
            id.as_str(),
            "the rules name their Questionnaire"
        );
        rules(&json, &format!("{id} rules"), &mut found);
    }
    rules(&serde_json::from_slice(INDEX).unwrap(), "pack", &mut found);
    found
}

#[test]
fn every_text_has_its_spanish() {
    let found = everything();
    assert!(found.len() > 900, "{}", found.len());
    for (at, english, spanish) in found {
        assert!(!english.trim().is_empty(), "{at} says nothing");
        let spanish = spanish.unwrap_or_default();
        assert!(!spanish.trim().is_empty(), "{at} has no Spanish: {english}");
        // Numbers, ellipses and question marks carry over.
        for mark in ['?', '1', '2', '3', '7'] {
            let count = |text: &str| text.matches(mark).count();
            assert_eq!(
                count(&english),
                count(&spanish),
                "{at} '{mark}': {english} | {spanish}"
            );
        }
        assert_eq!(
            spanish.matches('?').count(),
            spanish.matches('¿').count(),
            "{at}: {spanish}"
        );
    }
}

#[test]
fn nothing_says_no_risk_or_a_percentage_or_makes_a_person_a_number() {
    let forbidden = [
        "no risk",
        "risk-free",
        "zero risk",
        "%",
        "percent",
        "subject",
        "case #",
        "patient",
        "the suspect",
        "committed suicide",
        "commit suicide",
        "failed attempt",
        "excited delirium",
        "manipulat",
        "non-compliant",
        "attention-seeking",
        "sin riesgo",
        "riesgo cero",
        "por ciento",
        "sujeto",
        "cometer suicidio",
        "cometió suicidio",
        "intento fallido",
        "paciente",
    ];
    for (at, english, spanish) in everything() {
        for text in [english, spanish.unwrap_or_default()] {
            let lower = text.to_lowercase();
            for word in forbidden {
                assert!(!lower.contains(word), "{at} says '{word}': {text}");
            }
        }
    }
}

#[test]
fn keeping_sight_of_a_person_is_always_only_from_where_one_is_safe() {
    let mut count = 0;
    for (at, english, spanish) in everything() {
        if english.to_lowercase().contains("keep sight") {
            assert!(
                english.contains("only from where you are safe"),
                "{at}: {english}"
            );
            let spanish = spanish.unwrap_or_default();
            assert!(
                spanish.contains("solo desde donde usted esté a salvo"),
                "{at}: {spanish}"
            );
            count += 1;
        }
    }
    assert!(count > 3);
}

#[test]
fn no_text_is_too_long_to_be_read_at_a_glance() {
    for (at, english, spanish) in everything() {
        // The papers at the head of a file are read at a desk.
        if at.ends_with("copyright") || at.ends_with("purpose") || at.ends_with("description") {
            continue;
        }
        for text in [english, spanish.unwrap_or_default()] {
            assert!(text.chars().count() <= 260, "{at}: {text}");
        }
    }
}
