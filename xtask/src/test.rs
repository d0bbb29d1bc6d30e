//! `cargo xtask test`: every check of the project, a part at a time, and what could not be checked here and why.

mod hapi;
mod kotlin;
mod parts;
mod player;
mod swift;

use crate::clock;
use crate::workshop::Workshop;
use anyhow::{Result, bail};
use parts::{PARTS, Part};
use std::process::ExitCode;
use std::time::Duration;

/// What the caller wants checked.
#[derive(Default)]
pub(crate) struct Order {
    /// Names of parts; empty means all.
    pub(crate) only: Vec<String>,
    pub(crate) slow: bool,
    pub(crate) pictures: bool,
    pub(crate) surface: bool,
}

/// A tool that is not on this machine, and how to get it.
#[derive(Debug, PartialEq)]
pub(crate) struct Missing {
    what: &'static str,
    how: &'static str,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Passed,
    Failed(String),
    LeftOut(Missing),
}

struct Line {
    part: &'static str,
    outcome: Outcome,
    took: Duration,
}

pub(crate) fn run(workshop: &Workshop, order: &Order) -> Result<ExitCode> {
    let mut lines = Vec::new();
    for part in chosen(&order.only)? {
        println!("\n── {}: {}", part.name, part.what);
        let begun = clock::begin();
        let outcome = outcome(part, workshop, order);
        if let Outcome::Failed(why) = &outcome {
            eprintln!("{why}");
        }
        lines.push(Line {
            part: part.name,
            outcome,
            took: begun.took(),
        });
    }
    let strict = std::env::var("CI").is_ok_and(|ci| ci == "true");
    Ok(sum_up(&lines, strict))
}

fn chosen(only: &[String]) -> Result<Vec<&'static Part>> {
    for name in only {
        if !PARTS.iter().any(|part| part.name == name) {
            let all: Vec<_> = PARTS.iter().map(|part| part.name).collect();
            bail!("no part named {name}; there are: {}", all.join(", "));
        }
    }
    let wanted = |part: &&Part| only.is_empty() || only.iter().any(|name| name == part.name);
    Ok(PARTS.iter().filter(wanted).collect())
}

fn outcome(part: &Part, workshop: &Workshop, order: &Order) -> Outcome {
    if let Some(missing) = (part.missing)() {
        return Outcome::LeftOut(missing);
    }
    match (part.run)(workshop, order) {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

/// The closing lines. Where `strict`, as in CI, a part that was left out has failed.
fn sum_up(lines: &[Line], strict: bool) -> ExitCode {
    println!();
    for line in lines {
        println!("{}", in_words(line));
    }
    let count = count(lines, strict);
    let skipped = match count.skipped {
        0 => String::new(),
        n => format!(", {n} skipped"),
    };
    println!(
        "\n{} passed, {} failed{skipped}",
        count.passed, count.failed
    );
    if count.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn in_words(line: &Line) -> String {
    let took = line.took.as_secs();
    match &line.outcome {
        Outcome::Passed => format!("passed    {:8} {took:4} s", line.part),
        Outcome::Failed(why) => format!("FAILED    {:8} {took:4} s  {why}", line.part),
        Outcome::LeftOut(missing) => {
            format!(
                "LEFT OUT  {:8} {} is not here: {}",
                line.part, missing.what, missing.how
            )
        }
    }
}

#[derive(Debug, PartialEq, Default)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

fn count(lines: &[Line], strict: bool) -> Count {
    let mut count = Count::default();
    for line in lines {
        match &line.outcome {
            Outcome::Passed => count.passed += 1,
            Outcome::LeftOut(_) if !strict => count.skipped += 1,
            Outcome::Failed(_) | Outcome::LeftOut(_) => count.failed += 1,
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_NODE: Missing = Missing {
        what: "node",
        how: "apt-get install nodejs",
    };

    #[track_caller]
    fn check(outcome: Outcome, strict: bool, passed: usize, failed: usize, skipped: usize) {
        let line = Line {
            part: "rust",
            outcome,
            took: Duration::ZERO,
        };
        let expected = Count {
            passed,
            failed,
            skipped,
        };
        assert_eq!(count(&[line], strict), expected);
    }

    #[test]
    fn a_part_that_passed_counts_as_passed() {
        check(Outcome::Passed, true, 1, 0, 0);
    }

    #[test]
    fn a_part_left_out_on_a_newcomers_machine_is_skipped() {
        check(Outcome::LeftOut(NO_NODE), false, 0, 0, 1);
    }

    #[test]
    fn a_part_left_out_in_ci_has_failed() {
        check(Outcome::LeftOut(NO_NODE), true, 0, 1, 0);
    }

    #[test]
    fn an_unknown_part_is_refused_and_the_known_ones_are_named() {
        let refused = chosen(&["rusty".to_owned()]).err().unwrap().to_string();
        assert!(refused.contains("fmt, tidy"), "{refused}");
    }

    #[test]
    fn a_part_left_out_says_how_to_get_what_it_needs() {
        let line = Line {
            part: "browser",
            outcome: Outcome::LeftOut(NO_NODE),
            took: Duration::ZERO,
        };
        assert!(in_words(&line).contains("apt-get install nodejs"));
    }
}
