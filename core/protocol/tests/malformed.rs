//! Malformed, oversized and circular files: every fault is listed with its place, and nothing hangs or overflows.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use mooring_protocol::{FaultKind, Faults, Openness, Protocol, Sheet};
use serde_json::{Value as Json, json};

#[track_caller]
fn refused(questionnaire: &Json) -> Faults {
    Protocol::parse(questionnaire.to_string().as_bytes(), None).unwrap_err()
}

/// Exactly these faults: place, kind, and a part of the message.
#[track_caller]
fn check(faults: &Faults, expected: &[(&str, FaultKind, &str)]) {
    let found: Vec<(&str, FaultKind)> = faults
        .0
        .iter()
        .map(|fault| (fault.at.as_str(), fault.kind))
        .collect();
    let wanted: Vec<(&str, FaultKind)> =
        expected.iter().map(|(at, kind, _)| (*at, *kind)).collect();
    assert_eq!(found, wanted, "{faults}");
    for (fault, (_, _, part)) in faults.0.iter().zip(expected) {
        assert!(fault.message.contains(part), "{fault}");
    }
}

fn form(items: &Json) -> Json {
    json!({"resourceType": "Questionnaire", "item": items})
}

#[test]
fn every_fault_is_listed_with_its_place_and_what_was_expected() {
    let faults = refused(&form(&json!([
        {"linkId": "a", "type": "boolean", "required": "perhaps"},
        {"linkId": "a", "type": "yesno"},
        {"type": "string", "item": [{"linkId": "", "type": "string"}, 5]},
        {"linkId": "b", "type": "choice", "answerOption": [{"valueInteger": "x"}, {}], "text": 7, "maxLength": -1},
        {"linkId": "c", "type": "string", "enableWhen": [
            {"question": "zz", "operator": "=", "answerBoolean": true},
            {"question": "a", "operator": "~", "answerBoolean": true},
            {"operator": "="},
            {"question": "b", "operator": "exists", "answerString": "x"},
        ], "enableBehavior": "some"},
        {"linkId": "d", "type": "choice", "answerValueSet": "#gone"},
        {"linkId": "e", "modifierExtension": []}
    ])));
    check(
        &faults,
        &[
            ("item[1].linkId", FaultKind::Duplicate, "'a' stands twice"),
            ("item[2].linkId", FaultKind::Missing, "needs a linkId"),
            (
                "item[2].item[0].linkId",
                FaultKind::Missing,
                "can't be empty",
            ),
            (
                "item[0].required",
                FaultKind::WrongType,
                "expected true or false, found a string",
            ),
            (
                "item[1].type",
                FaultKind::NotAllowed,
                "'yesno' is no item type",
            ),
            (
                "item[2].item[1]",
                FaultKind::WrongType,
                "expected an object, found a number",
            ),
            ("item[3].text", FaultKind::WrongType, "expected a string"),
            (
                "item[3].answerOption[0].valueInteger",
                FaultKind::WrongType,
                "not a valid valueInteger",
            ),
            (
                "item[3].answerOption[1]",
                FaultKind::Missing,
                "needs a value[x]",
            ),
            ("item[3].maxLength", FaultKind::WrongType, "a whole number"),
            (
                "item[4].enableWhen[0].question",
                FaultKind::NoSuchTarget,
                "linkId 'c' contains enableWhen pointing to a question with linkId 'zz' that does not exist.",
            ),
            (
                "item[4].enableWhen[1].operator",
                FaultKind::NotAllowed,
                "expected exists, =",
            ),
            (
                "item[4].enableWhen[2].question",
                FaultKind::Missing,
                "linkId of a question",
            ),
            ("item[4].enableWhen[2]", FaultKind::Missing, "answer[x]"),
            (
                "item[4].enableWhen[3].answerString",
                FaultKind::WrongType,
                "answerBoolean",
            ),
            (
                "item[4].enableBehavior",
                FaultKind::NotAllowed,
                "'any' or 'all'",
            ),
            ("item[5].answerValueSet", FaultKind::NoSuchTarget, "'#gone'"),
            (
                "item[6].modifierExtension",
                FaultKind::NotReadable,
                "changes the meaning",
            ),
            ("item[6].type", FaultKind::Missing, "needs a type"),
        ],
    );
    assert_eq!(faults.0[3].link_id.as_deref(), Some("a"));
    assert_eq!(faults.to_string().lines().count(), faults.0.len());
}

#[test]
fn what_is_no_questionnaire_is_refused() {
    check(
        &refused(&json!([])),
        &[("file", FaultKind::WrongType, "expected a Questionnaire")],
    );
    check(
        &refused(&json!({"resourceType": "Patient"})),
        &[("resourceType", FaultKind::NotReadable, "found 'Patient'")],
    );
    for bytes in [&b""[..], b"{", b"\xff\xfe", b"{} {}", b"nul"] {
        assert_eq!(
            Protocol::parse(bytes, None).unwrap_err().0[0].kind,
            FaultKind::NotJson
        );
    }
}

#[test]
fn a_name_that_stands_twice_in_one_object_is_a_fault_and_no_silent_overwriting() {
    let text =
        r#"{"resourceType":"Questionnaire","item":[{"linkId":"a","type":"boolean"}],"item":[]}"#;
    check(
        &Protocol::parse(text.as_bytes(), None).unwrap_err(),
        &[("item", FaultKind::Duplicate, "stands twice")],
    );
}

#[test]
fn nesting_beyond_the_limit_is_a_fault_and_no_overflow() {
    for depth in [200, 100_000] {
        let open = r#"{"linkId":"a","type":"group","item":["#.repeat(depth);
        let text = format!(r#"{{"resourceType":"Questionnaire","item":[{open}"#);
        let faults = Protocol::parse(text.as_bytes(), None).unwrap_err();
        assert_eq!(faults.0[0].kind, FaultKind::TooMuch, "{faults}");
    }
}

#[test]
fn sixty_levels_load() {
    let mut item = json!({"linkId": "q", "type": "boolean"});
    for n in 0..58 {
        item = json!({"linkId": format!("g{n}"), "type": "group", "item": [item]});
    }
    let protocol = Protocol::parse(form(&json!([item])).to_string().as_bytes(), None).unwrap();
    assert!(
        protocol
            .flow(&Sheet::new())
            .steps
            .iter()
            .all(mooring_protocol::Step::is_open)
    );
}

fn chain(length: usize, last: &str) -> Json {
    let item = |n: usize| {
        let question = if n + 1 < length {
            format!("q{}", n + 1)
        } else {
            last.to_owned()
        };
        let gate = json!([{"question": question, "operator": "=", "answerBoolean": true}]);
        json!({"linkId": format!("q{n}"), "type": "boolean", "enableWhen": gate})
    };
    let mut items: Vec<Json> = (0..length).map(item).collect();
    items.push(json!({"linkId": "first", "type": "boolean"}));
    form(&Json::Array(items))
}

#[test]
fn a_chain_of_ten_thousand_conditions_does_not_overflow() {
    let protocol = Protocol::parse(chain(10_000, "first").to_string().as_bytes(), None).unwrap();
    let flow = protocol.flow(&Sheet::new());
    assert_eq!(flow.steps.iter().filter(|step| step.is_open()).count(), 1);
}

#[test]
fn conditions_that_go_round_in_a_circle_load_with_a_warning_and_stay_open() {
    for length in [1, 2, 5_000] {
        let protocol = Protocol::parse(chain(length, "q0").to_string().as_bytes(), None).unwrap();
        assert!(
            protocol
                .warnings()
                .iter()
                .any(|warning| warning.message.contains("circle")),
            "{length}"
        );
        let flow = protocol.flow(&Sheet::new());
        assert!(
            flow.steps
                .iter()
                .any(|step| step.open == Openness::Open && step.link_id() != "first")
        );
        assert!(flow.steps.iter().all(|step| step.open != Openness::Closed));
    }
}

#[test]
fn a_group_that_looks_at_a_question_inside_itself_stays_open() {
    let gate = json!([{"question": "q", "operator": "=", "answerBoolean": true}]);
    let items = json!([{"linkId": "g", "type": "group", "enableWhen": gate, "item": [{"linkId": "q", "type": "boolean"}]}]);
    let protocol = Protocol::parse(form(&items).to_string().as_bytes(), None).unwrap();
    assert!(
        protocol
            .warnings()
            .iter()
            .any(|warning| warning.message.contains("circle"))
    );
    assert!(
        protocol
            .flow(&Sheet::new())
            .steps
            .iter()
            .all(mooring_protocol::Step::is_open)
    );
}

#[test]
fn too_many_items_are_refused() {
    let items: Vec<Json> = (0..20_001)
        .map(|n| json!({"linkId": n.to_string(), "type": "display"}))
        .collect();
    let faults = refused(&form(&Json::Array(items)));
    assert!(
        faults
            .0
            .iter()
            .any(|fault| fault.kind == FaultKind::TooMuch)
    );
}

#[test]
fn one_big_value_set_behind_many_questions_does_not_fill_the_memory() {
    let concepts: Vec<Json> = (0..2_000).map(|n| json!({"code": n.to_string()})).collect();
    let set = json!({"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"system": "s", "concept": concepts}]}});
    let items: Vec<Json> = (0..5_000)
        .map(|n| json!({"linkId": n.to_string(), "type": "choice", "answerValueSet": "#v"}))
        .collect();
    let faults =
        refused(&json!({"resourceType": "Questionnaire", "contained": [set], "item": items}));
    assert!(
        faults
            .0
            .iter()
            .any(|fault| fault.kind == FaultKind::TooMuch)
    );
}

#[track_caller]
fn rules(rules: &Json) -> Faults {
    let items = json!([{"linkId": "q", "type": "boolean"}, {"linkId": "n", "type": "integer"}, {"linkId": "g", "type": "group"},
        {"linkId": "c", "type": "choice", "answerOption": [{"valueCoding": {"code": "a"}}]}]);
    Protocol::parse(
        form(&items).to_string().as_bytes(),
        Some(rules.to_string().as_bytes()),
    )
    .unwrap_err()
}

#[test]
fn every_fault_of_the_rules_is_listed_too() {
    let rule = |id: &str, when: Json| json!({"id": id, "domain": "suicide", "level": "low", "when": when, "reason": "a", "source": "b", "policy": false});
    let faults = rules(&json!({"version": 0, "speed": 1, "rules": [
        rule("a", json!({"yes": "gone"})),
        rule("a", json!({"yes": "n"})),
        rule("b", json!({"maybe": "q"})),
        rule("c", json!({"chosen": {"link": "c", "codes": ["a", "b"]}})),
        rule("d", json!({"compare": {"link": "n", "op": "!", "value": {"valueBoolean": true}}})),
        rule("e", json!({"all": []})),
        rule("f", json!({"score": {"name": "none", "op": ">", "number": 1}})),
        rule("g", json!({"yes": "g"})),
        {"id": "h", "domain": "moods", "level": "nothing-endorsed", "when": {"yes": "q"}, "reason": " ", "policy": true},
        {"id": "i", "domain": "suicide", "level": "imminent", "when": {"yes": "q"}, "reason": "a", "source": "b", "policy": false, "x": 1}
    ], "unsure_counts_as": [{"link": "gone"}, {"link": "n"}]}));
    check(
        &faults,
        &[
            ("rules: speed", FaultKind::NotAllowed, "expected version"),
            (
                "rules: unsure_counts_as[0].link",
                FaultKind::NoSuchTarget,
                "'gone'",
            ),
            (
                "rules: unsure_counts_as[1].value",
                FaultKind::WrongType,
                "integer",
            ),
            (
                "rules: rules[0].when.yes",
                FaultKind::NoSuchTarget,
                "'gone'",
            ),
            ("rules: rules[1].id", FaultKind::Duplicate, "'a'"),
            (
                "rules: rules[1].when.yes",
                FaultKind::WrongType,
                "boolean question",
            ),
            (
                "rules: rules[2].when.maybe",
                FaultKind::NotAllowed,
                "expected one of",
            ),
            (
                "rules: rules[3].when.chosen.codes[1]",
                FaultKind::NoSuchTarget,
                "no option",
            ),
            (
                "rules: rules[4].when.compare.op",
                FaultKind::NotAllowed,
                ">=",
            ),
            (
                "rules: rules[4].when.compare.value",
                FaultKind::WrongType,
                "integer",
            ),
            (
                "rules: rules[5].when.all",
                FaultKind::WrongType,
                "not empty",
            ),
            (
                "rules: rules[6].when.score.name",
                FaultKind::NoSuchTarget,
                "no total",
            ),
            (
                "rules: rules[7].when.yes",
                FaultKind::NoSuchTarget,
                "no question",
            ),
            ("rules: rules[8].domain", FaultKind::NotAllowed, "medical"),
            ("rules: rules[8].level", FaultKind::NotAllowed, "imminent"),
            (
                "rules: rules[8].reason",
                FaultKind::Missing,
                "says something",
            ),
            (
                "rules: rules[8].source",
                FaultKind::Missing,
                "expected a text",
            ),
            ("rules: rules[9].x", FaultKind::NotAllowed, "expected id"),
            (
                "rules: rules[9].policy",
                FaultKind::NotAllowed,
                "imminent is policy",
            ),
        ],
    );
}

#[test]
fn rules_of_a_newer_version_are_never_guessed_at() {
    check(
        &rules(&json!({"version": 1, "anything": true})),
        &[("rules: version", FaultKind::NotReadable, "newer")],
    );
}
