//! What a player of the conformance list finds in its environment: a real HQ, a psychiatrist's hands, and a small disk to fill.

use crate::workshop::Workshop;
use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// `program` with all of it. What stands in `before` comes between the small disk and the program.
pub(super) fn command(workshop: &Workshop, program: &str, before: &[PathBuf]) -> Result<Command> {
    let mut built = workshop.build(&["mooring-hq"])?;
    let hq = built.remove("mooring-hq").context("cargo built no HQ")?;
    let mut command = Command::new(workshop.root.join("tests/conformance/with-small-disk"));
    command
        .args(before)
        .arg(program)
        .env("MOORING_HQ", hq)
        .env("MOORING_DESK", env::current_exe()?)
        .env(
            "MOORING_CONFORMANCE",
            workshop.root.join("tests/conformance"),
        );
    Ok(command)
}
