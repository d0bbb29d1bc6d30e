//! Power cuts over a phone's whole folder: database, header, mark, what is sealed for HQ and what was captured while locked, in the
//! order in which the process really wrote, synced, renamed and removed them.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't go on says so by stopping"
)]

#[path = "../../../../core/device/tests/world/hq.rs"]
#[allow(dead_code, reason = "the tests of the device use the rest of it")]
mod hq;
mod keystore;
mod night;

use mooring_casefile::ChangeId;
use mooring_crash::{Cut, Dice, Files, Volume, read_folder, write_folder};
use mooring_device::{By, Device, Error, Older, Outbox};
use mooring_exchange::OutboxUpload;
use mooring_identity::VaultHeader;
use night::{Done, Night, PIN, later, numbers, seams};
use std::collections::BTreeSet;
use std::path::Path;
use tempfile::TempDir;

/// How many states: the slow suite takes more of them.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        10_000
    } else {
        300
    }
}

#[test]
fn what_was_written_down_comes_to_the_folder_as_it_is() {
    let night = Night::record();
    let mut volume = Volume::new(&night.before, &night.events);
    while volume.step().is_some() {}
    assert!(volume.whole() == night.after, "a write was not noticed");
    let synced = |name: &str| {
        let event = mooring_crash::Event::Synced(name.to_owned());
        night.events.contains(&event)
    };
    for name in [
        "mark",
        "vault",
        "vault/header.new",
        "vault/mooring.db-wal",
        "outbox",
        "captured",
    ] {
        assert!(synced(name), "{name} is never synced");
    }
}

#[test]
fn no_power_cut_loses_an_answer_a_try_or_a_sealed_change_or_cries_rolled_back() {
    let night = Night::record();
    let marks = night.marks();
    let mut volume = Volume::new(&night.before, &night.events);
    let mut dice = Dice::new(23);
    let (mut made, mut torn) = (0, 0);
    while let Some(step) = volume.step() {
        while made * night.events.len() < count() * step {
            let cut = Cut::ALL[made % Cut::ALL.len()];
            let state = volume.state(cut, &mut dice);
            torn += usize::from(!marks.contains(&state["mark"]));
            if let Err(why) = look(&night, &state, step, &mut dice) {
                panic!(
                    "state {made}, step {step} of {}, {cut:?}: {why}",
                    night.events.len()
                );
            }
            made += 1;
        }
    }
    println!("{made} states, {torn} with a torn mark");
    assert!(made >= count() && torn * 100 > made, "{torn} of {made}");
}

/// Opens a state with the right PIN, and looks for everything that was acknowledged by this step.
fn look(night: &Night, state: &Files, step: usize, dice: &mut Dice) -> Result<(), String> {
    let folder = folder();
    write_folder(folder.path(), state);
    tries(night, state, step)?;
    sealed(night, folder.path(), step)?;
    let keystore = night.keystore.at(step, dice);
    let opened = Device::open_by(
        folder.path(),
        By::Pin(PIN),
        Older::Refuse,
        seams(&keystore),
        later(),
    );
    let mut device = opened.map_err(|error| format!("does not open: {error:?}"))?;
    for interview in &night.interviews {
        let acknowledged = night.answers(interview.case, step);
        let there = match numbers(&mut device, interview) {
            Ok(there) => there,
            Err(Error::NotFound(_)) if acknowledged == 0 => continue,
            Err(error) => return Err(format!("{:?}: {error:?}", interview.case)),
        };
        if !(there.len() >= acknowledged && there == (0..there.len()).collect()) {
            return Err(format!("{acknowledged} acknowledged, {there:?}"));
        }
    }
    Ok(())
}

/// The header alone, without the keystore's count, knows each try that was refused since the last right one.
fn tries(night: &Night, state: &Files, step: usize) -> Result<(), String> {
    let header = state.get("vault/header").ok_or("no header")?;
    let header = VaultHeader::parse(header).map_err(|error| error.to_string())?;
    let counted = usize::try_from(header.attempts(0)).unwrap();
    let wrong = night.wrong_pins(step);
    if counted < wrong {
        return Err(format!("{wrong} wrong PINs, {counted} counted"));
    }
    Ok(())
}

/// What was sealed for HQ by this step lies in the outbox, whatever became of the vault.
fn sealed(night: &Night, folder: &Path, step: usize) -> Result<(), String> {
    let there: BTreeSet<ChangeId> = changes(folder).map_err(|error| format!("{error:?}"))?;
    let missing = night.sealed(step).filter(|change| !there.contains(change));
    match missing.count() {
        0 => Ok(()),
        lost => Err(format!("{lost} sealed changes are gone")),
    }
}

/// All changes that lie sealed for HQ.
fn changes(folder: &Path) -> Result<BTreeSet<ChangeId>, Error> {
    let Some(upload) = Outbox::open(folder)?.upload()? else {
        return Ok(BTreeSet::new());
    };
    let records = OutboxUpload::parse(&upload).unwrap();
    Ok(records
        .into_iter()
        .flat_map(|record| record.unwrap().changes().to_vec())
        .collect())
}

fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}

impl Night {
    fn acknowledged(&self, step: usize) -> impl Iterator<Item = &Done> {
        let done = self.done.iter().take_while(move |(at, _)| *at <= step);
        done.map(|(_, done)| done)
    }

    fn answers(&self, case: mooring_casefile::CaseId, step: usize) -> usize {
        let answers = self.acknowledged(step);
        answers
            .filter(|done| matches!(done, Done::Answer(of) if *of == case))
            .count()
    }

    /// Wrong PINs since the last right one; 0 once the next right one is about to give them back.
    fn wrong_pins(&self, step: usize) -> usize {
        let next = self.done.iter().find(|(at, _)| *at > step);
        if matches!(next, Some((_, Done::RightPin))) {
            return 0;
        }
        self.acknowledged(step).fold(0, |count, done| match done {
            Done::WrongPin => count + 1,
            Done::RightPin => 0,
            Done::Answer(_) | Done::Sealed(_) => count,
        })
    }

    fn sealed(&self, step: usize) -> impl Iterator<Item = &ChangeId> {
        self.acknowledged(step).flat_map(|done| match done {
            Done::Sealed(changes) => changes.iter().collect(),
            Done::WrongPin | Done::RightPin | Done::Answer(_) => Vec::new(),
        })
    }

    /// Every mark that was ever written whole.
    fn marks(&self) -> BTreeSet<Vec<u8>> {
        let mut marks = BTreeSet::from([self.before["mark"].clone()]);
        let mut volume = Volume::new(&self.before, &self.events);
        while volume.step().is_some() {
            marks.insert(volume.whole()["mark"].clone());
        }
        marks
    }
}

fn snapshot(folder: &Path) -> Files {
    read_folder(folder)
}
