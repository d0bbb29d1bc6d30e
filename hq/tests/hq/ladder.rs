//! HQ listening: what the ladder's commands really are told, one rung after the other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use mooring_casefile::Role;
use mooring_hq::{Headquarters, Options, Setup, serve};

use crate::phone::Phone;
use crate::world::{Seeded, World, at, setup};

/// A command that appends what it was told to a file.
fn rung(name: &str, file: &Path) -> Vec<String> {
    let script = format!(
        "echo {name} $MOORING_RUNG $MOORING_LEVEL $MOORING_CASE >> {}",
        file.display()
    );
    vec!["sh".into(), "-c".into(), script]
}

/// Waits for as many lines as are expected; a machine that is busy takes as long as it takes.
fn lines(file: &Path, expected: usize) -> Vec<String> {
    for _ in 0..600 {
        let told = std::fs::read_to_string(file).unwrap_or_default();
        let lines: Vec<String> = told.lines().map(str::to_owned).collect();
        if lines.len() >= expected {
            return lines;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the command did not run");
}

#[test]
fn a_case_that_nobody_opens_runs_the_first_command_and_then_the_next_rungs() {
    let world = World::new();
    let mut phone: Phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case("J., about 25", at(0));
    phone.interview(case, &["act-now"], at(0));
    phone.exchange(&world.hq, at(0));
    let World { hq, folder, .. } = world;
    drop(hq);
    let told = folder.path().join("told");
    let setup = Setup {
        // What can't be started counts as failed, and the next rung comes anyway.
        alert_ladder: vec![
            rung("first", &told),
            vec!["/nowhere/to/be/found".into()],
            rung("third", &told),
        ],
        ..setup()
    };
    let chance = Box::new(Seeded(7));
    let hq = Headquarters::open_as(folder.path(), setup, at(1), chance).unwrap();
    let deadline = i64::from(mooring_protocol::pack::deadlines().imminent);
    let minute = Arc::new(AtomicI64::new(deadline));
    let hand = Arc::clone(&minute);
    let loopback = "127.0.0.1:0".parse().unwrap();
    let options = Options {
        device: loopback,
        review: loopback,
        names: Vec::new(),
        review_certificate: None,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clock = Arc::new(move || at(hand.load(Ordering::Relaxed)));
    let listening = runtime.block_on(serve(Arc::new(hq), options, clock));
    let first = format!("first 0 imminent {case}");
    assert_eq!(lines(&told, 1), std::slice::from_ref(&first));
    minute.store(3 * deadline, Ordering::Relaxed);
    assert_eq!(lines(&told, 2), [first, format!("third 2 imminent {case}")]);
    listening.unwrap().stop.now();
}
