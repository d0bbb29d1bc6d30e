//! The other protocols of the starter pack, as a crisis team would use them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{Domain, HelpKind, Level, Person, StripField};
use serde_json::{Value as Json, json};
use support::Visit;

const NOBODY_KNOWS: Person = Person { minor: None };

fn option(key: &str, code: &str) -> Json {
    json!({"valueCoding": {"system": format!("urn:mooring:answers:{key}"), "code": code}})
}

#[track_caller]
fn alerts(visit: &Visit) -> Vec<String> {
    visit
        .protocol
        .flow(&visit.sheet)
        .alerts
        .into_iter()
        .map(|alert| alert.text)
        .collect()
}

const LEAVE: &str = "Step back, leave, get help";

#[test]
fn two_answers_worse_put_leaving_first() {
    let mut visit = Visit::of("verbal-de-escalation");
    let worse = option("verbal-de-escalation", "worse");
    visit.yes("space-tried").answer("space-effect", &worse);
    assert_eq!(alerts(&visit), [""; 0]);
    visit.yes("listen-tried").answer("listen-effect", &worse);
    assert_eq!(alerts(&visit), [LEAVE]);
    visit.no("listen-tried");
    assert_eq!(alerts(&visit), [""; 0], "what is hidden no longer counts");
}

#[test]
fn agitation_of_six_puts_leaving_first_and_is_high() {
    for link in ["agitation-before", "agitation-after"] {
        let mut visit = Visit::of("verbal-de-escalation");
        visit
            .answer("agitation-before", &json!({"valueInteger": 5}))
            .answer("agitation-after", &json!({"valueInteger": 5}));
        assert_eq!(
            (alerts(&visit).len(), visit.level(NOBODY_KNOWS)),
            (0, (Level::NothingEndorsed, false))
        );
        visit.answer(link, &json!({"valueInteger": 6}));
        assert_eq!(
            (alerts(&visit), visit.level(NOBODY_KNOWS)),
            (vec![LEAVE.to_owned()], (Level::High, false))
        );
    }
}

#[test]
fn agitation_is_one_to_seven() {
    let visit = Visit::of("verbal-de-escalation");
    for (value, fault) in [
        (0, "below the least value allowed, 1"),
        (8, "above the greatest value allowed, 7"),
    ] {
        let raw = json!({"valueInteger": value});
        let refused = visit
            .protocol
            .accept(
                "agitation-after",
                &[],
                &raw,
                &mut || unreachable!(),
                &visit.sheet,
            )
            .unwrap_err();
        assert_eq!(refused.wrong.to_string(), fault);
    }
}

#[test]
fn each_of_the_ten_domains_offers_words_and_says_what_to_watch_for() {
    let visit = Visit::of("verbal-de-escalation");
    let domains = visit.protocol.items().iter().filter(|item| {
        item.items
            .iter()
            .any(|item| item.link_id.ends_with("-tried"))
    });
    let mut count = 0;
    for domain in domains {
        for kind in [HelpKind::Say, HelpKind::Watch] {
            assert!(
                domain.help.iter().any(|help| help.kind == kind),
                "{}",
                domain.link_id
            );
        }
        count += 1;
    }
    assert_eq!(count, 10);
}

fn no_flags() -> Visit {
    let mut visit = Visit::of("medical-red-flags");
    for item in visit.protocol.items().to_vec() {
        if item.required {
            visit.answer(
                &item.link_id,
                &json!([option("medical-red-flags", "none-of-these")]),
            );
        }
    }
    visit
}

#[test]
fn every_single_red_flag_sends_for_medical_help() {
    assert_eq!(
        no_flags().level(NOBODY_KNOWS),
        (Level::NothingEndorsed, false)
    );
    for item in no_flags().protocol.items() {
        for flag in &item.options {
            let code = flag.key().rsplit('|').next().unwrap().to_owned();
            if code == "none-of-these" {
                continue;
            }
            let mut visit = no_flags();
            visit.answer(&item.link_id, &json!([option("medical-red-flags", &code)]));
            let (level, at_least) = visit.level(NOBODY_KNOWS);
            assert!(level >= Level::High && !at_least, "{} {code}", item.link_id);
            // Ticked together with "none of these", the flag counts.
            visit.answer(
                &item.link_id,
                &json!([
                    option("medical-red-flags", &code),
                    option("medical-red-flags", "none-of-these")
                ]),
            );
            assert!(visit.level(NOBODY_KNOWS).0 >= Level::High);
        }
    }
}

#[test]
fn an_overdose_is_imminent_even_if_they_seem_well() {
    let mut visit = no_flags();
    visit.answer("poisoning", &json!([option("medical-red-flags", "taken")]));
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::Imminent, false));
}

#[test]
fn a_group_of_flags_left_out_leaves_the_level_open() {
    let mut visit = no_flags();
    visit.answer("head", &json!([]));
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::NothingEndorsed, true));
    visit.answer("head", &json!({"declined": true}));
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::NothingEndorsed, true));
}

#[test]
fn a_threat_at_the_scene_is_imminent_for_others_and_puts_leaving_first() {
    let mut visit = Visit::of("scene-safety");
    visit.yes("threat-now");
    let triage = visit.protocol.triage(&visit.sheet, NOBODY_KNOWS);
    assert_eq!(
        (triage.domains[0].domain, triage.domains[0].shown().words()),
        (Domain::Others, "At least imminent")
    );
    assert_eq!(alerts(&visit), [LEAVE]);
}

#[test]
fn the_strip_has_every_field_and_says_what_was_not_asked() {
    let mut visit = Visit::of("visit-facts");
    visit.answer("medicine-name", &json!({"valueString": "Lithium"}));
    visit.answer("medicine-dose", &json!({"valueString": "400 mg"}));
    visit.answer(
        "allergies",
        &json!([option("visit-facts", "none"), {"valueString": "bee stings"}]),
    );
    visit.answer("call-back", &json!({"declined": true}));
    let strip = visit.protocol.strip(&visit.sheet);
    let fields: Vec<StripField> = strip.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, StripField::ALL);
    let words = |wanted: StripField| -> Vec<String> {
        let (_, facts) = strip.iter().find(|(field, _)| *field == wanted).unwrap();
        facts
            .iter()
            .map(|fact| format!("{}: {}", fact.question, fact.answers.join(", ")))
            .collect()
    };
    assert_eq!(
        words(StripField::Medicines),
        [
            "Name, as on the pack: Lithium",
            "How much, how often, since when: 400 mg"
        ]
    );
    assert_eq!(
        words(StripField::Allergies),
        ["Allergies: None known, bee stings"]
    );
    assert_eq!(
        words(StripField::CallBack),
        ["Number to call you back: did not want to answer"]
    );
    assert_eq!(words(StripField::Pregnancy), [""; 0], "not asked");
}

#[test]
fn the_age_band_says_whether_the_person_is_a_minor() {
    for (code, minor) in [
        ("under-12", Some(true)),
        ("12-17", Some(true)),
        ("18-64", Some(false)),
        ("65-and-over", Some(false)),
    ] {
        let mut visit = Visit::of("visit-facts");
        assert_eq!(visit.protocol.says_minor(&visit.sheet), None);
        visit.answer("age", &option("visit-facts", code));
        assert_eq!(visit.protocol.says_minor(&visit.sheet), minor, "{code}");
        assert_eq!(
            visit.open().contains(&"guardian".to_owned()),
            minor == Some(true)
        );
    }
}
