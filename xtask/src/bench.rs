//! `cargo xtask bench`: the benchmarks of every crate that has some.

mod size;

use crate::workshop::{Workshop, on_path};
use anyhow::{Result, bail};
use serde_json::Value;
use std::process::ExitCode;

/// The one that is no program of a crate: what an app carries.
const SIZE: &str = "size";

pub(crate) fn run(workshop: &Workshop, name: Option<&str>) -> Result<ExitCode> {
    let wanted = name.unwrap_or_default();
    let benches = benches(&workshop.packages()?);
    let chosen: Vec<_> = benches
        .iter()
        .filter(|(_, bench)| bench.contains(wanted))
        .collect();
    let of_size = SIZE.contains(wanted);
    if chosen.is_empty() && !of_size {
        let mut all: Vec<_> = benches.iter().map(|(_, bench)| bench.as_str()).collect();
        all.push(SIZE);
        bail!("no benchmark named {wanted}; there are: {}", all.join(", "));
    }
    // A benchmark that has a peer runs it beside itself where Node is there, and says so where it is not.
    let peers = on_path("npm").map(|_| workshop.peers()).transpose()?;
    for (package, bench) in chosen {
        println!("\n{package}: {bench}");
        let mut command = workshop.cargo(&["bench", "-p", package, "--bench", bench]);
        if let Some(folder) = &peers {
            command.env("MOORING_PEERS", folder);
        }
        Workshop::run(&mut command)?;
    }
    if of_size {
        size::run(workshop)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn benches(packages: &[Value]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for package in packages {
        for target in package
            .get("targets")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if target.pointer("/kind/0").and_then(Value::as_str) == Some("bench") {
                found.push((name_of(package), name_of(target)));
            }
        }
    }
    found
}

fn name_of(value: &Value) -> String {
    value
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
