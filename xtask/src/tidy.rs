//! `cargo xtask tidy`: what no lint can see. Each check reads the tree and lists its findings in words; none changes anything.

mod arrows;
mod links;
mod names;
mod promises;

use crate::workshop::Workshop;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Look hard at a file that is longer: a verb is a file.
const LONG_FILE: usize = 400;

pub(crate) fn check(workshop: &Workshop) -> Result<()> {
    let packages = workshop.packages()?;
    let mut findings = arrows::findings(&packages);
    let files: Vec<_> = tracked(&workshop.root)?
        .into_iter()
        // Deleted in the work tree, and not yet in a commit.
        .filter_map(|file| Some((fs::read_to_string(workshop.root.join(&file)).ok()?, file)))
        .collect();
    let has = |file: &Path, ending: &str| file.extension().is_some_and(|kind| kind == ending);
    for (text, file) in &files {
        if has(file, "md") {
            findings.extend(links::findings(&workshop.root, file, text));
            let sources = files.iter().filter(|(_, file)| has(file, "rs"));
            let sources = sources.map(|(text, _)| text.as_str());
            findings.extend(promises::findings(file, text, sources));
        } else {
            findings.extend(names::findings(file, text));
            note_length(file, text);
        }
    }
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{} findings:\n  {}", findings.len(), findings.join("\n  "))
}

/// The Rust files, manifests and guides under version control, and those that will be.
fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .current_dir(root)
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .args(["*.rs", "*Cargo.toml", "*.md"])
        .output()
        .context("tidy asks git for the files of the project")?;
    let listed = String::from_utf8(output.stdout)?;
    Ok(listed.lines().map(PathBuf::from).collect())
}

fn note_length(file: &Path, text: &str) {
    let lines = text.lines().count();
    if lines > LONG_FILE {
        println!("{}: {lines} lines, look hard", file.display());
    }
}
