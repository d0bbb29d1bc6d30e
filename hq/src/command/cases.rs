//! `mooring-hq admin` about whole cases: who holds one, whose glass was broken, and shredding one for good.

use clap::{Args, Subcommand};
use mooring_casefile::{CaseId, Now};
use mooring_exchange::Access;
use mooring_hq::{Office, Refused, stamp_ms};

use super::{Failure, output};

#[derive(Subcommand)]
pub(super) enum CaseVerb {
    /// Gives a person a case in full, or changes or ends it; their phones hear of it with their next exchange.
    Assign(AssignArguments),
    /// Lists broken glasses: who, which case, when, why, and what a supervisor said.
    Glass,
    /// Destroys a case for good: its key goes, and phones drop it. First says what would be destroyed; with --yes it does it.
    Shred(ShredArguments),
}

#[derive(Args)]
pub(super) struct AssignArguments {
    /// The case's id.
    case: String,
    /// The person's name or id.
    person: String,
    /// In standby: sealed but for name and hazards until the glass is broken.
    #[arg(long, conflicts_with = "end")]
    standby: bool,
    /// No longer.
    #[arg(long)]
    end: bool,
}

#[derive(Args)]
pub(super) struct ShredArguments {
    /// The case's id.
    case: String,
    /// Why. It is kept, so name nobody in it.
    #[arg(long)]
    reason: String,
    /// Destroys it now.
    #[arg(long)]
    yes: bool,
}

pub(super) fn case_verb(office: &Office, verb: CaseVerb, now: Now) -> Result<(), Failure> {
    match verb {
        CaseVerb::Assign(arguments) => assign(office, &arguments, now),
        CaseVerb::Glass => glass(office, now),
        CaseVerb::Shred(arguments) => shred(office, &arguments, now),
    }
}

fn assign(office: &Office, arguments: &AssignArguments, now: Now) -> Result<(), Failure> {
    let case = parse(&arguments.case)?;
    let (access, word) = match (arguments.standby, arguments.end) {
        (true, _) => (Access::Standby, "standby"),
        (_, true) => (Access::Ended, "ended"),
        (false, false) => (Access::Open, "open"),
    };
    let name = office.assign_by_name(case, &arguments.person, access, now)?;
    output::say(&format!("assigned case={case} person={name} access={word}"));
    Ok(())
}

fn glass(office: &Office, now: Now) -> Result<(), Failure> {
    for one in office.broken_glasses(now)? {
        let review = one.review.map_or_else(
            || "not reviewed".to_owned(),
            |review| format!("reviewed by {}: {}", review.by, one_line(&review.word)),
        );
        output::say(&format!(
            "glass case={} by={} at={} reason={} ({review})",
            one.case,
            one.name,
            stamp_ms(one.at_ms),
            one_line(&one.reason)
        ));
    }
    Ok(())
}

fn shred(office: &Office, arguments: &ShredArguments, now: Now) -> Result<(), Failure> {
    let case = parse(&arguments.case)?;
    if !arguments.yes {
        let phones = office.phones_holding(case)?;
        output::say(&format!("would-shred case={case} phones={phones}"));
        return Err(Failure::Usage(
            "Nothing was destroyed. With --yes everything of this case is lost for good, here and on these phones. \
             A backup that holds the ledger's keys holds the case as well: destroy it, too."
                .to_owned(),
        ));
    }
    office.shred(case, &arguments.reason, now)?;
    output::say(&format!("shredded case={case}"));
    Ok(())
}

fn parse(text: &str) -> Result<CaseId, Failure> {
    CaseId::parse(text).map_err(|_| Failure::Refused(Refused::NotFound))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
