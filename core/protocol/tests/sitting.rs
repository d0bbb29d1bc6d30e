//! A sitting says what everything anew says; a range holds every total that can still come; more answers never lower a level.

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
    Answer, AnswerPath, Coding, Level, Openness, Person, Protocol, Sheet, Value,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use uuid::Uuid;

const QUESTIONS: usize = 8;
const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";

fn fhirpath(name: &str, expression: &str) -> Json {
    json!({"url": format!("{SDC}{name}"), "valueExpression": {"language": "text/fhirpath", "expression": expression}})
}

/// A way to ask for the answer of a question.
fn asked(number: usize) -> String {
    format!("%resource.descendants().where(linkId='q{number}').answer.value")
}

/// Expressions that give a number from whole numbers and scores.
const TOTALS: [fn(usize, usize) -> String; 7] = [
    |a, b| format!("{} + {}", asked(a), asked(b)),
    |a, b| format!("10 - {} - 2 * {}", asked(a), asked(b)),
    |a, _| {
        format!(
            "%resource.descendants().where(linkId.exists() and linkId != 'q{a}').answer.value.ofType(integer).sum()"
        )
    },
    |_, _| "%resource.descendants().answer.value.ofType(Coding).ordinal().sum()".to_owned(),
    |a, b| {
        format!(
            "iif({0}.exists(), {0}, 0) + iif({1}.exists(), {1}, 1)",
            asked(a),
            asked(b)
        )
    },
    |a, b| format!("({0}.count() + {1}.count()) * 3", asked(a), asked(b)),
    |a, b| format!("iif({} > 1, {}, 5)", asked(a), asked(b)),
];

/// Expressions that open an item.
const GATES: [fn(usize) -> String; 5] = [
    |q| format!("{} > 1", asked(q)),
    |q| format!("{}.exists() and {} != 2", asked(q), asked(q)),
    |q| format!("{}.empty() or {} < 3", asked(q), asked(q)),
    |_| "%total >= 3".to_owned(),
    |q| format!("({} = 1).not()", asked(q)),
];

#[derive(Debug, Clone)]
struct Form {
    /// For each question: what it hangs on, if anything; and whether that is an expression.
    gates: Vec<Option<(prop::sample::Index, usize, bool)>>,
    totals: Vec<(usize, usize, usize)>,
    at: Vec<i64>,
}

fn form() -> impl Strategy<Value = Form> {
    let gate = prop::option::of((any::<prop::sample::Index>(), 0..GATES.len(), any::<bool>()));
    let total = (0..TOTALS.len(), 0..QUESTIONS, 0..QUESTIONS);
    (
        prop::collection::vec(gate, QUESTIONS),
        prop::collection::vec(total, 1..4),
        prop::collection::vec(0..14_i64, 3),
    )
        .prop_map(|(gates, totals, at)| Form { gates, totals, at })
}

/// Even questions are whole numbers from 0 to 3, odd ones a choice with scores; the last is in a group that repeats.
fn question(form: &Form, number: usize) -> Json {
    let limit = |name: &str, n: i64| json!({"url": format!("{HL7}{name}"), "valueInteger": n});
    let mut item = if number.is_multiple_of(2) {
        json!({"linkId": format!("q{number}"), "type": "integer", "extension": [limit("minValue", 0), limit("maxValue", 3)]})
    } else {
        let option = |n: i64| json!({"valueCoding": {"system": "s", "code": n.to_string()}, "extension": [{"url": format!("{HL7}ordinalValue"), "valueDecimal": n}]});
        json!({"linkId": format!("q{number}"), "type": "choice", "answerOption": (0..4).map(option).collect::<Vec<_>>(), "extension": []})
    };
    if let (Some((earlier, gate, by_expression)), true) = (&form.gates[number], number > 0) {
        let earlier = earlier.index(number);
        if *by_expression {
            item["extension"]
                .as_array_mut()
                .unwrap()
                .push(fhirpath("enableWhenExpression", &GATES[*gate](earlier)));
        } else {
            let condition = json!({"question": format!("q{earlier}"), "operator": if *gate == 0 { "exists" } else { "!=" }});
            item["enableWhen"] = json!([condition]);
            let answer = match (*gate, earlier % 2) {
                (0, _) => ("answerBoolean", json!(true)),
                (_, 0) => ("answerInteger", json!(1)),
                _ => ("answerCoding", json!({"system": "s", "code": "1"})),
            };
            item["enableWhen"][0][answer.0] = answer.1;
        }
    }
    item
}

fn protocol(form: &Form) -> Protocol {
    let mut items: Vec<Json> = (0..QUESTIONS - 1)
        .map(|number| question(form, number))
        .collect();
    items.push(json!({"linkId": "g", "type": "group", "repeats": true, "item": [question(form, QUESTIONS - 1), {"linkId": "note", "type": "string"}]}));
    for (number, (kind, a, b)) in form.totals.iter().enumerate() {
        items.push(json!({"linkId": format!("t{number}"), "type": "decimal", "readOnly": true, "extension": [fhirpath("calculatedExpression", &TOTALS[*kind](*a, *b))]}));
    }
    let total = json!({"url": format!("{HL7}variable"), "valueExpression": {"name": "total", "language": "text/fhirpath",
        "expression": "%resource.descendants().where(linkId='t0').answer.value"}});
    let file =
        json!({"resourceType": "Questionnaire", "extension": [total], "item": items}).to_string();
    let rules: Vec<Json> = form.at.iter().zip(["low", "moderate", "high"]).enumerate().map(|(number, (at, level))| {
        let link = format!("t{}", number % form.totals.len());
        json!({"id": format!("r{number}"), "domain": "suicide", "level": level, "reason": "a", "source": "b", "policy": true,
            "when": {"compare": {"link": link, "op": ">=", "value": {"valueDecimal": at}}}})
    }).collect();
    let rules = json!({"version": 0, "rules": rules}).to_string();
    Protocol::parse(file.as_bytes(), Some(rules.as_bytes()))
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn path(number: usize, repeat: u128) -> AnswerPath {
    let link = format!("q{number}");
    if number == QUESTIONS - 1 {
        AnswerPath::within(vec![("g".to_owned(), Uuid::from_u128(repeat))], &link)
    } else {
        AnswerPath::new(&link)
    }
}

fn answer(number: usize, choice: u8) -> Answer {
    let value = choice % 4;
    match (choice, number % 2) {
        (4, _) => Answer::Declined,
        (5, _) => Answer::Unsure,
        (_, 0) => Answer::Value(Value::Integer(value.into())),
        _ => Answer::Value(Value::Coding(Coding {
            system: "s".into(),
            code: value.to_string(),
            display: String::new(),
        })),
    }
}

/// Where, which repeat, and what; several are contested and none takes the answer away.
fn edits(most: usize) -> impl Strategy<Value = Vec<(usize, u128, Vec<u8>)>> {
    let candidates = prop_oneof![6 => prop::collection::vec(0..6_u8, 1), 1 => prop::collection::vec(0..6_u8, 0..=most)];
    prop::collection::vec((0..QUESTIONS, 1..3_u128, candidates), 1..24)
}

/// Each case works everything out dozens of times.
fn cases() -> u32 {
    if std::env::var_os("MOORING_SLOW").is_some() {
        1_000
    } else {
        64
    }
}

fn level(protocol: &Protocol, sheet: &Sheet) -> Level {
    protocol.triage(sheet, Person::default()).domains[0].level
}

fn closed(protocol: &Protocol, sheet: &Sheet) -> Vec<AnswerPath> {
    let steps = protocol.flow(sheet).steps.into_iter();
    steps
        .filter(|step| step.open == Openness::Closed && !step.answers.is_empty())
        .map(|step| step.path)
        .collect()
}

/// What is asked, or may still be.
fn open(protocol: &Protocol, sheet: &Sheet) -> BTreeSet<AnswerPath> {
    let steps = protocol.flow(sheet).steps.into_iter();
    steps
        .filter(|step| step.open != Openness::Closed)
        .map(|step| step.path)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn a_sitting_says_what_everything_anew_says(form in form(), edits in edits(2), minor in prop::option::of(any::<bool>())) {
        let protocol = protocol(&form);
        let person = Person { minor };
        let mut sitting = protocol.sitting(Sheet::new(), person);
        for (number, repeat, choices) in edits {
            let mut answers: Vec<Answer> = choices.iter().map(|choice| answer(number, *choice)).collect();
            answers.dedup();
            sitting.answer(&path(number, repeat), &answers);
            let sheet = sitting.sheet().clone();
            let (kept, anew) = (sitting.flow(), protocol.flow(&sheet));
            for (kept, anew) in kept.steps.iter().zip(&anew.steps) {
                prop_assert_eq!(kept, anew);
            }
            prop_assert_eq!(kept, anew);
            prop_assert_eq!(sitting.scores().to_vec(), protocol.score(&sheet));
            prop_assert_eq!(sitting.triage(), &protocol.triage(&sheet, person));
        }
    }

    /// As answers come, a range only ever narrows: what was ruled out does not come back. An answer that closes the gate of another
    /// changes what is summed, and is left out here.
    #[test]
    fn a_range_holds_every_total_that_can_still_come(form in form(), edits in edits(1)) {
        let protocol = protocol(&form);
        let mut sheet = Sheet::new();
        let ends = |sheet: &Sheet| -> Vec<(String, i128, i128)> {
            protocol.score(sheet).into_iter().map(|score| (score.name, score.lowest.value(), score.highest.value())).collect()
        };
        for (number, _, choices) in edits {
            let path = path(number, 1);
            let said = choices.first().map(|choice| answer(number, *choice));
            if !sheet.get(&path).is_empty() || said.as_ref().is_none_or(|said| said.value().is_none()) || number == QUESTIONS - 1 {
                continue;
            }
            let (before, asked) = (ends(&sheet), open(&protocol, &sheet));
            sheet.set(path, said.unwrap());
            if !open(&protocol, &sheet).is_superset(&asked) {
                break;
            }
            for (name, low, high) in ends(&sheet) {
                if let Some((_, was_low, was_high)) = before.iter().find(|(known, _, _)| *known == name) {
                    prop_assert!(*was_low <= low && high <= *was_high, "{name}: {was_low} to {was_high} became {low} to {high}");
                }
            }
        }
    }

    /// An answer that closes the gate of another, answered or not, takes that one out of the total, and is left out here.
    #[test]
    fn answering_more_never_lowers_a_level_that_comes_from_a_total(form in form(), edits in edits(1)) {
        let protocol = protocol(&form);
        let mut sheet = Sheet::new();
        for (number, _, choices) in edits {
            let path = path(number, 1);
            if !sheet.get(&path).is_empty() || choices.is_empty() || number == QUESTIONS - 1 {
                continue;
            }
            let (before, asked) = (level(&protocol, &sheet), open(&protocol, &sheet));
            sheet.set(path, answer(number, choices[0]));
            if !open(&protocol, &sheet).is_superset(&asked) {
                break;
            }
            prop_assert!(level(&protocol, &sheet) >= before);
        }
    }

    #[test]
    fn the_answer_of_a_closed_item_changes_no_total(form in form(), edits in edits(1), choice in 0..4_u8) {
        let protocol = protocol(&form);
        let mut sheet = Sheet::new();
        for (number, repeat, choices) in edits {
            if let Some(choice) = choices.first() {
                sheet.set(path(number, repeat), answer(number, *choice));
            }
        }
        let worked_out = |sheet: &Sheet| {
            let steps = protocol.flow(sheet).steps.into_iter();
            let worked_out: Vec<_> = steps.map(|step| step.worked_out.map(|one| one.words())).collect();
            (worked_out, protocol.triage(sheet, Person::default()).domains)
        };
        let before = worked_out(&sheet);
        for path in closed(&protocol, &sheet) {
            let number: usize = path.link_id().trim_start_matches('q').parse().unwrap();
            sheet.set(path, answer(number, choice));
            prop_assert_eq!(&worked_out(&sheet), &before);
        }
    }

    #[test]
    fn the_order_of_answering_changes_nothing_that_is_worked_out(form in form(), edits in edits(1)) {
        let protocol = protocol(&form);
        let mut forwards = protocol.sitting(Sheet::new(), Person::default());
        let mut last = std::collections::BTreeMap::new();
        for (number, repeat, choices) in &edits {
            let answers: Vec<Answer> = choices.iter().map(|choice| answer(*number, *choice)).collect();
            forwards.answer(&path(*number, *repeat), &answers);
            last.insert(path(*number, *repeat), answers);
        }
        let mut backwards = protocol.sitting(Sheet::new(), Person::default());
        for (path, answers) in last.iter().rev() {
            backwards.answer(path, answers);
        }
        prop_assert_eq!(forwards.flow(), backwards.flow());
        prop_assert_eq!(forwards.triage(), backwards.triage());
    }

    /// The governing level is the worst of all combinations, also where a total hangs on contested answers.
    #[test]
    fn of_contested_parts_the_worst_total_governs(form in form(), answers in prop::collection::vec(prop::collection::vec(0..4_u8, 1..3), QUESTIONS - 1)) {
        let protocol = protocol(&form);
        let (mut contested, mut all) = (Sheet::new(), vec![Sheet::new()]);
        for (number, choices) in answers.iter().enumerate() {
            let mut next = Vec::new();
            for choice in choices {
                contested.add(path(number, 1), answer(number, *choice));
                for sheet in &all {
                    let mut sheet = sheet.clone();
                    sheet.set(path(number, 1), answer(number, *choice));
                    next.push(sheet);
                }
            }
            all = next;
        }
        let worst = all.iter().map(|sheet| level(&protocol, sheet)).max().unwrap();
        prop_assert_eq!(level(&protocol, &contested), worst);
    }
}
