//! What an answer costs on the phone: accepted, applied, committed with `synchronous=FULL`, and the case derived anew. The limit
//! beside it, in the same run and the same folder: 4 KiB appended to a file and synced, without which no answer can be durable.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark looks at the clock, prints, and stops where it fails"
)]

#[path = "../tests/world/mod.rs"]
mod world;

use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};
use world::{Interview, Phone};

const ANSWERS: usize = 60;
const VISITS: usize = 5;
const AT_ONCE: usize = 10;

fn main() {
    let mut phone = Phone::new();
    let limit = bare(&phone);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for _ in 0..VISITS {
        let took = visit(&mut phone);
        first.extend_from_slice(&took[..AT_ONCE]);
        last.extend_from_slice(&took[took.len() - AT_ONCE..]);
    }
    println!("an answer of a visit with an interview and {ANSWERS} answers, median:");
    println!("  4 KiB appended and synced  {limit:>9.2?}");
    for (name, took) in [
        ("the first ten answers", first),
        ("the last ten answers", last),
    ] {
        let took = median(took);
        let ratio = took.as_secs_f64() / limit.as_secs_f64();
        println!("  {name:<26} {took:>9.2?}  {ratio:.1} of that");
    }
}

fn bare(phone: &Phone) -> Duration {
    let mut file = File::create(phone.dir.path().join("bare")).unwrap();
    let block = [7; 4096];
    let mut append = || {
        let begun = Instant::now();
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
        begun.elapsed()
    };
    median((0..200).map(|_| append()).collect())
}

/// How long each answer took, in their order.
fn visit(phone: &mut Phone) -> Vec<Duration> {
    let now = phone.pass(1_000);
    let form = form().to_string();
    let shelved = phone
        .device
        .add_protocol(form.as_bytes(), None, now)
        .unwrap();
    let case = phone.device.new_case("Elm Street 12", None, now).unwrap();
    let interview = phone.begin(case);
    for link in ["wish", "thoughts", "method", "intent", "plan", "behavior"] {
        phone.answer(&interview, link, yes()).unwrap();
    }
    let assessment = phone.device.start(case, &shelved.key, now).unwrap();
    let at = Interview { case, assessment };
    let mut took = Vec::new();
    for number in 0..ANSWERS {
        let begun = Instant::now();
        phone.answer(&at, &format!("q{number}"), yes()).unwrap();
        took.push(begun.elapsed());
    }
    took
}

fn yes() -> Value {
    json!({ "valueBoolean": true })
}

fn form() -> Value {
    let item =
        |number| json!({ "linkId": format!("q{number}"), "text": "Seen", "type": "boolean" });
    let items: Vec<Value> = (0..ANSWERS).map(item).collect();
    json!({ "resourceType": "Questionnaire", "id": "seen", "status": "active", "item": items })
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}
