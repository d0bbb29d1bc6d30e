//! The parts of `cargo xtask test`: what each needs on the machine and what it runs.

use super::{Missing, Order, hapi, kotlin, swift};
use crate::demo;
use crate::tidy;
use crate::workshop::{PROGRAMS, Workshop, on_path};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// One part of the checks; quick ones come first, so that a slip shows early.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) missing: fn() -> Option<Missing>,
    pub(super) run: fn(&Workshop, &Order) -> Result<()>,
}

pub(super) const PARTS: &[Part] = &[
    Part {
        name: "fmt",
        what: "is all code formatted",
        missing: no_rustfmt,
        run: fmt,
    },
    Part {
        name: "tidy",
        what: "imports, manifests and names",
        missing: nothing,
        run: |workshop, _| tidy::check(workshop),
    },
    Part {
        name: "deny",
        what: "licenses, bans and sources of dependencies",
        missing: no_deny,
        run: deny,
    },
    Part {
        name: "clippy",
        what: "lints, warnings denied",
        missing: no_clippy,
        run: clippy,
    },
    Part {
        name: "docs",
        what: "documentation without warnings",
        missing: nothing,
        run: docs,
    },
    Part {
        name: "rust",
        what: "the Rust tests",
        missing: nothing,
        run: rust,
    },
    Part {
        name: "peers",
        what: "the expressions of forms, beside fhirpath.js",
        missing: no_node,
        run: peers,
    },
    Part {
        name: "demo",
        what: "the whole journey, played and checked",
        missing: nothing,
        run: demo,
    },
    Part {
        name: "hapi",
        what: "what the engine writes, before the HAPI validator",
        missing: hapi::missing,
        run: hapi::run,
    },
    Part {
        name: "browser",
        what: "the review pages in headless Chromium",
        missing: no_browser,
        run: browser,
    },
    Part {
        name: "kotlin",
        what: "the Kotlin package over the real library and a real HQ",
        missing: kotlin::missing,
        run: kotlin::run,
    },
    Part {
        name: "swift",
        what: "the Swift package over the real library and a real HQ",
        missing: swift::missing,
        run: swift::run,
    },
];

fn nothing() -> Option<Missing> {
    None
}

fn absent(program: &str, what: &'static str, how: &'static str) -> Option<Missing> {
    on_path(program).is_none().then_some(Missing { what, how })
}

fn no_rustfmt() -> Option<Missing> {
    absent("cargo-fmt", "rustfmt", "rustup component add rustfmt")
}

fn no_clippy() -> Option<Missing> {
    absent("cargo-clippy", "clippy", "rustup component add clippy")
}

fn no_deny() -> Option<Missing> {
    absent(
        "cargo-deny",
        "cargo-deny",
        "cargo install cargo-deny --locked",
    )
}

fn no_node() -> Option<Missing> {
    absent("node", "Node.js", "apt-get install nodejs npm")
        .or_else(|| absent("npm", "npm", "apt-get install npm"))
}

fn no_browser() -> Option<Missing> {
    no_node().or_else(|| {
        chromium().is_none().then_some(Missing {
            what: "Chromium",
            how: "apt-get install chromium, or name one in MOORING_CHROMIUM",
        })
    })
}

fn chromium() -> Option<PathBuf> {
    match std::env::var_os("MOORING_CHROMIUM") {
        Some(named) => Some(named.into()),
        None => ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(on_path),
    }
}

fn fmt(workshop: &Workshop, _: &Order) -> Result<()> {
    Workshop::run(&mut workshop.cargo(&["fmt", "--all", "--check"]))
}

fn deny(workshop: &Workshop, _: &Order) -> Result<()> {
    Workshop::run(&mut workshop.cargo(&["deny", "check", "bans", "licenses", "sources"]))
}

fn clippy(workshop: &Workshop, _: &Order) -> Result<()> {
    let args = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    Workshop::run(&mut workshop.cargo(&args))
}

fn docs(workshop: &Workshop, _: &Order) -> Result<()> {
    let mut command = workshop.cargo(&["doc", "--workspace", "--no-deps"]);
    Workshop::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn rust(workshop: &Workshop, order: &Order) -> Result<()> {
    // The conformance player starts HQ, and this very program for the psychiatrist's hands.
    let mut programs = workshop.build(&PROGRAMS)?;
    let hq = programs.remove("mooring-hq").context("cargo built no HQ")?;
    let mut command = workshop.cargo(&["test", "--workspace"]);
    command
        .env("MOORING_HQ", hq)
        .env("MOORING_DESK", std::env::current_exe()?);
    Workshop::run(paced(&mut command, order))
}

fn demo(workshop: &Workshop, _: &Order) -> Result<()> {
    let order = demo::Order {
        script: true,
        ..demo::Order::default()
    };
    demo::run(workshop, &order).map(|_| ())
}

fn peers(workshop: &Workshop, order: &Order) -> Result<()> {
    let folder = workshop.peers()?;
    let mut command = workshop.cargo(&["test", "-p", "mooring-protocol", "--test", "peers"]);
    command.env("MOORING_PEERS", folder);
    Workshop::run(paced(&mut command, order))
}

fn browser(workshop: &Workshop, order: &Order) -> Result<()> {
    let folder = workshop.root.join("tests/browser");
    let Some(chromium) = chromium() else {
        bail!("Chromium went away");
    };
    let built = workshop.build(&PROGRAMS)?;
    let npm = |args: &[&str]| {
        let mut command = Command::new("npm");
        command.current_dir(&folder).args(args);
        command
    };
    Workshop::run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    let mut tests = npm(&["test"]);
    tests.env("MOORING_CHROMIUM", chromium);
    for (program, file) in built {
        tests.env(program.to_uppercase().replace('-', "_"), file);
    }
    if order.pictures {
        tests.env("MOORING_PICTURES", workshop.root.join("docs/pictures"));
    }
    Workshop::run(paced(&mut tests, order))
}

/// The long versions of tests read this variable, in Rust and in the browser alike.
fn paced<'c>(command: &'c mut Command, order: &Order) -> &'c mut Command {
    if order.slow {
        command.env("MOORING_SLOW", "1");
    }
    command
}
