//! What real files' own projects expect of their scores, where those files stand beside the project.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{Answer, Value};
use serde_json::{Value as Json, json};
use support::{Visit, real};

/// The total in words.
#[track_caller]
fn check(visit: &Visit, expected: &str) {
    let scores = visit.protocol.score(&visit.sheet);
    assert_eq!(scores.len(), 1, "{scores:?}");
    assert_eq!(scores[0].words(), expected);
}

fn coding(code: &str) -> Json {
    json!({"valueCoding": {"system": "http://loinc.org", "code": code}})
}

const ITEMS: [&str; 9] = [
    "/44250-9", "/44255-8", "/44259-0", "/44254-1", "/44251-7", "/44258-2", "/44252-5", "/44253-3",
    "/44260-8",
];

#[test]
fn nine_times_several_days_is_nine() {
    for file in [
        "lforms__calc-weight-phq9-with-the-weight-function.json",
        "lforms__phq9.json",
    ] {
        let Some(mut visit) = real(file) else { return };
        check(&visit, "at least 0, at most 27");
        for (done, link_id) in ITEMS.iter().enumerate() {
            check(
                &visit,
                &format!("at least {done}, at most {}", 27 - 2 * done),
            );
            visit.answer(link_id, &coding("LA6569-3"));
        }
        check(&visit, "9");
    }
}

#[test]
fn a_refused_part_leaves_the_total_a_range() {
    let Some(mut visit) = real("lforms__phq9.json") else {
        return;
    };
    for link_id in ITEMS {
        visit.answer(link_id, &coding("LA6569-3"));
    }
    visit.answer("/44260-8", &json!({"declined": true}));
    check(&visit, "at least 8, at most 11");
}

#[test]
fn scores_stand_on_the_options() {
    let Some(visit) = real("lforms__phq9.json") else {
        return;
    };
    let options = &visit.protocol.items()[0].options;
    let scored: Vec<(&str, &str)> = options
        .iter()
        .map(|o| (o.score.as_ref().unwrap().as_str(), o.words.plain.as_str()))
        .collect();
    assert_eq!(scored[..2], [("0", "Not at all"), ("1", "Several days")]);
}

#[test]
fn scores_stand_in_a_contained_value_set() {
    let Some(visit) = real("lforms__argonaut-phq9-ish.json") else {
        return;
    };
    for link_id in ["g1.q2", "g1.q9"] {
        let option = &visit.protocol.find(link_id).unwrap().options[1];
        let Value::Coding(coding) = &option.value else {
            unreachable!()
        };
        assert_eq!(
            (coding.code.as_str(), option.words.plain.as_str()),
            ("LA6569-3", "Several days")
        );
        assert_eq!(option.score.as_ref().unwrap().as_str(), "1");
    }
}

const HALF: &str = "Mer enn halvparten av dagene";
const SOME: &str = "Noen dager";
const DAILY: &str = "Nesten hver dag";

/// The option with these words, as a screen would send it.
#[track_caller]
fn option(visit: &Visit, words: &str) -> Json {
    let options = &visit.protocol.find("2.1").unwrap().options;
    Answer::Value(
        options
            .iter()
            .find(|option| option.words.plain == words)
            .unwrap()
            .value
            .clone(),
    )
    .to_json()
}

#[test]
fn a_radio_button_replaces_its_score() {
    let Some(mut visit) = real("refero__scoring-choice-radio-button-q.json") else {
        return;
    };
    let (half, some) = (option(&visit, HALF), option(&visit, SOME));
    check(&visit, "at least 0, at most 3");
    check(visit.answer("2.1", &half), "2");
    check(visit.answer("2.1", &some), "1");
}

#[test]
fn check_boxes_add_their_scores() {
    let Some(mut visit) = real("refero__scoring-choice-check-box-q.json") else {
        return;
    };
    let (half, daily) = (option(&visit, HALF), option(&visit, DAILY));
    check(&visit, "at least 0, at most 6");
    check(visit.answer("2.1", &json!([half])), "2");
    check(visit.answer("2.1", &json!([half, daily])), "5");
    check(visit.answer("2.1", &json!([daily])), "3");
}

/// HL7's two published examples store 13; the answers say otherwise, and a stored total is never believed.
#[test]
fn hl7s_published_responses_sum_to_ten_and_eleven() {
    let folder = support::questionnaires();
    let cases = [
        (
            "sdc__questionnaireresponse-sdc-profile-example-PHQ9.json",
            "10",
        ),
        ("sdc__questionnaireresponse-sdc-example-PHQ9.json", "11"),
    ];
    for (file, total) in cases {
        let Some(folder) = &folder else { return };
        let mut visit = real("sdc__questionnaire-sdc-profile-example-PHQ9.json").unwrap();
        let response: Json =
            serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let mut codes = Vec::new();
        collect(&response, &mut codes);
        assert_eq!(codes.len(), 9, "{file}");
        for (number, code) in codes.iter().enumerate() {
            // The two examples spell the codes differently ("Several-days", "Several days").
            let link_id = format!("H1/T1/Q{}", number + 1);
            let spelled = |text: &str| text.replace('-', " ").to_lowercase();
            let options = &visit.protocol.find(&link_id).unwrap().options;
            let option = options
                .iter()
                .find(|option| spelled(&option.value.words()) == spelled(code))
                .unwrap();
            let raw = Answer::Value(option.value.clone()).to_json();
            visit.answer(&link_id, &raw);
        }
        check(&visit, total);
    }
}

fn collect(json: &Json, codes: &mut Vec<String>) {
    if let Some(code) = json["valueCoding"]["code"].as_str() {
        codes.push(code.to_owned());
    }
    match json {
        Json::Array(all) => all.iter().for_each(|one| collect(one, codes)),
        Json::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "valueCoding")
            .for_each(|(_, one)| collect(one, codes)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
