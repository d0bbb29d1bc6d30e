//! Plays the scenarios that Kotlin and Swift play as well, over the real library, real vaults and a real HQ process, and
//! compares the lines.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's own helpers may stop it, and say where"
)]

mod carrier;
mod headquarters;
mod stage;

use stage::Stage;
use std::env;
use std::path::Path;
use std::process::Command;

const SCENARIOS: &str = include_str!("../../conformance/scenarios.txt");
const LINES: &str = include_str!("../../conformance/scenarios.lines");

/// Names the folder on a disk that a scenario may fill.
const SMALL_DISK: &str = "MOORING_SMALL_DISK";

#[test]
fn the_scenarios_print_their_lines() {
    let small_disk = env::var_os(SMALL_DISK);
    if small_disk.is_none() && played_on_a_small_disk() {
        return;
    }
    let small_disk = small_disk.as_deref().map(Path::new);
    let mut printed = String::new();
    for scenario in scenarios(SCENARIOS, small_disk.is_some()) {
        let mut stage = Stage::new(small_disk);
        for line in scenario.lines() {
            let said = match line.strip_prefix('=') {
                Some(_) => line.to_owned(),
                None => format!("{line} -> {}", stage.play(line)),
            };
            println!("{said}");
            printed.push_str(&said);
            printed.push('\n');
        }
    }
    let expected: String = scenarios(LINES, small_disk.is_some()).concat();
    assert_eq!(printed, expected);
}

/// Each with its title; those that fill a disk only where there is one.
fn scenarios(text: &str, with_small_disk: bool) -> Vec<&str> {
    let mut starts: Vec<_> = text.match_indices("= ").map(|(at, _)| at).collect();
    starts.retain(|at| *at == 0 || text.get(..*at).is_some_and(|before| before.ends_with('\n')));
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let all = starts
        .iter()
        .zip(ends)
        .filter_map(|(from, to)| text.get(*from..to));
    all.filter(|scenario| with_small_disk || !scenario.contains("\nsmall "))
        .collect()
}

/// Runs this very test with a small disk of its own; false where this machine lets us have none.
fn played_on_a_small_disk() -> bool {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/with-small-disk");
    let status = Command::new(script)
        .arg(env::current_exe().unwrap())
        .args(["--exact", "the_scenarios_print_their_lines"])
        .status();
    match status.ok().and_then(|status| status.code()) {
        Some(0) => true,
        Some(77) | None if env::var_os("CI").is_none() => {
            eprintln!("the scenarios of a full disk are left out here");
            false
        }
        other => panic!("on a small disk: exit code {other:?}, see above"),
    }
}
