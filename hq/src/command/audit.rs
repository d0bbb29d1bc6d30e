//! `mooring-hq audit`: reads and checks; it writes nothing, so that what it finds stays as it was found.

use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Subcommand;
use mooring_casefile::CaseId;
use mooring_hq::{AuditBook, OpenError, Wanted};

use super::output;

#[derive(Subcommand)]
pub(super) enum AuditVerb {
    /// Checks every row's hash and every signed checkpoint, and names the first thing that is wrong; then it ends with 1.
    Verify,
    /// Prints who did what and when. No content of any case stands in the audit.
    Show {
        /// Of this case only.
        #[arg(long)]
        case: Option<String>,
        /// From this day on, as 2026-11-25, or from this moment on, as 2026-11-25T22:00:00Z.
        #[arg(long)]
        since: Option<String>,
    },
}

pub(super) fn audit(data: &Path, key_file: Option<&Path>, verb: &AuditVerb) -> ExitCode {
    match carry_out(data, key_file, verb) {
        Ok(code) => code,
        Err(why) => {
            output::complain(&why);
            ExitCode::from(2)
        }
    }
}

fn carry_out(data: &Path, key_file: Option<&Path>, verb: &AuditVerb) -> Result<ExitCode, String> {
    if !data.join("ledger.db").exists() {
        return Err(format!("there is no HQ in {}", data.display()));
    }
    let book = AuditBook::open(data, key_file).map_err(|error| error.to_string())?;
    match verb {
        AuditVerb::Verify => verify(&book),
        AuditVerb::Show { case, since } => {
            let wanted = Wanted {
                case: case.as_deref().map(read_case).transpose()?,
                since_ms: since.as_deref().map(read_since).transpose()?,
            };
            book.show(wanted, |line| {
                let at = DateTime::<Utc>::from_timestamp_millis(line.at_ms)
                    .map_or_else(|| line.at_ms.to_string(), |at| at.to_rfc3339());
                output::say(&format!("{} {at} {}", line.number, line.words));
            })
            .map_err(unreadable)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn verify(book: &AuditBook) -> Result<ExitCode, String> {
    Ok(match book.verify().map_err(unreadable)? {
        Ok(verified) => {
            output::say(&format!(
                "audit holds rows={} checkpoints={} phone-rows={}",
                verified.rows, verified.checkpoints, verified.phone_rows
            ));
            for noted in &verified.noted {
                output::say(&format!(
                    "noticed {} in the audit of device={} at row {}",
                    noted.what, noted.device, noted.row
                ));
            }
            ExitCode::SUCCESS
        }
        Err(broken) => {
            output::say(&format!("audit broken: {broken}"));
            ExitCode::from(1)
        }
    })
}

fn unreadable(error: mooring_hq::ledger::LedgerError) -> String {
    OpenError::Ledger(error).to_string()
}

fn read_case(text: &str) -> Result<CaseId, String> {
    CaseId::parse(text).map_err(|_| format!("{text} is no case"))
}

fn read_since(text: &str) -> Result<i64, String> {
    let moment = DateTime::parse_from_rfc3339(text).map(|at| at.timestamp_millis());
    let day = || {
        let day: NaiveDate = text.parse().ok()?;
        Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
    };
    moment
        .ok()
        .or_else(day)
        .ok_or_else(|| format!("{text} is no day and no moment"))
}
