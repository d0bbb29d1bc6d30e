//! `mooring-hq`: the server of a headquarters, and what its operator asks of it on the command line.

mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::run()
}
