//! `cargo xtask demo`: a crisis visit on real parts.

use crate::workshop::Workshop;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

/// What the caller wants to see.
#[derive(Default)]
pub(crate) struct Order {
    pub(crate) data: Option<PathBuf>,
    pub(crate) protocol: Option<PathBuf>,
    pub(crate) script: bool,
}

pub(crate) fn run(_: &Workshop, _: &Order) -> Result<ExitCode> {
    bail!("in the making")
}
