//! The part `swift`: the package that iOS apps get, compiled in Swift 6 mode, tested, and documented as a `DocC` archive.

use super::{Missing, Order};
use crate::bindings::guide;
use crate::bindings::surface::{self, Language};
use crate::bindings::{self, For};
use crate::workshop::{Workshop, on_path};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = "bindings/swift";
/// Where Debian's swiftlang puts its tools.
const DEBIANS: &str = "/usr/libexec/swift/bin/swift";
/// The modules that an app sees.
const MODULES: [&str; 2] = ["Mooring", "MooringCore"];

pub(super) fn missing() -> Option<Missing> {
    let here = on_path("swift").is_some() || Path::new(DEBIANS).is_file();
    // On Debian as root, `swift-env` makes one.
    let makeable = on_path("apt-get").is_some() && is_root();
    (!here && !makeable).then_some(Missing {
        what: "Swift 6",
        how: "install it from swift.org, or run this as root on Debian, where bindings/swift/swift-env makes one",
    })
}

fn is_root() -> bool {
    Workshop::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

pub(super) fn run(workshop: &Workshop, order: &Order) -> Result<()> {
    let guide_source = "bindings/swift/Tests/MooringTests/FirstAnswer.swift";
    guide::check(workshop, "docs/ios.md", "swift", guide_source)?;
    bindings::generate(workshop, For::Tests)?;
    let mut tests = super::player::command(workshop, "swift", &inside(workshop))?;
    Workshop::run(
        tests
            .args(["test", "--package-path"])
            .arg(package(workshop)),
    )?;
    apples(workshop)?;
    let graphs = symbol_graphs(workshop)?;
    archive(workshop, &graphs)?;
    surface::check(workshop, Language::Swift, &names(&graphs)?, order.surface)
}

/// The words that bring a command to a Swift: `swift-env`, with every folder that it must see.
fn inside(workshop: &Workshop) -> Vec<PathBuf> {
    let mut words = vec![
        package(workshop).join("swift-env"),
        "--project".into(),
        workshop.root.clone(),
    ];
    // Cargo may build elsewhere; HQ's program lies there.
    if let Some(target) = std::env::var_os("CARGO_TARGET_DIR") {
        words.extend(["--bind".into(), target.into()]);
    }
    words.push("--".into());
    words
}

fn package(workshop: &Workshop) -> PathBuf {
    workshop.root.join(FOLDER)
}

fn swift(workshop: &Workshop, program: &str) -> Result<Command> {
    let words = inside(workshop);
    let (env, rest) = words.split_first().context("there is a first word")?;
    let mut command = Command::new(env);
    command.args(rest).arg(program);
    Ok(command)
}

/// Checks the types of what only Apple's compilers see, against a stub of what Apple's systems have. It proves no more than that.
fn apples(workshop: &Workshop) -> Result<()> {
    let package = package(workshop);
    let modules = package.join(".build/apple-stub");
    fs::create_dir_all(&modules)?;
    let mut stub = swift(workshop, "swiftc")?;
    stub.args(["-emit-module", "-parse-as-library", "-module-name"])
        .args(["Security", "-o"])
        .arg(modules.join("Security.swiftmodule"))
        .arg(package.join("AppleStub/Security.swift"));
    Workshop::run(&mut stub)?;
    let mut check = swift(workshop, "swiftc")?;
    check
        .args(["-typecheck", "-parse-as-library", "-module-name", "Mooring"])
        .args(["-swift-version", "6", "-warnings-as-errors", "-I"])
        .arg(&modules)
        .arg("-I")
        .arg(package.join(".build/debug/Modules"))
        .arg("-Xcc")
        .arg(module_map(&package));
    for entry in fs::read_dir(package.join("Sources/Mooring"))? {
        check.arg(entry?.path());
    }
    Workshop::run(&mut check)
}

fn module_map(package: &Path) -> OsString {
    let mut word = OsString::from("-fmodule-map-file=");
    word.push(package.join("Generated/MooringFFI/module.modulemap"));
    word
}

/// What is public, as the compiler writes it down for documentation: a folder with the graphs of our modules alone.
fn symbol_graphs(workshop: &Workshop) -> Result<PathBuf> {
    let folder = package(workshop).join(".build/mooring-graphs");
    fs::create_dir_all(&folder)?;
    let mut dump = swift(workshop, "swift")?;
    dump.args(["package", "--package-path"])
        .arg(package(workshop))
        .args([
            "dump-symbol-graph",
            "--minimum-access-level",
            "public",
            "--skip-synthesized-members",
        ]);
    Workshop::run(&mut dump)?;
    let dumped = find(&package(workshop).join(".build"), "symbolgraph")?;
    for module in MODULES {
        let file = format!("{module}.symbols.json");
        fs::copy(dumped.join(&file), folder.join(&file))
            .with_context(|| format!("Swift wrote no {file}"))?;
    }
    Ok(folder)
}

/// The folder of this name, one or two levels below.
fn find(folder: &Path, name: &str) -> Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let below = entry?.path().join(name);
        if below.is_dir() {
            return Ok(below);
        }
    }
    bail!("no {name} in {}", folder.display())
}

/// The `DocC` archive, for a reader's browser. A link that leads nowhere fails here.
fn archive(workshop: &Workshop, graphs: &Path) -> Result<()> {
    let mut convert = swift(workshop, "docc")?;
    convert
        .arg("convert")
        .arg("--additional-symbol-graph-dir")
        .arg(graphs)
        .args(["--fallback-display-name", "Mooring"])
        .args(["--fallback-bundle-identifier", "org.mooring.Mooring"])
        .arg("--warnings-as-errors")
        .arg("--output-path")
        .arg(package(workshop).join(".build/Mooring.doccarchive"));
    Workshop::run(&mut convert)
}

fn names(graphs: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for module in MODULES {
        let text = fs::read_to_string(graphs.join(format!("{module}.symbols.json")))?;
        names.extend(surface::swift_names(&serde_json::from_str::<Value>(&text)?));
    }
    Ok(names)
}
