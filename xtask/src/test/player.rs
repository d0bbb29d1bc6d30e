//! What a player of the conformance list finds in its environment: a real HQ, a psychiatrist's hands, and a small disk to fill.

use crate::workshop::{PROGRAMS, Workshop};
use anyhow::{Context, Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The exit code by which the script says that this machine lets us have no small disk.
const NO_DISK: i32 = 77;

/// `program` with all of it. What stands in `before` brings the program to its tools, and comes between it and the small disk.
pub(super) fn command(workshop: &Workshop, program: &str, before: &[PathBuf]) -> Result<Command> {
    let mut built = workshop.build(&PROGRAMS)?;
    let hq = built.remove("mooring-hq").context("cargo built no HQ")?;
    let mut words: Vec<PathBuf> = Vec::new();
    words.extend(small_disk(workshop)?);
    words.extend(before.iter().cloned());
    words.push(program.into());
    let (first, rest) = words.split_first().context("there is a first word")?;
    let mut command = Command::new(first);
    command
        .args(rest)
        .env("MOORING_HQ", hq)
        .env("MOORING_DESK", env::current_exe()?);
    Ok(command)
}

/// The script that runs a command with a small disk of its own; in CI there must be one.
fn small_disk(workshop: &Workshop) -> Result<Option<PathBuf>> {
    let script = workshop.root.join("tests/conformance/with-small-disk");
    if Command::new(&script).arg("true").status()?.code() != Some(NO_DISK) {
        return Ok(Some(script));
    }
    if env::var("CI").is_ok_and(|ci| ci == "true") {
        bail!("the scenarios of a full disk can't be played here");
    }
    println!("left out: the scenarios of a full disk");
    Ok(None)
}
