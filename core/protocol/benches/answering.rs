//! One answer on a form of 500 items with 300 conditions and 50 expressions: what a screen waits for after a tap.
//!
//! Beside it, where `MOORING_PEERS` names the folder of the peer, fhirpath.js on the same expressions and answers, as a ratio.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark prints, measures, and stops where it fails"
)]

use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use mooring_protocol::{Answer, AnswerPath, Person, Protocol, Sheet, Value};
use serde_json::{Value as Json, json};

const QUESTIONS: usize = 440;
const CONDITIONS: usize = 300;
const TOTALS: usize = 10;
const GATES: usize = 40;
/// Answers of one round.
const ROUND: usize = 100;

static FORM: LazyLock<Json> = LazyLock::new(form);
static PROTOCOL: LazyLock<Protocol> = LazyLock::new(|| {
    let rules = rules().to_string();
    Protocol::parse(FORM.to_string().as_bytes(), Some(rules.as_bytes())).unwrap()
});

fn main() {
    ratio();
    divan::main();
}

/// Everything anew after an answer: the flow, the totals and the levels.
#[divan::bench]
fn answer_and_look_at_everything(bencher: divan::Bencher) {
    let sheet = half();
    let mut round = 0;
    bencher.bench_local(|| {
        round += 1;
        let mut sheet = sheet.clone();
        sheet.set(path(round % QUESTIONS), answer(round));
        look(&sheet)
    });
}

/// What hangs on the answer, and no more: what a phone does.
#[divan::bench]
fn answer_in_a_sitting(bencher: divan::Bencher) {
    let mut sitting = PROTOCOL.sitting(half(), Person::default());
    let mut round = 0;
    bencher.bench_local(|| {
        round += 1;
        sitting.answer(&path(round * 4 % QUESTIONS), &[answer(round)]);
        sitting.triage().domains.len()
    });
}

fn look(sheet: &Sheet) -> usize {
    let flow = PROTOCOL.flow(sheet);
    let totals = PROTOCOL.score(sheet);
    let triage = PROTOCOL.triage(sheet, Person::default());
    flow.steps.len() + totals.len() + triage.domains.len()
}

fn fhirpath(name: &str, expression: &str) -> Json {
    let url = format!("http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-{name}");
    json!([{"url": url, "valueExpression": {"language": "text/fhirpath", "expression": expression}}])
}

fn group(number: usize) -> String {
    format!("g{}", number / 44)
}

fn asked(number: usize) -> String {
    format!(
        "%resource.item.where(linkId='{}').item.where(linkId='q{number}').answer.value",
        group(number)
    )
}

/// Ten groups of 44 whole numbers; most hang on the one before, forty on an expression; then ten totals of ten each.
fn form() -> Json {
    let question = |number: usize| {
        let mut item = json!({"linkId": format!("q{number}"), "type": "integer", "text": format!("Question {number}")});
        if !number.is_multiple_of(44)
            && number * CONDITIONS / QUESTIONS != (number + 1) * CONDITIONS / QUESTIONS
        {
            item["enableWhen"] = json!([{"question": format!("q{}", number - 1), "operator": ">=", "answerInteger": 0}]);
        }
        if number % 11 == 5 && number / 11 < GATES {
            item["extension"] = fhirpath(
                "enableWhenExpression",
                &format!("{} + {} >= 2", asked(number - 2), asked(number - 3)),
            );
        }
        item
    };
    let mut items: Vec<Json> = (0..QUESTIONS / 44)
        .map(|group| {
            json!({"linkId": format!("g{group}"), "type": "group", "text": "A group",
            "item": (0..44).map(|n| question(group * 44 + n)).collect::<Vec<_>>()})
        })
        .collect();
    for total in 0..TOTALS {
        let parts: Vec<String> = (0..10).map(|n| asked(total * 44 + n * 4)).collect();
        let limits = parts.join(" + ");
        items.push(json!({"linkId": format!("t{total}"), "type": "integer", "readOnly": true, "extension": fhirpath("calculatedExpression", &limits)}));
    }
    items.extend(
        (0..40).map(|n| json!({"linkId": format!("d{n}"), "type": "display", "text": "Words"})),
    );
    json!({"resourceType": "Questionnaire", "item": items})
}

fn rules() -> Json {
    let rules: Vec<Json> = (0..TOTALS)
        .map(|total| json!({"id": format!("r{total}"), "domain": "suicide", "level": "high", "reason": "r", "source": "s", "policy": false,
            "when": {"compare": {"link": format!("t{total}"), "op": ">=", "value": {"valueInteger": 25}}}}))
        .collect();
    json!({"version": 0, "rules": rules})
}

fn path(number: usize) -> AnswerPath {
    AnswerPath::new(&format!("q{number}"))
}

fn answer(number: usize) -> Answer {
    Answer::Value(Value::Integer(i64::try_from(number % 4).unwrap()))
}

/// Half of the form is answered.
fn half() -> Sheet {
    (0..QUESTIONS / 2)
        .map(|number| (path(number), answer(number)))
        .collect()
}

/// The peer works out the fifty expressions on the same response after each answer, and no more.
fn ratio() {
    let Some(folder) = std::env::var_os("MOORING_PEERS") else {
        println!("no MOORING_PEERS: the peer is left out");
        return;
    };
    let mut peer = Command::new("node")
        .arg("bench.js")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    serde_json::to_writer(
        peer.stdin.take().unwrap(),
        &json!({"form": *FORM, "answered": QUESTIONS / 2, "round": ROUND}),
    )
    .unwrap();
    let output = peer.wait_with_output().unwrap();
    assert!(output.status.success());
    let theirs: f64 = String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let ours = median_ms();
    println!(
        "one answer, the flow, totals and levels: {ours:.3} ms; fhirpath.js, the expressions alone: {theirs:.3} ms; ratio {:.1}",
        theirs / ours
    );
}

fn median_ms() -> f64 {
    let mut sitting = PROTOCOL.sitting(half(), Person::default());
    let mut times: Vec<Duration> = (0..ROUND)
        .map(|round| {
            let begun = Instant::now();
            sitting.answer(&path(round * 4 % QUESTIONS), &[answer(round)]);
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[ROUND / 2].as_secs_f64() * 1_000.0
}
