//! The starter pack: protocols in this project's own words, as data; none of them is a validated instrument.

use crate::protocol::Protocol;

macro_rules! protocol {
    ($name:literal) => {
        (
            include_bytes!(concat!("../packs/", $name, ".questionnaire.json")).as_slice(),
            include_bytes!(concat!("../packs/", $name, ".rules.json")).as_slice(),
        )
    };
}

const FILES: [(&[u8], &[u8]); 5] = [
    protocol!("scene-safety"),
    protocol!("suicide-risk-interview"),
    protocol!("verbal-de-escalation"),
    protocol!("medical-red-flags"),
    protocol!("visit-facts"),
];

/// The protocols of the starter pack, in the order in which a visit comes to them.
pub fn starter_pack() -> Vec<Protocol> {
    // A test reads every file, so none is left out here.
    FILES
        .iter()
        .filter_map(|(questionnaire, rules)| Protocol::parse(questionnaire, Some(rules)).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Item;

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
    fn each_says_that_it_is_our_wording_and_not_a_validated_instrument() {
        for protocol in starter_pack() {
            assert!(protocol.not_validated(), "{}", protocol.key());
            let text = String::from_utf8(protocol.source().0.to_vec()).unwrap();
            assert!(
                text.contains("Not a validated instrument"),
                "{}",
                protocol.key()
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

    fn lines(items: &[Item], indent: usize, out: &mut String) {
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
            let space = " ".repeat(indent);
            out.extend([format!(
                "{space}{} [{}]{must}{gate}: {}\n",
                item.link_id,
                item.kind.code(),
                item.text.plain
            )]);
            for option in &item.options {
                out.extend([format!("{space}  = {}\n", option.words.plain)]);
            }
            lines(&item.items, indent + 2, out);
        }
    }

    /// What people are asked is compared word for word: nobody changes it in passing.
    #[test]
    fn the_questions_are_those_that_were_agreed() {
        let mut out = String::new();
        for protocol in starter_pack() {
            out.extend([format!(
                "# {} {}: {}\n",
                protocol.key(),
                protocol.version(),
                protocol.title()
            )]);
            lines(protocol.items(), 0, &mut out);
        }
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(
                concat!(env!("CARGO_MANIFEST_DIR"), "/packs/items.golden.txt"),
                &out,
            )
            .unwrap();
            return;
        }
        assert_eq!(
            out,
            include_str!("../packs/items.golden.txt"),
            "if the change is meant, run this test with UPDATE_GOLDEN=1 and read the difference"
        );
    }
}
