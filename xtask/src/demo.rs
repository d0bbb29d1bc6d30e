//! `cargo xtask demo`: a crisis visit on real parts, from two phones with no signal to the psychiatrist's queue and back.

mod administer;
pub(crate) mod advise;
mod desk;
mod form;
mod headquarters;
mod phone;
mod psychiatrist;
mod signal;
mod stage;
mod tell;
mod verbs;
mod visit;
mod watch;

use crate::workshop::{PROGRAMS, Workshop};
use anyhow::{Context, Result, bail};
use desk::Desk;
use stage::{REYES, Stage};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tell::Teller;

/// What the caller wants to see.
#[derive(Default)]
pub(crate) struct Order {
    /// An empty or new folder for HQ and the phones; none means a temporary one.
    pub(crate) data: Option<PathBuf>,
    /// A FHIR Questionnaire to administer as well.
    pub(crate) protocol: Option<PathBuf>,
    /// Play the psychiatrist too, check every claim, and end.
    pub(crate) script: bool,
}

pub(crate) fn run(workshop: &Workshop, order: &Order) -> Result<ExitCode> {
    let protocol = order.protocol.as_deref().map(readable).transpose()?;
    let tell = Teller::new();
    let data = stage::folder(order.data.as_deref())?;
    println!("Building HQ and the phones; the first time takes some minutes.");
    let built = workshop.build(&PROGRAMS)?;
    let mut stage = Stage::set(&tell, &built, &data)?;
    let visit = visit::play(&tell, &mut stage, protocol.as_deref())?;
    if order.script {
        psychiatrist::play(&tell, &mut stage, &visit)?;
        drop(stage);
        verdict(&tell, order, &data)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut desk = Desk::new(&stage.hq.review);
    psychiatrist::sign_in(&tell, &mut desk, &stage)?;
    psychiatrist::queue(&tell, &mut desk, &visit)?;
    invite(&tell, &stage, &data);
    watch::keep_running(&tell, &mut stage, &visit)?;
    Ok(ExitCode::SUCCESS)
}

/// The file's full path, so that a misspelled one is noticed before anything is built.
fn readable(file: &Path) -> Result<PathBuf> {
    let full = file.canonicalize();
    full.with_context(|| format!("cannot read {}", file.display()))
}

fn invite(tell: &Teller, stage: &Stage, data: &Path) {
    tell.act("Your turn: you are the psychiatrist");
    tell.line("open", &format!("{}/", stage.hq.review));
    tell.line("name", REYES);
    tell.line("password", &stage.password);
    tell.line(
        "then",
        "sign a review, settle the answer, send advice: the phones fetch it every few seconds",
    );
    tell.line(
        "end",
        &format!("Ctrl-C; everything stays in {}", data.display()),
    );
}

/// Says what was checked. A temporary folder goes with success and stays for whoever looks into a failure.
fn verdict(tell: &Teller, order: &Order, data: &Path) -> Result<()> {
    let (checked, failed) = tell.verdict();
    if !failed.is_empty() {
        let data = data.display();
        let named = failed.join("\n  ");
        let (failed, log) = (
            failed.len(),
            format!("HQ's log and the phones are in {data}"),
        );
        bail!("{failed} of {checked} claims do not hold:\n  {named}\n{log}");
    }
    println!("\nAll {checked} claims hold.");
    if order.data.is_none() {
        let _ = fs::remove_dir_all(data);
    }
    Ok(())
}
