//! `cargo xtask bench size`: how large the library is that an app carries, as it is shipped: release, stripped, with its own
//! libcrypto, since neither Android nor iOS lends one.

use crate::bindings;
use crate::workshop::Workshop;
use anyhow::{Context, Result};
use std::fs;
use std::process::Stdio;

pub(super) fn run(workshop: &Workshop) -> Result<()> {
    let args = ["build", "--release", "--package", "mooring-ffi", "--lib"];
    let mut build = workshop.cargo(&args);
    build
        .arg("--message-format=json-render-diagnostics")
        .env("OPENSSL_NO_VENDOR", "0")
        .stderr(Stdio::inherit());
    let messages = Workshop::output(&mut build)?;
    let library = bindings::shared_library(&messages).context("cargo built no library")?;
    let bytes = fs::metadata(&library)?.len();
    let name = library.file_name().unwrap_or_default().display();
    println!("\nmooring-ffi: size\n{name}, release, stripped: {bytes} bytes");
    Ok(())
}
