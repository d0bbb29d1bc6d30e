//! The part `hapi`: what our engine writes, before the validator that others judge FHIR by.

use super::{Missing, Order};
use crate::workshop::{Workshop, on_path};
use anyhow::{Context, Result};
use std::process::Command;

pub(super) fn missing() -> Option<Missing> {
    let absent = |program, what, how| on_path(program).is_none().then_some(Missing { what, how });
    absent(
        "javac",
        "a JDK",
        "apt-get install openjdk-17-jdk-headless, or a newer one",
    )
    .or_else(|| absent("mvn", "Maven", "apt-get install maven"))
}

/// Real Questionnaires stand beside the project on some machines; elsewhere the starter pack alone is judged, and that is said.
pub(super) fn run(workshop: &Workshop, _: &Order) -> Result<()> {
    let out = workshop.root.join("target/hapi");
    if out.exists() {
        std::fs::remove_dir_all(&out).context("target/hapi cannot be emptied")?;
    }
    let mut write = workshop.cargo(&["run", "-p", "mooring-protocol", "--example", "answer-forms"]);
    write.arg("--").arg(&out);
    let real = workshop.root.join("../shared/questionnaires");
    if real.is_dir() {
        write.arg(&real);
    } else {
        println!(
            "LEFT OUT: no folder {}; no real questionnaires",
            real.display()
        );
    }
    Workshop::run(&mut write)?;
    let definitions = workshop.root.join("docs/fhir");
    let mut validate = Command::new("mvn");
    validate
        .current_dir(workshop.root.join("tests/peers/hapi"))
        .args(["-q", "-B", "-ntp", "compile", "exec:java"])
        .arg(format!(
            "-Dexec.args={} {}",
            definitions.display(),
            out.display()
        ));
    Workshop::run(&mut validate)
}
