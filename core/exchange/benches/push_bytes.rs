//! How many bytes a push takes: 200 visits of 60 answers each, as the case file writes them, against the raw changes and against the
//! least JSON that would say the same under zstd-19. Divan's table shows the time; the figures are printed above it.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, and stops where it fails"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::fmt::Write as _;
use std::sync::LazyLock;

use common::{AGENCY, NOW_MS, PHONE, Seeded, answer, key, visit};
use mooring_casefile::Run;
use mooring_exchange::{PushDraft, SealedPush, encode_run, open_push};

const CASES: u64 = 200;
const ANSWERS: u64 = 60;

static RUNS: LazyLock<Vec<Run>> =
    LazyLock::new(|| (1..=CASES).map(|number| visit(number, ANSWERS)).collect());

fn main() {
    let raw: usize = RUNS.iter().flat_map(|run| &run.changes).map(Vec::len).sum();
    let compact: usize = RUNS.iter().map(|run| encode_run(run).len()).sum();
    let push = seal().bytes().len();
    let json = zstd::bulk::compress(minimal_json().as_bytes(), 19)
        .unwrap()
        .len();
    let one = SealedPush::make(&draft(), &RUNS[..1], &key(1), &mut Seeded(1))
        .unwrap()
        .bytes()
        .len();
    println!("{CASES} visits of {ANSWERS} answers:");
    println!("  raw changes        {raw:>9}");
    println!(
        "  runs, not packed   {compact:>9}  {:.3} of raw",
        ratio(compact, raw)
    );
    println!(
        "  one signed push    {push:>9}  {:.3} of raw, {:.2} of minimal JSON",
        ratio(push, raw),
        ratio(push, json)
    );
    println!("  JSON under zstd-19 {json:>9}");
    println!("  a push of 1 visit  {one:>9}");
    divan::main();
}

fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

fn draft() -> PushDraft {
    PushDraft {
        agency: AGENCY,
        device: PHONE,
        epoch: 0,
        dev_seq: 1,
        prev: [0; 32],
        created_ms: NOW_MS,
    }
}

fn seal() -> SealedPush {
    SealedPush::make(&draft(), &RUNS, &key(1), &mut Seeded(1)).unwrap()
}

/// Question, value and time to the millisecond, which a change keeps too: no case, no actor, no hash, no signature.
fn minimal_json() -> String {
    let mut random = Seeded(99);
    let mut out = String::new();
    for case in 0..CASES {
        let mut time = NOW_MS + i64::try_from(case).unwrap() * 4_000_123;
        for question in 0..ANSWERS {
            time += 3_000 + i64::try_from(random.number(37_000)).unwrap();
            let value = answer(question, &mut random).encode();
            write!(
                out,
                "{{\"q\":\"question-{question}\",\"v\":\"{value}\",\"t\":{time}}},"
            )
            .unwrap();
        }
    }
    out
}

#[divan::bench]
fn make_a_push_of_200_visits(bencher: divan::Bencher<'_, '_>) {
    LazyLock::force(&RUNS);
    bencher.bench(seal);
}

#[divan::bench]
fn open_a_push_of_200_visits(bencher: divan::Bencher<'_, '_>) {
    let push = seal();
    let key = key(1).verify_key();
    bencher.bench(|| open_push(push.bytes(), AGENCY, PHONE, &key));
}
