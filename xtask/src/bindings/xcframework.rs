//! `cargo xtask xcframework`: the library for iPhones, simulators and Macs in one bundle, where the Swift package wants it. It
//! needs Apple's tools, so only a Mac can run it; nobody has run it where this was written.

use super::{For, generator, library, write_swift_sources};
use crate::workshop::{Workshop, on_path};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Apple calls a platform, and the machines that it runs on. `xcodebuild` takes one library for each platform.
const PLATFORMS: [(&str, &[&str]); 3] = [
    ("ios", &["aarch64-apple-ios"]),
    (
        "ios-simulator",
        &["aarch64-apple-ios-sim", "x86_64-apple-ios"],
    ),
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
];

/// The oldest systems of `Package.swift`; what is compiled in C must know them as well.
const OLDEST: [(&str, &str); 2] = [
    ("IPHONEOS_DEPLOYMENT_TARGET", "16.0"),
    ("MACOSX_DEPLOYMENT_TARGET", "13.0"),
];

const BUNDLE: &str = "bindings/swift/Generated/MooringFFI.xcframework";

pub(crate) fn make(workshop: &Workshop) -> Result<()> {
    ready()?;
    let generated = workshop.root.join("bindings/swift/Generated");
    let generator = generator(workshop)?;
    write_swift_sources(
        workshop,
        &generator,
        &library(workshop, For::Apps)?,
        &generated,
    )?;
    let headers = headers(&generated)?;
    let bundle = workshop.root.join(BUNDLE);
    if bundle.exists() {
        fs::remove_dir_all(&bundle)?;
    }
    let mut create = Command::new("xcodebuild");
    create.arg("-create-xcframework");
    for (platform, targets) in PLATFORMS {
        let library = for_platform(workshop, platform, targets)?;
        create.arg("-library").arg(library);
        create.arg("-headers").arg(&headers);
    }
    create.arg("-output").arg(&bundle);
    Workshop::run(&mut create)?;
    println!("written: {BUNDLE}");
    Ok(())
}

fn ready() -> Result<()> {
    if std::env::consts::OS != "macos" {
        bail!(
            "an XCFramework needs Apple's tools: run this on a Mac with Xcode; elsewhere `cargo xtask bindings` serves Linux"
        );
    }
    for tool in ["xcodebuild", "lipo"] {
        if on_path(tool).is_none() {
            bail!("{tool} is not here: install Xcode, then `xcode-select --install`");
        }
    }
    Ok(())
}

/// The C header with the module map that names it, and nothing else.
fn headers(generated: &Path) -> Result<PathBuf> {
    let folder = generated.join("headers");
    fs::create_dir_all(&folder)?;
    for file in ["MooringFFI.h", "module.modulemap"] {
        fs::copy(generated.join("MooringFFI").join(file), folder.join(file))?;
    }
    Ok(folder)
}

/// One static library with every machine of a platform.
fn for_platform(workshop: &Workshop, platform: &str, targets: &[&str]) -> Result<PathBuf> {
    let mut libraries = Vec::new();
    for target in targets {
        libraries.push(for_target(workshop, target)?);
    }
    let folder = workshop.root.join("target/xcframework").join(platform);
    fs::create_dir_all(&folder)?;
    let whole = folder.join("libmooring.a");
    let mut lipo = Command::new("lipo");
    lipo.arg("-create")
        .args(&libraries)
        .arg("-output")
        .arg(&whole);
    Workshop::run(&mut lipo)?;
    Ok(whole)
}

fn for_target(workshop: &Workshop, target: &str) -> Result<PathBuf> {
    let mut rustup = Command::new("rustup");
    Workshop::run(
        rustup
            .current_dir(&workshop.root)
            .args(["target", "add", target]),
    )?;
    let args = [
        "build",
        "--release",
        "--package",
        "mooring-ffi",
        "--lib",
        "--target",
        target,
    ];
    let mut build = workshop.cargo(&args);
    // No Apple system lends a libcrypto, so it is built in, whatever this Mac has.
    build.env("OPENSSL_NO_VENDOR", "0").envs(OLDEST);
    build.arg("--message-format=json-render-diagnostics");
    let messages = Workshop::output(build.stderr(std::process::Stdio::inherit()))?;
    let mut files = crate::workshop::files(&messages, "mooring").into_iter();
    match files.find(|file| file.extension().is_some_and(|kind| kind == "a")) {
        Some(library) => Ok(library),
        None => bail!("cargo built no static library for {target}"),
    }
}
