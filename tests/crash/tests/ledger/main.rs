//! Power cuts over HQ's ledger: what was acknowledged to a phone or a psychiatrist is there, and a cut migration leaves the old schema
//! or the new one.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't go on says so by stopping"
)]

mod day;
mod migrations;

use day::{Day, Done, KEY};
use mooring_crash::{Cut, Dice, Event, Files, Volume, write_folder};
use mooring_hq::ledger::sqlite::SqliteLedger;
use mooring_hq::ledger::{Desk as _, Fate, Log as _};
use std::path::Path;
use tempfile::TempDir;

const LEDGER: &str = "ledger.db";

/// How many states: the slow suite takes more of them.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        20_000
    } else {
        600
    }
}

#[test]
fn no_power_cut_loses_what_hq_acknowledged() {
    let day = Day::record();
    let (whole, others) = cut_everywhere(&day, &day.events, count());
    println!("{whole} states whole, {} not", others.len());
    assert!(whole >= count() && others.is_empty(), "{others:?}");
}

#[test]
fn syncing_less_than_the_ledger_does_would_lose_some() {
    let day = Day::record();
    let wal = Event::Synced(format!("{LEDGER}-wal"));
    // As `synchronous = NORMAL` has it: the WAL is not synced at each commit.
    let careless: Vec<_> = day
        .events
        .iter()
        .map(|event| {
            if *event == wal {
                nothing()
            } else {
                event.clone()
            }
        })
        .collect();
    let (whole, others) = cut_everywhere(&day, &careless, 200);
    println!("{whole} states whole, {} not", others.len());
    assert!(!others.is_empty(), "nothing was lost");
}

/// Stands where a sync was left out, so that every step keeps its number.
fn nothing() -> Event {
    Event::Synced("nothing of this name".to_owned())
}

/// How many states are whole, and what is wrong with the others.
fn cut_everywhere(day: &Day, events: &[Event], count: usize) -> (usize, Vec<String>) {
    let mut volume = Volume::new(&day.before, events);
    let mut dice = Dice::new(29);
    let (mut made, mut others) = (0, Vec::new());
    while let Some(step) = volume.step() {
        while made * events.len() < count * step {
            let cut = Cut::ALL[made % Cut::ALL.len()];
            let state = volume.state(cut, &mut dice);
            if let Err(why) = look(day, &state, step) {
                others.push(format!("state {made}, step {step}, {cut:?}: {why}"));
            }
            made += 1;
        }
    }
    (made - others.len(), others)
}

/// Whether the ledger opens, and all that was acknowledged by this step is there.
fn look(day: &Day, state: &Files, step: usize) -> Result<(), String> {
    let folder = folder();
    write_folder(folder.path(), state);
    let ledger = SqliteLedger::open(&folder.path().join(LEDGER), &KEY)
        .map_err(|error| format!("does not open: {error:?}"))?;
    let done = day.done.iter().take_while(|(at, _)| *at <= step);
    for (at, done) in done {
        if !is_there(&ledger, done).map_err(|error| format!("{error:?}"))? {
            return Err(format!("what was acknowledged at step {at} is gone"));
        }
    }
    Ok(())
}

fn is_there(ledger: &SqliteLedger, done: &Done) -> Result<bool, mooring_hq::ledger::LedgerError> {
    let merged = |case, sealed: &[u8], fate: Option<Fate>| {
        let runs = ledger.runs(case)?;
        Ok(runs.iter().any(|row| {
            row.run.sealed == sealed && fate.as_ref().is_none_or(|fate| *fate == row.fate)
        }))
    };
    match done {
        Done::Pushed(push) => {
            let there = ledger.push(&push.hash)?;
            let mut whole = there.is_some_and(|there| there.receipt == push.receipt);
            for run in &push.runs {
                whole &= merged(run.case, &run.sealed, None)?;
            }
            Ok(whole)
        }
        Done::Merged(case, sealed) => merged(*case, sealed, Some(Fate::Merged)),
        Done::Reviewed(review) => Ok(ledger.reviews(review.case)?.contains(review)),
    }
}

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}
