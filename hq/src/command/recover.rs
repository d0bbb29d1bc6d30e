//! `mooring-hq recover`: one custodian's part, on a machine of their own. No one of the two sees the vault's key.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use mooring_hq::{OpenError, read_custodian};
use mooring_identity::{RecoveryRequest, os_random};

use super::{Failure, output};

#[derive(Args)]
pub(super) struct RecoverArguments {
    /// This custodian's private key, as it was exported.
    #[arg(long, value_name = "FILE")]
    custodian: PathBuf,
    /// What the phone asks, or for the second custodian what the first one's part put out.
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// The twenty digits that the phone's person read out by voice, as they show on the phone.
    #[arg(long)]
    digits: String,
    /// Where to put what comes out; a file that is there is left alone.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) fn recover(arguments: &RecoverArguments) -> Result<(), Failure> {
    let bytes = fs::read(&arguments.request)
        .map_err(|error| Failure::Usage(format!("{}: {error}", arguments.request.display())))?;
    let request = read_request(&bytes).ok_or_else(|| {
        Failure::Usage(format!(
            "{} is no phone's request",
            arguments.request.display()
        ))
    })?;
    // Who puts a question of their own in the phone's place gets the vault: only the person's voice tells one from the other.
    if digits_of(&arguments.digits) != digits_of(&request.words()) {
        return Err(Failure::Usage(
            "these are not the digits of this request: it may be another phone's. Nothing was opened.".to_owned(),
        ));
    }
    let key = read_custodian(&arguments.custodian).map_err(OpenError::from)?;
    if let Ok(half) = request.open_outer(&key) {
        write(&arguments.out, &half.encode())?;
        output::say("recover step=1 of=2");
        output::complain(&format!(
            "Carry {} to the other custodian, who does the same with it.",
            arguments.out.display()
        ));
        return Ok(());
    }
    if let Ok(answer) = request.answer(&key, &mut os_random()) {
        write(&arguments.out, &answer)?;
        output::say("recover step=2 of=2");
        output::complain(&format!(
            "Carry {} to the phone that asked; no other can open it.",
            arguments.out.display()
        ));
        return Ok(());
    }
    Err(Failure::Usage(
        "this key does not open this request: it is the other custodian's turn, or the phone was sealed to other custodians. Nothing was opened."
            .to_owned(),
    ))
}

/// As bytes, or as the same in hexadecimal digits where it was typed or scanned.
fn read_request(bytes: &[u8]) -> Option<RecoveryRequest> {
    RecoveryRequest::parse(bytes)
        .ok()
        .or_else(|| RecoveryRequest::parse(&from_hex(bytes)?).ok())
}

fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .iter()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| char::from(*byte).to_digit(16))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let whole = rest.is_empty();
    let bytes = pairs
        .iter()
        .map(|[high, low]| u8::try_from(high * 16 + low).ok());
    bytes.collect::<Option<Vec<_>>>().filter(|_| whole)
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || {
        let mut out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        out.write_all(bytes)?;
        out.sync_all()
    };
    write().map_err(|error: std::io::Error| Failure::Usage(format!("{}: {error}", file.display())))
}
