//! Responses as other systems write and read them: what comes in is never lost and never lowers a level, and what goes out says the same again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{
    Answer, AnswerPath, FaultKind, Import, Level, Person, Protocol, Responding, Sheet, Status,
};
use serde_json::{Value as Json, json};
use support::{Visit, no, yes};
use uuid::Uuid;

const HOW: Responding<'static> = Responding {
    status: Status::Completed,
    header: None,
    language: None,
};

fn form() -> Json {
    json!({"resourceType": "Questionnaire", "url": "http://a.example/q", "version": "2", "status": "active", "item": [
        {"linkId": "plan", "type": "boolean", "text": "Plan", "required": true,
         "_text": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
            {"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "Plan (es)"}]}]}},
        {"linkId": "means", "type": "choice", "text": "Means", "required": true,
         "enableWhen": [{"question": "plan", "operator": "=", "answerBoolean": true}],
         "answerOption": [
            {"valueCoding": {"system": "s", "code": "here", "display": "At hand"}, "extension": [ordinal(2)]},
            {"valueCoding": {"system": "s", "code": "none", "display": "None"}, "extension": [ordinal(0)]}]},
        {"linkId": "people", "type": "group", "repeats": true, "item": [
            {"linkId": "name", "type": "string", "text": "Name"},
            {"linkId": "phones", "type": "string", "repeats": true, "item": [
                {"linkId": "kind", "type": "string"}]}]},
        {"linkId": "age", "type": "integer", "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 18}]},
        {"linkId": "signs", "type": "choice", "repeats": true, "answerOption": [
            {"valueCoding": {"system": "s", "code": "a"}, "extension": [ordinal(1)]},
            {"valueCoding": {"system": "s", "code": "b"}, "extension": [ordinal(3)]}]},
        {"linkId": "note", "type": "display", "text": "Read this"},
        {"linkId": "letter", "type": "attachment", "text": "A letter"},
        {"linkId": "total", "type": "integer", "readOnly": true, "extension": [{
            "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
            "valueExpression": {"language": "text/fhirpath", "expression": "%resource.answers().value.ordinal().sum()"}}]},
    ]})
}

fn ordinal(score: u32) -> Json {
    json!({"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": score})
}

fn protocol() -> Protocol {
    let rules = json!({"version": 0, "not_validated": true, "rules": [
        {"id": "plan", "domain": "suicide", "level": "high", "when": {"yes": "plan"}, "reason": "Plan", "source": "x", "policy": true},
        {"id": "means", "domain": "suicide", "level": "imminent",
         "when": {"chosen": {"link": "means", "codes": ["here"]}}, "reason": "Means", "source": "x", "policy": true},
    ]});
    let rules = rules.to_string();
    Protocol::parse(form().to_string().as_bytes(), Some(rules.as_bytes()))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn read_as(protocol: &Protocol, response: &Json) -> Import {
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        Uuid::from_u128(next)
    };
    protocol
        .read_response(response.to_string().as_bytes(), None, &mut fresh)
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// A response with these items, read.
fn read(items: &Json) -> Import {
    read_as(
        &protocol(),
        &json!({"resourceType": "QuestionnaireResponse", "questionnaire": "http://a.example/q|2",
            "status": "completed", "item": items}),
    )
}

fn kinds(import: &Import) -> Vec<(FaultKind, &str)> {
    let faults = import.faults.iter();
    faults
        .map(|fault| (fault.kind, fault.link_id.as_deref().unwrap_or_default()))
        .collect()
}

/// The faults of these items, and the level that they come to.
#[track_caller]
fn check(items: &Json, faults: &[(FaultKind, &str)], level: (Level, bool)) -> Import {
    let import = read(items);
    assert_eq!(kinds(&import), faults);
    let triage = protocol().triage(&import.sheet, Person::default());
    let found = &triage.domains[0];
    assert_eq!((found.level, found.at_least), level);
    import
}

fn plan(yes: bool) -> Json {
    json!({"linkId": "plan", "answer": [{"valueBoolean": yes}]})
}

#[test]
fn a_whole_response_is_read_without_a_word() {
    let import = check(&json!([plan(false)]), &[], (Level::NothingEndorsed, false));
    assert_eq!((import.warnings, import.strays), (vec![], vec![]));
}

#[test]
fn an_unknown_link_id_is_reported_kept_and_leaves_every_level_open() {
    let import = check(
        &json!([plan(false), {"linkId": "intent", "answer": [{"valueBoolean": true}]}]),
        &[(FaultKind::NoSuchTarget, "intent")],
        (Level::NothingEndorsed, true),
    );
    assert_eq!(import.sheet.get(&AnswerPath::new("intent")), [yes()]);
    assert_eq!(import.strays[0].answer, json!({"valueBoolean": true}));
}

#[test]
fn what_stands_below_an_unknown_link_id_is_read_all_the_same() {
    check(
        &json!([{"linkId": "section", "item": [plan(true)]}]),
        &[
            (FaultKind::NoSuchTarget, "section"),
            (FaultKind::Missing, "means"),
        ],
        (Level::High, true),
    );
}

#[test]
fn an_answer_of_a_wrong_type_is_reported_kept_and_answers_nothing() {
    let import = check(
        &json!([{"linkId": "plan", "answer": [{"valueString": "no"}]}]),
        &[(FaultKind::WrongType, "plan"), (FaultKind::Missing, "plan")],
        (Level::NothingEndorsed, true),
    );
    assert_eq!(import.strays[0].answer, json!({"valueString": "no"}));
    assert!(import.sheet.get(&AnswerPath::new("plan")).is_empty());
}

#[test]
fn an_answer_that_is_none_of_the_options_leaves_the_question_open() {
    check(
        &json!([plan(true), {"linkId": "means", "answer": [{"valueCoding": {"system": "s", "code": "no"}}]}]),
        &[
            (FaultKind::NotAllowed, "means"),
            (FaultKind::Missing, "means"),
        ],
        (Level::High, true),
    );
}

#[test]
fn an_option_is_found_by_its_words_where_its_code_is_spelled_otherwise() {
    let import = check(
        &json!([plan(true), {"linkId": "means", "answer": [{"valueCoding": {"code": "At-hand", "display": "At hand"}}]}]),
        &[],
        (Level::Imminent, false),
    );
    assert_eq!(import.warnings.len(), 1, "{:?}", import.warnings);
}

#[test]
fn two_answers_where_one_can_stand_are_both_kept_and_the_worse_governs() {
    let import = check(
        &json!([{"linkId": "plan", "answer": [{"valueBoolean": false}, {"valueBoolean": true}]}]),
        &[(FaultKind::TooMuch, "plan"), (FaultKind::Missing, "means")],
        (Level::High, true),
    );
    assert_eq!(import.sheet.get(&AnswerPath::new("plan")), [no(), yes()]);
}

#[test]
fn a_value_outside_its_limits_is_kept_in_its_place_and_reported() {
    let import = check(
        &json!([plan(false), {"linkId": "age", "answer": [{"valueInteger": 15}]}]),
        &[(FaultKind::NotAllowed, "age")],
        (Level::NothingEndorsed, false),
    );
    assert_eq!(import.sheet.get(&AnswerPath::new("age")).len(), 1);
}

#[test]
fn what_was_said_instead_of_a_value_is_read_wherever_it_stands() {
    let absent = |code: &str| json!([{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": code}]);
    let rows = [
        (
            json!({"linkId": "plan", "extension": absent("asked-declined")}),
            Answer::Declined,
        ),
        (
            json!({"linkId": "plan", "answer": [{"extension": absent("asked-unknown")}]}),
            Answer::Unsure,
        ),
        (
            json!({"linkId": "plan", "answer": [{"_valueBoolean": {"extension": absent("temp-unknown")}}]}),
            Answer::NotNow,
        ),
        (
            json!({"linkId": "plan", "answer": [{"valueCoding": {"extension": absent("asked-declined")}}]}),
            Answer::Declined,
        ),
    ];
    for (item, said) in rows {
        let import = read(&json!([item]));
        assert_eq!(kinds(&import)[0], (FaultKind::Missing, "plan"));
        assert_eq!(import.sheet.get(&AnswerPath::new("plan")), [said]);
    }
}

#[test]
fn a_link_id_that_differs_by_a_slash_is_found_and_said() {
    let import = check(
        &json!([{"linkId": "/plan", "answer": [{"valueBoolean": true}]}]),
        &[(FaultKind::Missing, "means")],
        (Level::High, true),
    );
    assert!(import.warnings[0].message.contains("slash"));
}

#[test]
fn a_repeat_that_the_response_left_out_is_made() {
    let import = check(
        &json!([plan(false), {"linkId": "name", "answer": [{"valueString": "Ana"}]},
            {"linkId": "phones", "answer": [{"valueString": "1"}]}]),
        &[],
        (Level::NothingEndorsed, false),
    );
    let ancestors: std::collections::BTreeSet<_> = import
        .sheet
        .iter()
        .filter(|(path, _)| path.link_id() != "plan")
        .map(|(path, _)| path.ancestors().to_vec())
        .collect();
    assert_eq!(ancestors.len(), 1, "both came into one repeat");
}

#[test]
fn an_answer_that_does_not_apply_is_said_and_left_out_of_the_response() {
    let import = check(
        &json!([plan(false), {"linkId": "means", "answer": [{"valueCoding": {"system": "s", "code": "here"}}]}]),
        &[],
        (Level::NothingEndorsed, false),
    );
    assert!(import.warnings[0].message.contains("does not count"));
    let response = protocol().respond(&import.sheet, HOW);
    assert!(!response.to_string().contains("means"), "{response}");
}

#[test]
fn an_answer_behind_a_question_that_was_passed_over_stands_beside_the_items_and_comes_back() {
    let import = check(
        &json!([{"linkId": "means", "answer": [{"valueCoding": {"system": "s", "code": "here"}}]}]),
        &[(FaultKind::Missing, "plan")],
        (Level::Imminent, true),
    );
    let response = protocol().respond(&import.sheet, HOW);
    assert_eq!(response["status"], "in-progress");
    assert!(!response["item"].to_string().contains("means"));
    let again = read_as(&protocol(), &response);
    assert_eq!(again.sheet, import.sheet);
}

#[test]
fn a_completed_response_says_what_it_lacks() {
    check(
        &json!([]),
        &[(FaultKind::Missing, "plan")],
        (Level::NothingEndorsed, true),
    );
}

#[test]
fn a_file_that_was_attached_is_kept_and_no_fault() {
    let import = check(
        &json!([plan(false), {"linkId": "letter", "answer": [{"valueAttachment": {"url": "x"}}]}]),
        &[],
        (Level::NothingEndorsed, false),
    );
    assert_eq!((import.strays.len(), import.warnings.len()), (1, 1));
}

#[test]
fn a_stored_total_is_worked_out_again_and_a_disagreement_shown() {
    let items = |total: i32| {
        json!([plan(true), {"linkId": "means", "answer": [{"valueCoding": {"system": "s", "code": "here"}}]},
            {"linkId": "signs", "answer": [{"valueCoding": {"system": "s", "code": "b"}}]},
            {"linkId": "total", "answer": [{"valueInteger": total}]}])
    };
    assert_eq!(read(&items(5)).disagreements, []);
    let found = read(&items(0)).disagreements;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].link_id.as_str(), found[0].words.as_str()),
        ("total", "5")
    );
    let written = protocol().respond(&read(&items(0)).sheet, HOW);
    assert_eq!(
        written["item"].as_array().unwrap().last().unwrap()["answer"],
        json!([{"valueInteger": 5}])
    );
}

#[test]
fn a_total_with_a_missing_part_is_a_range_and_no_answer() {
    let import = read(&json!([plan(true), {"linkId": "total", "answer": [{"valueInteger": 5}]}]));
    assert_eq!(import.disagreements[0].words, "at least 0, at most 6");
    let response = protocol().respond(&import.sheet, HOW);
    let total = response["item"].as_array().unwrap().last().unwrap();
    assert_eq!(total["linkId"], "total");
    assert!(total.get("answer").is_none());
    assert_eq!(
        total["extension"][0]["valueRange"],
        json!({"low": {"value": 0}, "high": {"value": 6}})
    );
}

#[test]
fn what_is_no_response_is_refused() {
    let protocol = protocol();
    for bytes in [
        "[]",
        "{",
        "{\"resourceType\": \"Questionnaire\"}",
        "{\"resourceType\": \"QuestionnaireResponse\", \"modifierExtension\": []}",
        "{\"resourceType\": \"QuestionnaireResponse\", \"status\": \"completed\", \"status\": \"completed\"}",
    ] {
        let refused = protocol.read_response(bytes.as_bytes(), None, &mut || unreachable!());
        assert!(refused.is_err(), "{bytes}");
    }
}

#[test]
fn answers_are_written_in_the_order_of_the_questionnaire_nested_and_with_their_scores() {
    let mut visit = Visit::new(protocol());
    let at_hand = json!({"valueCoding": {"system": "s", "code": "here"}});
    visit.answer("signs", &json!([{"valueCoding": {"system": "s", "code": "b"}}, {"valueCoding": {"system": "s", "code": "a"}}]));
    visit.answer("name", &json!({"valueString": "Ana"}));
    visit.answer("phones", &json!({"valueString": "555"}));
    visit.answer("kind", &json!({"valueString": "home"}));
    visit.answer("means", &at_hand).yes("plan");
    let response = visit.protocol.respond(&visit.sheet, HOW);
    let scored = |code: &str, display: Option<&str>, score: u32| {
        let mut coding = json!({"system": "s", "code": code});
        if let Some(display) = display {
            coding["display"] = json!(display);
        }
        coding["extension"] = json!([ordinal(score)]);
        json!({ "valueCoding": coding })
    };
    let id = |n: u128| Uuid::from_u128(n).to_string();
    assert_eq!(
        response,
        json!({"resourceType": "QuestionnaireResponse", "questionnaire": "http://a.example/q|2", "status": "completed", "item": [
            {"linkId": "plan", "text": "Plan", "answer": [{"valueBoolean": true}]},
            {"linkId": "means", "text": "Means", "answer": [scored("here", Some("At hand"), 2)]},
            {"id": id(2), "linkId": "people", "item": [
                {"linkId": "name", "text": "Name", "answer": [{"valueString": "Ana"}]},
                {"linkId": "phones", "answer": [{"valueString": "555", "id": id(3), "item": [
                    {"linkId": "kind", "answer": [{"valueString": "home"}]}]}]}]},
            {"linkId": "signs", "answer": [scored("a", None, 1), scored("b", None, 3)]},
            {"linkId": "total", "answer": [{"valueInteger": 6}]},
        ]})
    );
}

#[test]
fn the_words_that_were_shown_stand_beside_the_questionnaires_own() {
    let mut visit = Visit::new(protocol());
    visit.no("plan");
    let response = visit.protocol.respond(
        &visit.sheet,
        Responding {
            language: Some("es"),
            ..HOW
        },
    );
    assert_eq!(response["language"], "es");
    assert_eq!(response["item"][0]["text"], "Plan");
    assert!(
        response["item"][0]["_text"]
            .to_string()
            .contains("Plan (es)")
    );
}

#[test]
fn contested_values_are_no_answer_and_come_back_contested() {
    let mut sheet = Sheet::new();
    sheet.add(AnswerPath::new("plan"), yes());
    sheet.add(AnswerPath::new("plan"), no());
    let response = protocol().respond(&sheet, HOW);
    assert_eq!(response["status"], "in-progress");
    assert!(!response["item"].to_string().contains("plan"));
    assert_eq!(read_as(&protocol(), &response).sheet, sheet);
}

mod real_files {
    use super::*;

    fn read_real(questionnaire: &str, response: &str) -> Option<(Protocol, Import)> {
        let folder = support::questionnaires()?;
        let visit = support::real(questionnaire)?;
        let response =
            serde_json::from_slice(&std::fs::read(folder.join(response)).unwrap()).unwrap();
        let import = read_as(&visit.protocol, &response);
        Some((visit.protocol, import))
    }

    /// HL7's two published examples store 13, and their own answers come to 10 and 11.
    #[test]
    fn hl7s_published_responses_disagree_with_themselves() {
        for (response, total) in [
            (
                "sdc__questionnaireresponse-sdc-profile-example-PHQ9.json",
                "10",
            ),
            ("sdc__questionnaireresponse-sdc-example-PHQ9.json", "11"),
        ] {
            let Some((_, import)) =
                read_real("sdc__questionnaire-sdc-profile-example-PHQ9.json", response)
            else {
                return;
            };
            assert_eq!(import.faults, [], "{response}");
            assert_eq!(import.disagreements.len(), 1, "{response}");
            assert_eq!(import.disagreements[0].words, total, "{response}");
        }
    }

    #[test]
    fn a_value_below_the_least_is_kept_and_reported() {
        let Some((_, import)) = read_real(
            "smart-forms__QBehaviorValueConstraints-qMinValue.json",
            "smart-forms__QBehaviorValueConstraints-qrMinValue.json",
        ) else {
            return;
        };
        assert_eq!(kinds(&import), [(FaultKind::NotAllowed, "age-feedback")]);
        assert_eq!(import.sheet.len(), 2);
    }

    #[test]
    fn more_repeats_than_allowed_are_read_without_loss_and_reported() {
        let Some((_, import)) = read_real(
            "lforms__q-with-minOccurs-maxOccurs.json",
            "lforms__qr-with-repeating-group-exceed-maxOccurs.json",
        ) else {
            return;
        };
        assert_eq!(import.sheet.len(), 4);
        assert_eq!(kinds(&import)[0], (FaultKind::TooMuch, "1"));
    }

    #[test]
    fn hidden_values_are_kept() {
        let Some((protocol, import)) = read_real(
            "lforms__hidden-item-questionnaire.R4.json",
            "lforms__hidden-item-questionnaire-response.R4.json",
        ) else {
            return;
        };
        assert_eq!(import.faults, []);
        let response = protocol.respond(&import.sheet, HOW).to_string();
        assert_eq!(response.matches("\"valueDecimal\":2").count(), 6);
    }

    /// HL7's own example has a tab before two telephone numbers, which its Questionnaire's rule does not allow.
    #[test]
    fn a_long_referral_is_read_and_two_malformed_numbers_are_named() {
        let Some((_, import)) = read_real(
            "sdc__Questionnaire-CardiologyForm.json",
            "sdc__QuestionnaireResponse-Cardiology-MariaSantos.json",
        ) else {
            return;
        };
        let at: Vec<&str> = import
            .faults
            .iter()
            .map(|fault| fault.at.as_str())
            .collect();
        assert_eq!(at, ["referrer_phone", "referrer_fax"]);
        assert_eq!(import.strays, vec![]);
    }
}

#[test]
fn a_none_of_these_beside_another_answer_is_said_and_both_are_kept() {
    let form = json!({"resourceType": "Questionnaire", "item": [{"linkId": "q", "type": "choice", "repeats": true, "answerOption": [
        {"valueString": "a"},
        {"valueString": "none", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive", "valueBoolean": true}]}]}]});
    let protocol = Protocol::parse(form.to_string().as_bytes(), None).unwrap();
    let response = json!({"resourceType": "QuestionnaireResponse", "status": "completed",
        "item": [{"linkId": "q", "answer": [{"valueString": "a"}, {"valueString": "none"}]}]});
    let import = read_as(&protocol, &response);
    assert_eq!(kinds(&import), [(FaultKind::NotAllowed, "q")]);
    assert_eq!(import.sheet.len(), 2);
}
