//! What LHC-Forms, HL7 and Helsenorge expect of their own files' conditions, where those files stand beside the project.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use serde_json::{Value as Json, json};
use support::{Visit, real};

/// Exactly these of the named items are open.
#[track_caller]
fn check(visit: &Visit, named: &[&str], open: &[&str]) {
    let all = visit.open();
    let found: Vec<&str> = named
        .iter()
        .copied()
        .filter(|link| all.iter().any(|open| open == link))
        .collect();
    assert_eq!(found, open);
}

const Q1: [&str; 5] = [
    "Q1-exists",
    "Q1-not-exists",
    "Q1-true",
    "Q1-false",
    "Q1-not-true",
];

#[test]
fn not_equal_holds_on_an_unanswered_question() {
    let Some(visit) = real("lforms__enableWhen-test.R4.json") else {
        return;
    };
    check(&visit, &Q1, &["Q1-not-exists", "Q1-not-true"]);
}

#[test]
fn a_boolean_gate_opens_what_it_should() {
    let Some(mut visit) = real("lforms__enableWhen-test.R4.json") else {
        return;
    };
    check(visit.yes("Q1"), &Q1, &["Q1-exists", "Q1-true"]);
    check(
        visit.no("Q1"),
        &Q1,
        &["Q1-exists", "Q1-false", "Q1-not-true"],
    );
}

#[track_caller]
fn options(question: &str, first: &Json, second: &Json) {
    let Some(mut visit) = real("lforms__enableWhen-test.R4.json") else {
        return;
    };
    let (equal, not_equal) = (format!("{question}-eq-B"), format!("{question}-noteq-B"));
    let named = [not_equal.as_str(), equal.as_str()];
    check(&visit, &named, &[&not_equal]);
    check(visit.answer(question, first), &named, &[&not_equal]);
    check(visit.answer(question, second), &named, &[&equal]);
}

#[test]
fn options_of_every_type_compare() {
    options(
        "Q9a",
        &json!({"valueString": "A"}),
        &json!({"valueString": "B"}),
    );
    options(
        "Q9b",
        &json!({"valueInteger": 12}),
        &json!({"valueInteger": 34}),
    );
    options(
        "Q9c",
        &json!({"valueDate": "2022"}),
        &json!({"valueDate": "2022-09"}),
    );
    options(
        "Q9d",
        &json!({"valueTime": "10:30:00"}),
        &json!({"valueTime": "13:30:00"}),
    );
}

#[test]
fn several_chosen_options_satisfy_several_conditions() {
    let Some(mut visit) = real("lforms__enableWhen-test.R4.json") else {
        return;
    };
    let option = |code: &str| json!({"valueCoding": {"system": "test-coding", "code": code}});
    let named = ["Q8-eq-B", "Q8-eq-B-and-C"];
    check(&visit, &named, &[]);
    check(
        visit.answer("Q8", &json!([option("B")])),
        &named,
        &["Q8-eq-B"],
    );
    check(
        visit.answer("Q8", &json!([option("B"), option("C")])),
        &named,
        &["Q8-eq-B", "Q8-eq-B-and-C"],
    );
    check(visit.answer("Q8", &json!([option("C")])), &named, &[]);
}

#[test]
fn a_tab_is_shown_only_when_its_gate_is_true() {
    let Some(mut visit) = real("lforms__tab-layout-with-enableWhen.json") else {
        return;
    };
    let tab = visit
        .protocol
        .items()
        .iter()
        .flat_map(|item| &item.items)
        .filter(|item| !item.conditions.is_empty());
    let tab = tab.map(|item| item.link_id.clone()).next_back().unwrap();
    assert!(!visit.open().contains(&tab));
    assert!(visit.yes("Q1").open().contains(&tab));
    assert!(!visit.no("Q1").open().contains(&tab));
}

/// Helsenorge's own project resets what is hidden to "no"; that would turn "not asked" into "no". Ours is closed, absent from the
/// flow's open steps, and the answer stays in the sheet.
#[test]
fn any_opens_with_one_gate_and_closes_with_the_last() {
    let Some(mut visit) = real("refero__enableWhenAnyVsAll-any.json") else {
        return;
    };
    check(&visit, &["T.1"], &[]);
    check(visit.yes("A.1"), &["T.1"], &["T.1"]);
    check(visit.yes("T.1").no("A.1"), &["T.1"], &[]);
    assert_eq!(
        visit.sheet.get(&mooring_protocol::AnswerPath::new("T.1")),
        [support::yes()]
    );
}

#[test]
fn all_opens_only_with_every_gate() {
    for (file, first, second, behind) in [
        ("refero__enableWhenAnyVsAll-all.json", "A.1", "A.2", "T.1"),
        ("refero__enableWhenBehaviorAll-q.json", "1.1", "1.2", "2.1"),
    ] {
        let Some(mut visit) = real(file) else { return };
        check(visit.yes(first), &[behind], &[]);
        check(visit.yes(second), &[behind], &[behind]);
        check(visit.no(second), &[behind], &[]);
    }
}

#[test]
fn exists_closes_when_the_answer_is_taken_back() {
    let Some(mut visit) = real("refero__enableWhenExcists-q.json") else {
        return;
    };
    check(
        visit.answer("A.1", &json!({"valueString": "a"})),
        &["T.1"],
        &["T.1"],
    );
    visit
        .sheet
        .remove(&mooring_protocol::AnswerPath::new("A.1"));
    check(&visit, &["T.1"], &[]);
}

#[test]
fn a_coded_answer_behind_a_closed_gate_is_absent() {
    let Some(mut visit) = real("refero__enableWhenCodingWipe-q.json") else {
        return;
    };
    visit
        .yes("A")
        .answer("C.1", &json!({"valueCoding": {"system": "s", "code": "x"}}));
    check(&visit, &["C.1"], &["C.1"]);
    check(visit.no("A"), &["C.1"], &[]);
}

#[test]
fn more_repeats_than_allowed_are_shown_without_loss_and_flagged() {
    let Some(mut visit) = real("lforms__q-with-minOccurs-maxOccurs.json") else {
        return;
    };
    for n in 1..=4 {
        let repeat = vec![("1".to_owned(), uuid::Uuid::from_u128(n))];
        let path = mooring_protocol::AnswerPath::within(repeat, "1.2");
        visit.sheet.set(
            path,
            mooring_protocol::Answer::Value(mooring_protocol::Value::String(n.to_string())),
        );
    }
    let flow = visit.protocol.flow(&visit.sheet);
    let answered = flow
        .steps
        .iter()
        .filter(|step| step.link_id() == "1.2" && !step.answers.is_empty())
        .count();
    assert_eq!((answered, flow.too_many), (4, vec!["1".to_owned()]));
}
