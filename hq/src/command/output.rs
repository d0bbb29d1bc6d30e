//! What is said to the operator: the only place of the program that prints.

use std::io::{self, Write};

/// A line for people and programs on stdout; flushed, because tests and scripts wait for it.
#[expect(clippy::print_stdout, reason = "the one door to stdout")]
pub(crate) fn say(line: &str) {
    println!("{line}");
    // A reader that went away is no reason to stop serving.
    let _ = io::stdout().flush();
}

/// A line on stderr.
#[expect(clippy::print_stderr, reason = "the one door to stderr")]
pub(crate) fn complain(line: &str) {
    eprintln!("{line}");
}
