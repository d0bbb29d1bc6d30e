//! What every protocol of the starter pack must be, whatever it asks.

mod reachable;
mod words;

use super::*;
use crate::item::{HelpKind, Item};
use crate::pack;

#[test]
fn every_protocol_of_the_starter_pack_loads_without_a_warning() {
    for (questionnaire, rules) in FILES {
        match Protocol::parse(questionnaire, Some(rules)) {
            Ok(protocol) => assert_eq!(protocol.warnings(), [], "{}", protocol.key()),
            Err(faults) => panic!("{faults}"),
        }
    }
    assert_eq!(starter_pack().len(), FILES.len());
}

#[test]
fn the_index_names_every_protocol_in_the_same_order() {
    let index = pack::starter().unwrap();
    let named: Vec<&str> = index
        .protocols
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    let protocols = starter_pack();
    let keys: Vec<&str> = protocols.iter().map(Protocol::key).collect();
    assert_eq!(named, keys);
}

#[test]
fn each_says_that_it_is_our_wording_and_not_a_validated_instrument() {
    for protocol in starter_pack() {
        assert!(protocol.not_validated(), "{}", protocol.key());
        let text = String::from_utf8(protocol.source().0.to_vec()).unwrap();
        for words in [
            "Not a validated instrument",
            "No es un instrumento validado",
        ] {
            assert!(text.contains(words), "{}", protocol.key());
        }
    }
}

#[test]
fn each_says_whom_it_is_for_where_it_comes_from_and_that_its_spanish_is_a_draft() {
    for protocol in starter_pack() {
        let key = protocol.key();
        assert!(protocol.ages().is_some(), "{key}");
        assert!(
            protocol.is_draft("es") && protocol.is_draft("es-MX"),
            "{key}"
        );
        assert!(!protocol.is_draft("en"), "{key}");
        let mut missing = protocol.untranslated("es");
        missing.retain(|text| text.what != "prefix");
        assert_eq!(missing, [], "{key}");
        assert!(protocol.notes().len() > 1, "{key}");
        assert!(
            protocol
                .notes()
                .iter()
                .any(|note| note.contains("borrador")),
            "{key}"
        );
    }
}

#[test]
fn every_question_that_a_rule_names_is_marked_as_wanted() {
    for protocol in starter_pack() {
        for link in crate::protocol::linked(&protocol) {
            let item = protocol.find(&link).unwrap();
            assert!(
                item.required || link.ends_with("-effect"),
                "{} {link}",
                protocol.key()
            );
        }
    }
}

/// What people read, in one language: nothing where the words are not there.
pub(super) type Read = fn(&crate::item::Words) -> Option<&str>;

fn lines(items: &[Item], indent: usize, read: Read, out: &mut String) {
    for item in items {
        let gate: Vec<&str> = item
            .conditions
            .iter()
            .map(|condition| condition.question.as_str())
            .collect();
        let gate = if gate.is_empty() {
            String::new()
        } else {
            format!(" if {}", gate.join(", "))
        };
        let must = if item.required { " !" } else { "" };
        let many = if item.repeats { "*" } else { "" };
        let space = " ".repeat(indent);
        let text = read(&item.text).unwrap_or_default();
        let (link, kind) = (&item.link_id, item.kind.code());
        out.extend([format!(
            "{space}{link} [{kind}{many}]{must}{gate}: {text}\n"
        )]);
        for option in &item.options {
            let words = read(&option.words).unwrap_or_default();
            out.extend([format!("{space}  = {words}\n")]);
        }
        for help in &item.help {
            let mark = if help.kind == HelpKind::Say {
                "say"
            } else {
                "watch"
            };
            let words = read(&help.words).unwrap_or_default();
            out.extend([format!("{space}  > {mark}: {words}\n")]);
        }
        lines(&item.items, indent + 2, read, out);
    }
}

fn golden(name: &str, agreed: &str, read: Read) {
    let mut out = String::new();
    for protocol in starter_pack() {
        let (key, version) = (protocol.key(), protocol.version());
        out.extend([format!("# {key} {version}: {}\n", protocol.title())]);
        lines(protocol.items(), 0, read, &mut out);
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path = format!("{}/packs/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, &out).unwrap();
        return;
    }
    let differs = out
        .lines()
        .zip(agreed.lines())
        .find(|(now, then)| now != then);
    let hint = "if the change is meant, run this test with UPDATE_GOLDEN=1 and read the difference";
    assert_eq!(differs, None, "{name}: {hint}");
    assert_eq!(
        out.lines().count(),
        agreed.lines().count(),
        "{name}: {hint}"
    );
}

/// What people are asked is compared word for word: nobody changes it in passing.
#[test]
fn the_questions_are_those_that_were_agreed() {
    golden(
        "items.golden.txt",
        include_str!("../../packs/items.golden.txt"),
        |words| Some(&words.plain),
    );
}

#[test]
fn the_spanish_questions_are_those_that_were_drafted() {
    golden(
        "items.es.golden.txt",
        include_str!("../../packs/items.es.golden.txt"),
        |words| words.translations.get("es").map(String::as_str),
    );
}
