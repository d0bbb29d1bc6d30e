//! What expressions decide: flow, values, options, texts and checks; what is missing stays unknown and never becomes a number.

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
    Answer, AnswerPath, Level, NotWorkedOut, Openness, Person, Protocol, Sheet, Step, Value,
};
use serde_json::{Value as Json, json};
use support::{Visit, no, real, yes};

const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

fn fhirpath(url: &str, expression: &str) -> Json {
    json!({"url": url, "valueExpression": {"language": "text/fhirpath", "expression": expression}})
}

fn calculated(expression: &str) -> Json {
    fhirpath(&format!("{SDC}calculatedExpression"), expression)
}

fn enable_when(expression: &str) -> Json {
    fhirpath(&format!("{SDC}enableWhenExpression"), expression)
}

fn variable(name: &str, expression: &str) -> Json {
    json!({"url": format!("{HL7}variable"), "valueExpression": {"name": name, "language": "text/fhirpath", "expression": expression}})
}

fn form(items: &Json) -> Visit {
    with_rules(items, None)
}

fn with_rules(items: &Json, rules: Option<&Json>) -> Visit {
    let file = json!({"resourceType": "Questionnaire", "item": items}).to_string();
    let rules = rules.map(|rules| json!({"version": 0, "rules": rules}).to_string());
    let protocol = Protocol::parse(file.as_bytes(), rules.as_ref().map(String::as_bytes));
    Visit::new(protocol.unwrap_or_else(|faults| panic!("{faults}")))
}

#[track_caller]
fn step(visit: &Visit, link: &str) -> Step {
    let flow = visit.protocol.flow(&visit.sheet);
    let found = flow.steps.into_iter().find(|step| step.link_id() == link);
    found.unwrap_or_else(|| panic!("no step {link}"))
}

/// What is worked out for an item, in words.
#[track_caller]
fn worked_out(visit: &Visit, link: &str, words: &str) {
    let found = step(visit, link).worked_out.unwrap();
    assert_eq!(found.words(), words, "{found:?}");
}

fn warnings(visit: &Visit) -> Vec<String> {
    let all = visit.protocol.warnings().iter();
    all.map(ToString::to_string).collect()
}

fn integer(n: i64) -> Json {
    json!({ "valueInteger": n })
}

#[test]
fn an_unanswered_part_makes_a_sum_a_range_and_no_number() {
    let question = |link: &str| {
        let limit = |name: &str, n: i64| json!({"url": format!("{HL7}{name}"), "valueInteger": n});
        json!({"linkId": link, "type": "integer", "extension": [limit("minValue", 0), limit("maxValue", 3)]})
    };
    let total = |link: &str, expression: &str| json!({"linkId": link, "type": "integer", "readOnly": true, "extension": [calculated(expression)]});
    let plus = "%resource.item.where(linkId='a').answer.value + %resource.item.where(linkId='b').answer.value";
    let sum = "(%resource.item.where(linkId='a').answer.value | %resource.item.where(linkId='b').answer.value).sum()";
    let all = "%resource.item.where(linkId = 'a' or linkId = 'b').answer.value.sum()";
    let guarded = "iif(%resource.item.where(linkId='a').answer.exists(), %resource.item.where(linkId='a').answer.value, 0) + iif(%resource.item.where(linkId='b').answer.exists(), %resource.item.where(linkId='b').answer.value, 0)";
    let minus = "10 - %resource.item.where(linkId='a').answer.value - %resource.item.where(linkId='b').answer.value";
    let count = "%resource.item.where(linkId = 'a' or linkId = 'b').answer.count()";
    let mut visit = form(&json!([
        question("a"),
        question("b"),
        total("plus", plus),
        total("sum", sum),
        total("all", all),
        total("guarded", guarded),
        total("minus", minus),
        total("count", count)
    ]));
    let links = ["plus", "all", "guarded", "minus", "count"];
    let check = |visit: &Visit, words: [&str; 5]| {
        for (link, words) in links.iter().zip(words) {
            worked_out(visit, link, words);
        }
    };
    let open = "at least 0, at most 6";
    check(
        &visit,
        [
            open,
            open,
            open,
            "at least 4, at most 10",
            "at least 0, at most 2",
        ],
    );
    visit.answer("a", &integer(2));
    let open = "at least 2, at most 5";
    check(
        &visit,
        [
            open,
            open,
            open,
            "at least 5, at most 8",
            "at least 1, at most 2",
        ],
    );
    let scores = visit.protocol.score(&visit.sheet);
    let plus = scores.iter().find(|score| score.name == "plus").unwrap();
    assert_eq!(
        (plus.words().as_str(), plus.missing.as_slice()),
        (open, [AnswerPath::new("b")].as_slice())
    );
    visit.answer("b", &json!({"declined": true}));
    worked_out(&visit, "plus", open);
    visit.answer("b", &integer(3));
    check(&visit, ["5", "5", "5", "5", "2"]);
    worked_out(&visit, "sum", "5");
}

#[test]
fn a_sum_of_scores_over_unanswered_questions_is_a_range_through_variables_too() {
    let ordinal = |n: i64| json!([{"url": format!("{HL7}ordinalValue"), "valueDecimal": n}]);
    let options: Vec<Json> = (0..4).map(|n| json!({"extension": ordinal(n), "valueCoding": {"system": "s", "code": n.to_string()}})).collect();
    let question = |link: &str| json!({"linkId": link, "type": "choice", "answerOption": options});
    let own = "%context.repeat(item).where(linkId != 'x').answer.value.ordinal().sum() + 0";
    let group = json!([{"linkId": "g", "type": "group", "item": [question("a"), question("b"),
        {"linkId": "x", "type": "decimal", "readOnly": true, "extension": [calculated("%scores.sum() * 2")]}],
        "extension": [variable("scores", "%context.item.answer.ordinal()")]},
        {"linkId": "y", "type": "decimal", "readOnly": true, "extension": [calculated(&format!("%resource.item.where(linkId='g').select({})", own.replace("%context", "$this")))]}]);
    let mut visit = form(&group);
    assert_eq!(warnings(&visit), [] as [&str; 0]);
    let code = |n: i64| json!({"valueCoding": {"system": "s", "code": n.to_string()}});
    worked_out(&visit, "x", "at least 0, at most 12");
    visit.answer("a", &code(3));
    worked_out(&visit, "x", "at least 6, at most 12");
    visit.answer("b", &code(1));
    worked_out(&visit, "x", "8");
    worked_out(&visit, "y", "4");
}

#[test]
fn a_level_from_an_incomplete_total_says_at_least_and_never_falls_as_more_is_answered() {
    let limit = |name: &str, n: i64| json!({"url": format!("{HL7}{name}"), "valueInteger": n});
    let question = |link: &str| json!({"linkId": link, "type": "integer", "extension": [limit("minValue", 0), limit("maxValue", 10)]});
    let items = json!([question("a"), question("b"), {"linkId": "t", "type": "integer", "readOnly": true,
        "extension": [calculated("%resource.item.where(linkId='a').answer.value + %resource.item.where(linkId='b').answer.value")]}]);
    let rule = |id: &str, level: &str, at: i64| {
        json!({"id": id, "domain": "suicide", "level": level, "reason": "r", "source": "s", "policy": false,
        "when": {"compare": {"link": "t", "op": ">=", "value": {"valueInteger": at}}}})
    };
    let score = json!({"id": "c", "domain": "suicide", "level": "low", "reason": "r", "source": "s", "policy": false,
        "when": {"score": {"name": "t", "op": ">=", "number": 1}}});
    let rules = json!([rule("a", "high", 12), rule("b", "moderate", 5), score]);
    let mut visit = with_rules(&items, Some(&rules));
    let level = |visit: &Visit| visit.level(Person::default());
    assert_eq!(level(&visit), (Level::NothingEndorsed, true));
    visit.answer("a", &integer(6));
    assert_eq!(level(&visit), (Level::Moderate, true));
    let triage = visit.protocol.triage(&visit.sheet, Person::default());
    assert_eq!(triage.domains[0].missing, [AnswerPath::new("b")]);
    assert_eq!(triage.domains[0].reasons[0].paths, [AnswerPath::new("a")]);
    visit.answer("b", &integer(6));
    assert_eq!(level(&visit), (Level::High, false));
    // Two values of one part: the worse governs.
    visit
        .sheet
        .add(AnswerPath::new("b"), Answer::Value(Value::Integer(0)));
    assert_eq!(level(&visit), (Level::High, false));
}

#[test]
fn too_many_contested_parts_never_say_less_than_one_combination() {
    let items: Vec<Json> = (0..14).map(|n| json!({"linkId": format!("q{n}"), "type": "integer"}))
        .chain([json!({"linkId": "t", "type": "integer", "readOnly": true, "extension": [calculated("%resource.item.where(linkId != 't').answer.value.sum()")]})]).collect();
    let rules = json!([{"id": "a", "domain": "suicide", "level": "high", "reason": "r", "source": "s", "policy": false,
        "when": {"compare": {"link": "t", "op": ">=", "value": {"valueInteger": 14}}}}]);
    let mut visit = with_rules(&json!(items), Some(&rules));
    for n in 0..14 {
        for value in [0, 1] {
            visit.sheet.add(
                AnswerPath::new(&format!("q{n}")),
                Answer::Value(Value::Integer(value)),
            );
        }
    }
    assert_eq!(visit.level(Person::default()), (Level::High, true));
}

#[test]
fn a_stored_total_is_worked_out_again_and_a_disagreement_shown() {
    let items = |read_only: bool| {
        json!([{"linkId": "a", "type": "integer"}, {"linkId": "t", "type": "integer", "readOnly": read_only,
        "extension": [calculated("%resource.item.where(linkId='a').answer.value * 2")]}])
    };
    let rules = json!([{"id": "a", "domain": "suicide", "level": "high", "reason": "r", "source": "s", "policy": false,
        "when": {"compare": {"link": "t", "op": ">=", "value": {"valueInteger": 10}}}}]);
    for (read_only, stored, level) in [
        (true, 3, Level::High),
        (false, 3, Level::High),
        (true, 30, Level::High),
    ] {
        let mut visit = with_rules(&items(read_only), Some(&rules));
        visit.answer("a", &integer(5));
        visit
            .sheet
            .set(AnswerPath::new("t"), Answer::Value(Value::Integer(stored)));
        let shown = step(&visit, "t");
        assert!(shown.worked_out.as_ref().unwrap().differs);
        assert_eq!(shown.worked_out.unwrap().words(), "10");
        assert_eq!(shown.answers.len(), 1, "what somebody stored stays");
        assert_eq!(visit.level(Person::default()), (level, false));
    }
}

#[test]
fn an_expression_that_needs_what_is_not_here_leaves_its_item_open_and_uncertain() {
    let items = json!([
        {"linkId": "a", "type": "boolean"},
        {"linkId": "b", "type": "boolean", "extension": [enable_when("%patient.birthDate > @2000")]},
        {"linkId": "c", "type": "boolean", "extension": [enable_when("%resource.item.where(linkId='a').answer.value or %patient.active")]},
        {"linkId": "d", "type": "integer", "extension": [calculated("Patient.age + 1")]},
        {"linkId": "e", "type": "date", "extension": [fhirpath(&format!("{SDC}initialExpression"), "today()")]}
    ]);
    let mut visit = form(&items);
    let said = warnings(&visit);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].contains("('b')") && said[0].contains("it needs %patient"),
        "{said:?}"
    );
    assert_eq!(step(&visit, "b").open, Openness::Open);
    worked_out(&visit, "d", "not yet known");
    assert_eq!(step(&visit, "e").initial, []);
    visit.yes("a");
    assert_eq!(step(&visit, "c").open, Openness::Open);
    assert!(!visit.sheet.read_at("soon"));
    assert!(visit.sheet.read_at("2026-03-01T14:05:00+01:00"));
    assert_eq!(
        step(&visit, "e").initial,
        [Value::Date("2026-03-01".into())]
    );
}

#[test]
fn what_is_not_understood_is_a_warning_that_names_the_item() {
    for (expression, part) in [
        ("1 +", "not understood"),
        ("a.fold(1)", "'fold()'"),
        ("'a'.matches('(')", "'('"),
        ("'a'.matches('((a{1000}){1000}){1000}')", "not known"),
    ] {
        let visit = form(
            &json!([{"linkId": "q", "type": "integer", "extension": [calculated(expression)]}]),
        );
        let said = warnings(&visit);
        assert!(
            matches!(said.as_slice(), [one] if one.contains("('q')") && one.contains(part) && one.contains("its value is unknown")),
            "{said:?}"
        );
        worked_out(&visit, "q", "not yet known");
    }
    let cql = json!([{"linkId": "q", "type": "integer", "extension": [{"url": format!("{SDC}calculatedExpression"), "valueExpression": {"language": "text/cql", "expression": "x"}}]}]);
    assert!(warnings(&form(&cql))[0].contains("it is written in text/cql"));
}

#[test]
fn expressions_that_go_round_in_a_circle_load_with_a_warning_and_end() {
    let one = |link: &str, other: &str| json!({"linkId": link, "type": "integer", "extension": [calculated(&format!("%resource.item.where(linkId='{other}').answer.value + 1"))]});
    let visit = form(&json!([one("a", "b"), one("b", "a"), one("c", "c")]));
    assert_eq!(
        warnings(&visit)
            .iter()
            .filter(|said| said.contains("circle"))
            .count(),
        2,
        "{:?}",
        warnings(&visit)
    );
    for link in ["a", "b", "c"] {
        worked_out(&visit, link, "not yet known");
    }
    let visit = form(
        &json!([{"linkId": "q", "type": "boolean", "extension": [variable("a", "%b + 1"), variable("b", "%a + 1"), enable_when("%a > 1")]}]),
    );
    assert_eq!(step(&visit, "q").open, Openness::Open);
}

#[test]
fn hostile_expressions_end_within_their_limits() {
    let doubling: Vec<Json> = (0..60)
        .map(|n| variable(&format!("v{n}"), &format!("%v{0} & %v{0}", n + 1)))
        .collect();
    let mut extensions = doubling;
    extensions.push(variable("v60", "'x'"));
    extensions.push(fhirpath(&format!("{SDC}initialExpression"), "%v0"));
    let everything =
        "%resource.descendants().repeat(children()).select(%resource.descendants().count()).sum()";
    let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let chain = format!("%resource{}", ".item".repeat(5_000));
    let long = format!("'{}'", "x".repeat(1 << 20));
    let mut items = vec![json!({"linkId": "d", "type": "string", "extension": extensions})];
    for (n, expression) in [everything, &deep, &chain, &long].into_iter().enumerate() {
        items.push(json!({"linkId": format!("h{n}"), "type": "integer", "extension": [calculated(expression)]}));
    }
    items.extend((0..2_000).map(|n| json!({"linkId": format!("q{n}"), "type": "integer"})));
    let mut visit = form(&json!(items));
    for n in 0..2_000 {
        visit.sheet.set(
            AnswerPath::new(&format!("q{n}")),
            Answer::Value(Value::Integer(n)),
        );
    }
    assert_eq!(step(&visit, "d").initial, []);
    for n in 0..4 {
        worked_out(&visit, &format!("h{n}"), "not yet known");
    }
}

#[test]
fn a_disabled_answer_is_absent_from_what_expressions_see() {
    let gate = json!([{"question": "a", "operator": "=", "answerBoolean": true}]);
    let mut visit = form(
        &json!([{"linkId": "a", "type": "boolean"}, {"linkId": "b", "type": "integer", "enableWhen": gate},
        {"linkId": "t", "type": "integer", "readOnly": true, "extension": [calculated("%resource.item.where(linkId='b').answer.value")]},
        {"linkId": "c", "type": "display", "extension": [enable_when("%resource.item.where(linkId='b').answer.exists()")]}]),
    );
    visit.yes("a").answer("b", &integer(4));
    worked_out(&visit, "t", "4");
    assert_eq!(step(&visit, "c").open, Openness::Open);
    visit.no("a");
    worked_out(&visit, "t", "");
    assert_eq!(step(&visit, "c").open, Openness::Closed);
    assert_eq!(
        visit.sheet.get(&AnswerPath::new("b")).len(),
        1,
        "kept in the history"
    );
}

#[test]
fn a_gate_of_an_expression_is_possible_while_unanswered_and_open_while_contested() {
    let mut visit = form(&json!([{"linkId": "a", "type": "boolean"},
        {"linkId": "b", "type": "boolean", "extension": [enable_when("%resource.item.where(linkId='a').answer.value = true")]}]));
    assert_eq!(step(&visit, "b").open, Openness::Possible);
    visit.answer("a", &json!({"unsure": true}));
    assert_eq!(step(&visit, "b").open, Openness::Open);
    visit.no("a");
    assert_eq!(step(&visit, "b").open, Openness::Closed);
    visit.sheet.add(AnswerPath::new("a"), yes());
    assert_eq!(step(&visit, "b").open, Openness::Open);
    assert_eq!(visit.sheet.get(&AnswerPath::new("a")), [no(), yes()]);
}

#[test]
fn the_hidden_totals_of_a_real_form_hold_what_the_visible_question_says() {
    let Some(mut visit) = real("lforms__hidden-item-questionnaire.R4.json") else {
        return;
    };
    let visible = visit.protocol.find("ITEM-VISIBLE").unwrap().clone();
    visit.answer(
        "ITEM-VISIBLE",
        &if visible.kind.code() == "integer" {
            integer(2)
        } else {
            json!({"valueDecimal": 2})
        },
    );
    worked_out(&visit, "CE-VISIBLE", "2");
    for link in [
        "CE-HIDDEN",
        "GROUP-VISIBLE/CE-HIDDEN",
        "GROUP-HIDDEN/CE-HIDDEN",
    ] {
        let found = visit.protocol.evaluate(
            &format!("%resource.descendants().where(linkId='{link}').answer.value"),
            None,
            &visit.sheet,
        );
        assert_eq!(found, Ok((vec![json!(2)], true)), "{link}");
    }
}

#[test]
fn real_totals_are_worked_out_as_their_own_projects_do() {
    for file in [
        "lforms__calc-weight-phq9-with-the-weight-function.json",
        "lforms__phq9.json",
    ] {
        let Some(mut visit) = real(file) else { return };
        assert_eq!(warnings(&visit), [] as [&str; 0], "{file}");
        worked_out(&visit, "/44261-6", "at least 0, at most 27");
        for link in [
            "/44250-9", "/44255-8", "/44259-0", "/44254-1", "/44251-7", "/44258-2", "/44252-5",
            "/44253-3", "/44260-8",
        ] {
            visit.answer(
                link,
                &json!({"valueCoding": {"system": "http://loinc.org", "code": "LA6569-3"}}),
            );
        }
        worked_out(&visit, "/44261-6", "9");
    }
}

#[test]
fn an_enable_when_expression_over_variables_opens_at_its_threshold() {
    let Some(mut visit) = real("lforms__enableWhenExpressionTest.json") else {
        return;
    };
    let number = |n: i64| json!({ "valueInteger": n });
    let kind = visit.protocol.find("n1").unwrap().kind.code();
    let number = |n: i64| {
        if kind == "integer" {
            number(n)
        } else {
            json!({ "valueDecimal": n })
        }
    };
    assert!(!visit.open().contains(&"q4".to_owned()));
    visit.answer("n1", &number(2)).answer("n2", &number(3));
    assert!(visit.open().contains(&"q4".to_owned()));
    visit.answer("n2", &number(2));
    assert!(!visit.open().contains(&"q4".to_owned()));
    visit.answer("n3", &number(9));
    assert!(visit.open().contains(&"q4".to_owned()));
}

#[test]
fn age_bands_of_a_real_form_open_one_at_a_time() {
    let Some(mut visit) =
        real("smart-forms__QBehaviorOtherControl-qEnableWhenExpressionSimple.json")
    else {
        return;
    };
    for (age, open) in [
        (3, "patient-priorities-less-than-6"),
        (8, "patient-priorities-6-to-12"),
        (40, "patient-priorities-more-than-12"),
    ] {
        visit.answer("patient-age", &integer(age));
        let found: Vec<String> = visit
            .open()
            .into_iter()
            .filter(|link| link.starts_with("patient-priorities-"))
            .collect();
        assert!(
            found.contains(&open.to_owned())
                && found
                    .iter()
                    .all(|link| !link.contains("than-6") || link == open),
            "{age} {found:?}"
        );
    }
}

#[test]
fn options_that_a_real_form_switches_off_are_not_offered() {
    let Some(mut visit) = real(
        "smart-forms__QBehaviorChoiceRestriction-qAnswerOptionToggleExpressionAnswerOption.json",
    ) else {
        return;
    };
    let codes = |visit: &Visit| -> Vec<String> {
        let step = step(visit, "hallucination-details-radio");
        step.options
            .iter()
            .map(|option| option.words.plain.clone())
            .collect()
    };
    assert!(codes(&visit).contains(&"Infrequent".to_owned()));
    let none = visit
        .protocol
        .find("hallucination-type")
        .unwrap()
        .options
        .iter()
        .find(|option| matches!(&option.value, Value::Coding(c) if c.code == "none"))
        .unwrap()
        .value
        .clone();
    visit.answer("hallucination-type", &Answer::Value(none).to_json());
    let left = codes(&visit);
    assert!(
        !left.contains(&"Infrequent".to_owned())
            && !left.contains(&"Brief".to_owned())
            && !left.is_empty(),
        "{left:?}"
    );
}

#[test]
fn texts_options_and_checks_of_real_forms_are_worked_out() {
    if let Some(mut visit) = real("android-fhir__behavior_dynamic_question_text.json") {
        let plain = visit.protocol.find("2").unwrap().text.plain.clone();
        assert_eq!(step(&visit, "2").text.plain, plain);
        let option = visit.protocol.find("1").unwrap().options[0].clone();
        visit.answer("1", &Answer::Value(option.value).to_json());
        assert_eq!(
            step(&visit, "2").text.plain,
            format!("Provide \"{}\" Date", option.words.plain)
        );
    }
    if let Some(mut visit) = real("android-fhir__behavior_questionnaire_constraint.json") {
        let said = |text: &str| json!({ "valueString": text });
        visit.answer("1", &said("a"));
        assert_eq!(visit.protocol.flow(&visit.sheet).problems, []);
        visit.answer("2", &said("b"));
        let problems = visit.protocol.flow(&visit.sheet).problems;
        assert_eq!(
            (
                problems[0].key.as_str(),
                problems[0].words.plain.as_str(),
                problems[0].only_warns
            ),
            ("constraint-1", "Password does not match", false)
        );
        visit.answer("2", &said("a"));
        assert_eq!(visit.protocol.flow(&visit.sheet).problems, []);
    }
    if let Some(mut visit) =
        real("smart-forms__QBehaviorOtherControl-qTargetConstraintMultiple.json")
    {
        let keys = |visit: &Visit| -> Vec<String> {
            visit
                .protocol
                .flow(&visit.sheet)
                .problems
                .into_iter()
                .map(|problem| problem.key)
                .collect()
        };
        assert_eq!(keys(&visit), [] as [&str; 0]);
        visit.answer("aus-contact", &json!({"valueString": "09 12"}));
        assert_eq!(keys(&visit), ["ContactNumberValidation2"]);
        visit.answer("aus-contact", &json!({"valueString": "+61"}));
        assert_eq!(
            keys(&visit),
            ["ContactNumberValidation1", "ContactNumberValidation2"]
        );
    }
    if let Some(mut visit) = real("android-fhir__behavior_skip_logic_with_expression.json") {
        assert_eq!(warnings(&visit), [] as [&str; 0]);
        assert!(!visit.open().contains(&"2".to_owned()));
        assert!(visit.yes("1").open().contains(&"2".to_owned()));
    }
    if let Some(visit) = real("lforms__answerExpTest.R4.json") {
        let words = |link: &str| -> Vec<String> {
            step(&visit, link)
                .options
                .iter()
                .map(|option| option.words.plain.clone())
                .collect()
        };
        assert_eq!(words("q2String"), ["one", "two", "three"]);
        assert_eq!(words("q3Integer"), ["12", "34", "56"]);
        assert_eq!(words("q4Date"), ["2022-11-12", "2022-12-01", "2022-12-25"]);
        assert_eq!(words("q5Time"), ["17:03:07", "20:10:29", "23:59:59"]);
    }
    if let Some(mut visit) = real("sdc__questionnaire-sdc-profile-example-hunger-vital-signs.json")
    {
        let option = |visit: &Visit, link: &str, code: &str| {
            let options = visit.protocol.find(link).unwrap().options.clone();
            let found = options
                .into_iter()
                .find(|option| matches!(&option.value, Value::Coding(c) if c.code == code));
            Answer::Value(found.unwrap().value).to_json()
        };
        worked_out(&visit, "/88124-3", "not yet known");
        let never = option(&visit, "/88122-7", "LA28398-8");
        visit.answer("/88122-7", &never);
        assert!(
            !step(&visit, "/88124-3").worked_out.unwrap().complete,
            "one of two is not an answer to both"
        );
        let often = option(&visit, "/88123-5", "LA28397-0");
        visit.answer("/88123-5", &often);
        assert!(
            matches!(step(&visit, "/88124-3").worked_out.unwrap().values.as_slice(), [Value::Coding(c)] if c.code == "LA19952-3")
        );
    }
}

#[test]
fn a_variable_is_seen_in_its_own_repeat() {
    let mut visit = form(
        &json!([{"linkId": "g", "type": "group", "repeats": true, "extension": [variable("age", "item.where(linkId='age').answer.value")], "item": [
        {"linkId": "age", "type": "integer"}, {"linkId": "more", "type": "display", "extension": [enable_when("%age > 12")]}]}]),
    );
    for (id, age) in [(1, 3), (2, 20)] {
        let repeat = vec![("g".to_owned(), uuid::Uuid::from_u128(id))];
        visit.sheet.set(
            AnswerPath::within(repeat, "age"),
            Answer::Value(Value::Integer(age)),
        );
    }
    let open: Vec<bool> = visit
        .protocol
        .flow(&visit.sheet)
        .steps
        .iter()
        .filter(|step| step.link_id() == "more")
        .map(Step::is_open)
        .collect();
    assert_eq!(open, [false, true]);
}

#[test]
fn an_author_can_try_an_expression_out() {
    let mut visit =
        form(&json!([{"linkId": "a", "type": "integer"}, {"linkId": "b", "type": "integer"}]));
    visit.answer("a", &integer(3));
    let tried = |expression: &str| {
        visit
            .protocol
            .evaluate(expression, None, &Sheet::clone(&visit.sheet))
    };
    assert_eq!(
        tried("item.where(linkId='a').answer.value + 1"),
        Ok((vec![json!(4)], true))
    );
    assert_eq!(
        tried("item.answer.value.sum()"),
        Ok((vec![json!(3)], false)),
        "the sum so far, and that it is partial"
    );
    assert_eq!(tried("%patient"), Err(NotWorkedOut::Unknown));
    assert!(matches!(tried("1 +"), Err(NotWorkedOut::Refused(_))));
}
