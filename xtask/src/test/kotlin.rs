//! The part `kotlin`: the package that Android and JVM apps get, compiled and tested on this JDK.

use super::{Missing, Order};
use crate::bindings::guide;
use crate::bindings::surface::{self, Language};
use crate::bindings::{self, For};
use crate::workshop::{Workshop, on_path};
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;

const FOLDER: &str = "bindings/kotlin";

pub(super) fn missing() -> Option<Missing> {
    let needs = [
        ("javac", "a JDK", "apt-get install openjdk-17-jdk-headless"),
        ("mvn", "Maven", "apt-get install maven"),
    ];
    needs
        .into_iter()
        .find(|(program, _, _)| on_path(program).is_none())
        .map(|(_, what, how)| Missing { what, how })
}

pub(super) fn run(workshop: &Workshop, order: &Order) -> Result<()> {
    let guide_source = "bindings/kotlin/src/test/kotlin/org/mooring/FirstAnswer.kt";
    guide::check(workshop, "docs/android.md", "kotlin", guide_source)?;
    bindings::generate(workshop, For::Tests)?;
    forget_classes(workshop)?;
    let mut maven = super::player::command(workshop, "mvn", &[])?;
    maven.current_dir(workshop.root.join(FOLDER)).args([
        "--batch-mode",
        "--no-transfer-progress",
        // The compiler's daemon would stay behind for hours, with a gigabyte.
        "-Dkotlin.compiler.daemon=false",
        "verify",
    ]);
    Workshop::run(&mut maven)?;
    library_in_jar(workshop)?;
    surface::check(workshop, Language::Kotlin, &names(workshop)?, order.surface)
}

/// Classes of an earlier build stay where their source has gone, and would count as public.
fn forget_classes(workshop: &Workshop) -> Result<()> {
    let classes = workshop.root.join(FOLDER).join("target/classes");
    if classes.exists() {
        fs::remove_dir_all(classes)?;
    }
    Ok(())
}

/// JNA finds the library in the JAR by the platform's folder.
fn library_in_jar(workshop: &Workshop) -> Result<()> {
    let target = workshop.root.join(FOLDER).join("target");
    let jar = fs::read_dir(&target)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|file| file.extension().is_some_and(|kind| kind == "jar"))
        .context("Maven packed no JAR")?;
    let listed = Workshop::output(Command::new("jar").arg("tf").arg(&jar))?;
    let library = bindings::library_in_jar();
    if !listed.lines().any(|line| line == library) {
        bail!("{} has no {library}", jar.display());
    }
    Ok(())
}

/// What is public in the compiled classes, as `javap` sees it.
fn names(workshop: &Workshop) -> Result<Vec<String>> {
    let classes = workshop.root.join(FOLDER).join("target/classes");
    let mut files = Vec::new();
    for entry in fs::read_dir(classes.join("org/mooring"))? {
        let file = entry?.path();
        if file.extension().is_some_and(|kind| kind == "class") {
            files.push(file);
        }
    }
    files.sort();
    let listed = Workshop::output(Command::new("javap").arg("-public").args(&files))?;
    Ok(surface::kotlin_names(&listed))
}
