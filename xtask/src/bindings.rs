//! `cargo xtask bindings`: the native library of this machine and what uniffi writes for Kotlin and Swift from it, into folders
//! that git ignores.

pub(crate) mod guide;
pub(crate) mod surface;
pub(crate) mod xcframework;

use crate::workshop::{Workshop, built_in};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whom the library is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Apps, and whoever tries them out.
    Apps,
    /// The tests: it has the call that panics on purpose.
    Tests,
}

/// Where Kotlin's package finds it; JNA's own names for platforms, so that it finds the library inside the JAR by itself.
const KOTLIN: &str = "bindings/generated";
/// Where Swift's package finds it.
const SWIFT: &str = "bindings/swift/Generated";

/// Generates both.
pub(crate) fn generate(workshop: &Workshop, whom: For) -> Result<()> {
    let generator = generator(workshop)?;
    let library = library(workshop, whom)?;
    write_kotlin(workshop, &generator, &library)?;
    write_swift(workshop, &generator, &library)?;
    println!("written: {KOTLIN}, {SWIFT}");
    Ok(())
}

/// The program that reads a library and writes a language's side of it.
pub(crate) fn generator(workshop: &Workshop) -> Result<PathBuf> {
    let messages = built(workshop, "mooring-bindgen", &["--features", "generate"])?;
    built_in(&messages, "mooring-bindgen").context("cargo built no generator")
}

fn library(workshop: &Workshop, whom: For) -> Result<PathBuf> {
    let features: &[&str] = match whom {
        For::Apps => &["--lib"],
        For::Tests => &["--lib", "--features", "panic-on-purpose"],
    };
    shared_library(&built(workshop, "mooring-ffi", features)?)
        .context("cargo built no shared library")
}

fn built(workshop: &Workshop, package: &str, args: &[&str]) -> Result<String> {
    let mut command = workshop.cargo(&["build", "--package", package]);
    command
        .arg("--message-format=json-render-diagnostics")
        .args(args)
        .stderr(Stdio::inherit());
    Workshop::output(&mut command)
}

/// The file among cargo's messages that a program of another language can load.
pub(crate) fn shared_library(messages: &str) -> Option<PathBuf> {
    let kinds = ["so", "dylib", "dll"];
    let files = crate::workshop::files(messages, "mooring");
    files.into_iter().find(|file| {
        let kind = file.extension().and_then(|kind| kind.to_str());
        kind.is_some_and(|kind| kinds.contains(&kind))
    })
}

fn write_kotlin(workshop: &Workshop, generator: &Path, library: &Path) -> Result<()> {
    let folder = workshop.root.join(KOTLIN);
    write(
        workshop,
        generator,
        library,
        "kotlin",
        &folder.join("kotlin"),
    )?;
    copy(library, &folder.join("native").join(platform()))
}

fn write_swift(workshop: &Workshop, generator: &Path, library: &Path) -> Result<()> {
    let folder = workshop.root.join(SWIFT);
    write_swift_sources(workshop, generator, library, &folder)?;
    copy(library, &folder.join("lib"))
}

/// The Swift file in a folder of its own, and the C header with its module map in another.
pub(crate) fn write_swift_sources(
    workshop: &Workshop,
    generator: &Path,
    library: &Path,
    folder: &Path,
) -> Result<()> {
    let raw = folder.join("raw");
    write(workshop, generator, library, "swift", &raw)?;
    for (file, to) in [
        ("MooringCore.swift", "MooringCore/MooringCore.swift"),
        ("MooringFFI.h", "MooringFFI/MooringFFI.h"),
        ("MooringFFI.modulemap", "MooringFFI/module.modulemap"),
    ] {
        let to = folder.join(to);
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        fs::rename(raw.join(file), &to).with_context(|| format!("uniffi wrote no {file}"))?;
    }
    Ok(fs::remove_dir(raw)?)
}

fn write(
    workshop: &Workshop,
    generator: &Path,
    library: &Path,
    language: &str,
    folder: &Path,
) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut command = Command::new(generator);
    // It asks cargo for the crate's own uniffi.toml, so it is started inside the workspace.
    command
        .current_dir(&workshop.root)
        .arg("generate")
        .arg(library)
        .args(["--language", language, "--no-format", "--out-dir"])
        .arg(folder);
    Workshop::run(&mut command)
}

fn copy(library: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let name = library.file_name().context("a library has a name")?;
    // Beside and renamed: a program that has the old one open keeps it whole.
    let beside = folder.join("new");
    fs::copy(library, &beside)?;
    Ok(fs::rename(beside, folder.join(name))?)
}

/// Where the library of this machine lies in the JAR.
pub(crate) fn library_in_jar() -> String {
    let (before, kind) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    format!("{}/{before}mooring{kind}", platform())
}

/// JNA's name for this machine.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "windows" => "win32",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x86-64",
        other => other,
    };
    format!("{system}-{machine}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shared_library_is_found_among_the_files_of_its_crate() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"filenames":["/t/libother.so"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"mooring"},"filenames":["/t/libmooring.rlib","/t/libmooring.so","/t/libmooring.a"]}"#,
        );
        let found = shared_library(messages);
        assert_eq!(found, Some(PathBuf::from("/t/libmooring.so")));
    }
}
