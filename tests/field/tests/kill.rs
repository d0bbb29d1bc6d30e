//! Killed at any moment, a phone still has every answer that it acknowledged, in order, and at most the one in flight beside them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod phone;

use mooring_identity::{Random as _, os_random};
use phone::Phone;
use serde_json::{Value, json};
use std::io::{BufRead as _, Write as _};
use std::os::fd::AsFd as _;
use std::time::Duration;

/// Rounds to one case, so that reading it stays quick.
const ROUNDS_A_CASE: usize = 10;
/// More answers than a phone gets through before it is killed.
const ANSWERS: usize = 60;
/// Killed after at most so many acknowledgments, and then within this time: on a slow machine, too, in the middle of the work.
const MOST_SEEN: u32 = 8;
const LATEST_US: u32 = 40_000;

fn rounds() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        500
    } else {
        50
    }
}

/// What one round was told.
struct Round {
    case: String,
    assessment: String,
    acknowledged: usize,
}

#[test]
fn every_acknowledged_answer_survives_a_kill_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    let vault = dir.path().join("vault of the test");
    Phone::with_vault("create", &vault).ok(json!({ "op": "quit" }));
    let mut told: Vec<Round> = Vec::new();
    let mut killed_in_time = 0;
    for number in 0..rounds() {
        let mut phone = Phone::with_vault("unlock", &vault);
        if let Some(last) = told.last() {
            check(&mut phone, last);
        }
        let case = match told.last() {
            Some(last) if number % ROUNDS_A_CASE != 0 => last.case.clone(),
            _ => text(
                &phone.ok(json!({ "op": "new_case", "title": format!("round {number}") })),
                "case",
            ),
        };
        let begun =
            phone.ok(json!({ "op": "start", "case": case, "protocol": "suicide-risk-interview" }));
        let assessment = text(&begun, "assessment");
        let acknowledged = answer_until_killed(phone, &case, &assessment);
        killed_in_time += usize::from(acknowledged < ANSWERS);
        told.push(Round {
            case,
            assessment,
            acknowledged,
        });
    }
    let mut phone = Phone::with_vault("unlock", &vault);
    for round in &told {
        check(&mut phone, round);
    }
    let answers: usize = told.iter().map(|round| round.acknowledged).sum();
    assert!(
        killed_in_time * 2 > rounds(),
        "only {killed_in_time} phones were killed in the middle of it"
    );
    assert!(
        answers > rounds(),
        "only {answers} answers were acknowledged: nothing was tried"
    );
}

/// Sends all answers at once and kills the phone somewhere among them; says how many it acknowledged.
fn answer_until_killed(mut phone: Phone, case: &str, assessment: &str) -> usize {
    let lines: Vec<_> = (0..ANSWERS)
        .map(|number| answer(case, assessment, number).to_string())
        .collect();
    let lines = lines.join(
        "
",
    ) + "
";
    // A second end of the pipe, so that writing goes on while the phone is killed.
    let mut input = std::fs::File::from(
        phone
            .input
            .as_ref()
            .unwrap()
            .as_fd()
            .try_clone_to_owned()
            .unwrap(),
    );
    let writer = std::thread::spawn(move || {
        // The phone may be gone by now.
        let _ = input.write_all(lines.as_bytes());
    });
    let mut acknowledged = (0..chance(MOST_SEEN))
        .map(|_| reply(&mut phone).unwrap())
        .count();
    std::thread::sleep(Duration::from_micros(u64::from(chance(LATEST_US))));
    phone.child.kill().unwrap();
    phone.child.wait().unwrap();
    writer.join().unwrap();
    while reply(&mut phone).is_some() {
        acknowledged += 1;
    }
    acknowledged
}

/// A reply that was received whole; one cut in the middle was not.
fn reply(phone: &mut Phone) -> Option<()> {
    let mut line = String::new();
    phone.output.read_line(&mut line).unwrap();
    let reply: Value = serde_json::from_str(&line).ok()?;
    assert_eq!(reply["ok"], json!(true), "{reply}");
    Some(())
}

fn chance(below: u32) -> u32 {
    let mut chance = [0; 4];
    os_random().fill(&mut chance);
    u32::from_le_bytes(chance) % below
}

fn answer(case: &str, assessment: &str, number: usize) -> Value {
    json!({
        "op": "answer", "case": case, "assessment": assessment, "link": "own-words",
        "value": { "valueString": format!("answer {number}") },
    })
}

/// The answers of a round are those that were acknowledged, from the first on, and at most one more.
#[track_caller]
fn check(phone: &mut Phone, round: &Round) {
    let shown = phone.ok(json!({ "op": "show", "case": round.case }));
    let assessment = list(&shown, "assessments")
        .iter()
        .find(|one| one["assessment"] == json!(round.assessment))
        .unwrap();
    let item = list(assessment, "items")
        .iter()
        .find(|item| item["link"] == json!("own-words"))
        .unwrap();
    let kept = list(item, "earlier")
        .iter()
        .chain(list(item, "values"))
        .map(|value| text(value, "words"));
    let kept: std::collections::BTreeSet<_> = kept.collect();
    let expected = |count: usize| {
        (0..count)
            .map(|number| format!("answer {number}"))
            .collect()
    };
    let (least, most) = (
        expected(round.acknowledged),
        expected(round.acknowledged + 1),
    );
    assert!(
        kept == least || kept == most,
        "acknowledged {}, kept {}",
        round.acknowledged,
        kept.len()
    );
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().to_owned()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a Vec<Value> {
    value[field].as_array().unwrap()
}
