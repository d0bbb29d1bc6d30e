//! A headless phone: one request a line on stdin, one reply a line on stdout. What is answered with `"ok":true` is on disk.

mod clock;
mod fault;
mod keystore;
mod link;
mod ops;
mod phone;
mod render;
mod request;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// A line longer than this is no request.
const LONGEST_LINE: u64 = 32 << 20;

fn main() -> ExitCode {
    notice();
    let mut phone = phone::Phone::start();
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    loop {
        // The line can hold a PIN.
        let mut line = Zeroizing::new(Vec::new());
        match io::Read::take(&mut input, LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return ExitCode::SUCCESS,
            Ok(_) => {}
            Err(_) => return ExitCode::FAILURE,
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = phone.answer(&line);
        // A reply that can't be delivered ends the phone: whoever asked is gone.
        if writeln!(output, "{}", answer.reply)
            .and_then(|()| output.flush())
            .is_err()
        {
            return ExitCode::FAILURE;
        }
        if answer.quits {
            return ExitCode::SUCCESS;
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the notice is for whoever started this by hand"
)]
fn notice() {
    eprintln!("mooring-field: {}", mooring_identity::NOTICE);
}
