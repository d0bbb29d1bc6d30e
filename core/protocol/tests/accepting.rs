//! Taking answers: types, options, limits, repeats and what may be said instead of a value.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use mooring_protocol::{Answer, AnswerPath, Protocol, Sheet, Wrong};
use serde_json::{Value as Json, json};
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(7);
const OTHER: Uuid = Uuid::from_u128(8);

fn protocol() -> Protocol {
    let option = |code: &str| json!({"valueCoding": {"system": "s", "code": code, "display": code.to_uppercase()}});
    let options = json!([option("a"), option("b"), option("c")]);
    let questionnaire = json!({"resourceType": "Questionnaire", "item": [
        {"linkId": "yes", "type": "boolean", "required": true},
        {"linkId": "number", "type": "decimal"},
        {"linkId": "line", "type": "string", "maxLength": 3},
        {"linkId": "pick", "type": "choice", "answerOption": options},
        {"linkId": "picks", "type": "choice", "repeats": true, "answerOption": options,
         "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 2}]},
        {"linkId": "none", "type": "choice", "repeats": true, "answerOption": [option("a"), option("b"), {
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive", "valueBoolean": true}],
            "valueCoding": {"system": "s", "code": "none"}}]},
        {"linkId": "own", "type": "open-choice", "answerOption": options},
        {"linkId": "lines", "type": "string", "repeats": true},
        {"linkId": "fixed", "type": "integer", "readOnly": true},
        {"linkId": "file", "type": "attachment"},
        {"linkId": "elsewhere", "type": "choice", "answerValueSet": "http://example.org/vs"},
        {"linkId": "people", "type": "group", "repeats": true, "item": [{"linkId": "name", "type": "string"}, {"linkId": "age", "type": "integer"}]},
    ]});
    Protocol::parse(questionnaire.to_string().as_bytes(), None).unwrap()
}

fn take(
    link_id: &str,
    instance: &[(String, Uuid)],
    raw: &Json,
    sheet: &Sheet,
) -> Result<Vec<String>, Wrong> {
    let edits = protocol()
        .accept(link_id, instance, raw, &mut || ID, sheet)
        .map_err(|fault| {
            assert_eq!(fault.link_id, link_id);
            fault.wrong
        })?;
    Ok(edits
        .iter()
        .map(|(path, answer)| format!("{path} {}", answer.encode()))
        .collect())
}

#[track_caller]
fn taken(link_id: &str, raw: &Json, expected: &[&str]) {
    assert_eq!(take(link_id, &[], raw, &Sheet::new()).unwrap(), expected);
}

#[track_caller]
fn refused(link_id: &str, raw: &Json, expected: &Wrong) {
    assert_eq!(
        &take(link_id, &[], raw, &Sheet::new()).unwrap_err(),
        expected
    );
}

fn wrong_type(expected: &str, found: &str) -> Wrong {
    Wrong::WrongType {
        expected: expected.to_owned(),
        found: found.to_owned(),
    }
}

#[test]
fn declined_unsure_and_not_now_are_allowed_at_every_question() {
    for link_id in [
        "yes",
        "number",
        "line",
        "pick",
        "picks",
        "own",
        "lines",
        "fixed",
        "file",
        "elsewhere",
    ] {
        for (raw, code) in [("declined", "0-"), ("unsure", "0?"), ("notNow", "0~")] {
            taken(
                link_id,
                &json!({ raw: true }),
                &[&format!("{link_id} {code}")],
            );
        }
    }
}

#[test]
fn a_value_must_be_of_the_questions_type() {
    taken("yes", &json!({"valueBoolean": false}), &["yes 0b0"]);
    taken("yes", &json!([{"valueBoolean": false}]), &["yes 0b0"]);
    taken("number", &json!({"valueInteger": 5}), &["number 0n5"]);
    refused(
        "yes",
        &json!({"valueString": "yes"}),
        &wrong_type("valueBoolean", "String"),
    );
    refused(
        "number",
        &json!({"valueBoolean": true}),
        &wrong_type("valueDecimal", "Boolean"),
    );
    refused(
        "yes",
        &json!({"valueBoolean": "true"}),
        &Wrong::Malformed {
            expected: "valueBoolean".to_owned(),
        },
    );
    refused("yes", &json!(true), &Wrong::NotAnAnswer);
    refused("yes", &json!([]), &Wrong::NotAnAnswer);
    refused(
        "yes",
        &json!([{"valueBoolean": true}, {"valueBoolean": false}]),
        &Wrong::TooMany { most: 1 },
    );
}

#[test]
fn an_option_that_stands_alone_is_not_taken_beside_others() {
    let code = |code: &str| json!({"valueCoding": {"system": "s", "code": code}});
    taken("none", &json!([code("none")]), &["none=cs|none 0b1"]);
    taken(
        "none",
        &json!([code("a"), code("b")]),
        &["none=cs|a 0b1", "none=cs|b 0b1"],
    );
    refused("none", &json!([code("a"), code("none")]), &Wrong::NotAlone);
}

#[test]
fn a_text_must_not_be_too_long() {
    taken("line", &json!({"valueString": "äöü"}), &["line 0säöü"]);
    refused(
        "line",
        &json!({"valueString": "four"}),
        &Wrong::TooLong { longest: 3 },
    );
}

#[test]
fn a_choice_must_be_one_of_the_options_and_gets_their_words() {
    taken(
        "pick",
        &json!({"valueCoding": {"code": "a"}}),
        &["pick 0cs|a|A"],
    );
    taken(
        "elsewhere",
        &json!({"valueCoding": {"code": "z"}}),
        &["elsewhere 0c|z|"],
    );
    taken("own", &json!({"valueString": "mine"}), &["own 0smine"]);
    refused(
        "pick",
        &json!({"valueCoding": {"system": "s", "code": "z"}}),
        &Wrong::NotAnOption { options: 3 },
    );
    refused(
        "pick",
        &json!({"valueCoding": {"system": "t", "code": "a"}}),
        &Wrong::NotAnOption { options: 3 },
    );
    refused(
        "pick",
        &json!({"valueString": "mine"}),
        &Wrong::NotAnOption { options: 3 },
    );
    refused(
        "own",
        &json!({"valueCoding": {"code": "z"}}),
        &Wrong::NotAnOption { options: 3 },
    );
}

#[test]
fn what_cannot_be_answered_says_so() {
    refused(
        "people",
        &json!({"valueString": "x"}),
        &Wrong::NotAQuestion(mooring_protocol::ItemKind::Group),
    );
    refused(
        "file",
        &json!({"valueString": "x"}),
        &Wrong::NotSupported(mooring_protocol::ItemKind::Attachment),
    );
    refused("fixed", &json!({"valueInteger": 1}), &Wrong::ReadOnly);
    refused("gone", &json!({"valueInteger": 1}), &Wrong::NoSuchQuestion);
}

#[test]
fn a_fault_never_repeats_what_was_answered() {
    let fault = protocol()
        .accept(
            "pick",
            &[],
            &json!({"valueString": "my secret"}),
            &mut || ID,
            &Sheet::new(),
        )
        .unwrap_err();
    assert!(!format!("{fault} {fault:?}").contains("secret"));
}

fn coding(code: &str) -> Json {
    json!({"valueCoding": {"system": "s", "code": code}})
}

#[test]
fn options_no_longer_chosen_become_false() {
    taken(
        "picks",
        &json!([coding("a"), coding("b")]),
        &["picks=cs|a 0b1", "picks=cs|b 0b1"],
    );
    let sheet = sheet(&[("picks=cs|a", "0b1"), ("picks=cs|b", "0b1")]);
    let edits = take("picks", &[], &json!([coding("b")]), &sheet).unwrap();
    assert_eq!(edits, ["picks=cs|a 0b0", "picks=cs|b 0b1"]);
    let edits = take("picks", &[], &json!({"declined": true}), &sheet).unwrap();
    assert_eq!(edits, ["picks=cs|a 0b0", "picks=cs|b 0b0", "picks 0-"]);
    let edits = take("picks", &[], &json!([]), &sheet).unwrap();
    assert_eq!(edits, ["picks=cs|a 0b0", "picks=cs|b 0b0", "picks 0~"]);
    refused(
        "picks",
        &json!([coding("a"), coding("b"), coding("c")]),
        &Wrong::TooMany { most: 2 },
    );
    refused(
        "picks",
        &json!([coding("a"), {"declined": true}]),
        &Wrong::TooMany { most: 1 },
    );
}

fn sheet(answers: &[(&str, &str)]) -> Sheet {
    answers
        .iter()
        .map(|(path, answer)| {
            (
                path.parse::<AnswerPath>().unwrap(),
                Answer::decode(answer).unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_list_adds_replaces_and_puts_off() {
    let line = |text: &str| json!({ "valueString": text });
    taken("lines", &line("x"), &[&format!("lines:{ID} 0sx")]);
    let sheet = sheet(&[(&format!("lines:{OTHER}"), "0sy")]);
    let own = [("lines".to_owned(), OTHER)];
    assert_eq!(
        take("lines", &own, &line("x"), &sheet).unwrap(),
        [format!("lines:{OTHER} 0sx")]
    );
    assert_eq!(
        take("lines", &[], &line("x"), &sheet).unwrap(),
        [format!("lines:{ID} 0sx")]
    );
    let both = take("lines", &[], &json!([line("x"), line("z")]), &sheet).unwrap();
    assert_eq!(
        both,
        [format!("lines:{OTHER} 0sx"), format!("lines:{ID} 0sz")]
    );
    assert_eq!(
        take("lines", &[], &json!([]), &sheet).unwrap(),
        [format!("lines:{OTHER} 0~")]
    );
}

#[test]
fn a_repeat_is_the_named_one_the_only_one_or_a_fresh_one() {
    let name = json!({"valueString": "x"});
    taken("name", &name, &[&format!("people:{ID}/name 0sx")]);
    let one = sheet(&[(&format!("people:{OTHER}/name"), "0sy")]);
    assert_eq!(
        take("age", &[], &json!({"valueInteger": 3}), &one).unwrap(),
        [format!("people:{OTHER}/age 0i3")]
    );
    let named = [("people".to_owned(), ID)];
    assert_eq!(
        take("name", &named, &name, &one).unwrap(),
        [format!("people:{ID}/name 0sx")]
    );
    let two = sheet(&[
        (&format!("people:{OTHER}/name"), "0sy"),
        (&format!("people:{ID}/age"), "0i3"),
    ]);
    assert_eq!(
        take("name", &[], &name, &two).unwrap_err(),
        Wrong::WhichRepeat {
            of: "people".to_owned()
        }
    );
    let stray = [("line".to_owned(), ID)];
    assert_eq!(
        take("name", &stray, &name, &one).unwrap_err(),
        Wrong::NoSuchRepeat {
            of: "line".to_owned()
        }
    );
}
