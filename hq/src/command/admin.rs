//! `mooring-hq admin`: staff, phones and codes, whether the server runs or not.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use mooring_casefile::{Now, Role, Roles};
use mooring_hq::{NewStaff, Office, OpenError, Setup};
use mooring_identity::os_random;

use super::cases::{CaseVerb, case_verb};
use super::phones::{self, PhoneVerb};
use super::{Failure, clock, output};

#[derive(Subcommand)]
pub(super) enum AdminVerb {
    /// Adds a member of staff and says their password once.
    AddStaff {
        /// The name that they sign in with and that others read.
        name: String,
        /// What they may do; repeat for several.
        #[arg(long = "role", required = true)]
        roles: Vec<RoleName>,
    },
    /// Makes an enrolment code for a person's phone: good once, for fifteen minutes.
    EnrolCode {
        /// The person's name or id.
        #[arg(long)]
        person: String,
        /// Where the phone reaches HQ, as https://HOST:PORT.
        #[arg(long, default_value = "https://127.0.0.1:8443")]
        address: String,
    },
    /// Takes in a protocol: a FHIR R4 Questionnaire, and the triage rules beside it if there are any.
    AddProtocol {
        /// The Questionnaire, JSON.
        questionnaire: PathBuf,
        /// The rules, JSON.
        #[arg(long)]
        rules: Option<PathBuf>,
    },
    /// Makes every case again from the log, through the guard, and compares it with what is shown. Changes nothing.
    Rebuild,
    #[command(flatten)]
    Cases(CaseVerb),
    /// Lists staff and phones, and what came sealed and waits for a person.
    List,
    #[command(flatten)]
    Phone(PhoneVerb),
    /// Takes a person's second factor away and ends their sign-ins: when their phone is lost, and their recovery codes with it.
    ResetSecondFactor {
        /// The person's name or id.
        person: String,
    },
    /// Sets a new password, said once, and ends that person's sign-ins.
    SetPassword {
        /// The person's name or id.
        person: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleName {
    Responder,
    Peer,
    Clinician,
    Psychiatrist,
    Supervisor,
    Dispatcher,
    Analyst,
    Administrator,
}

impl RoleName {
    const fn role(self) -> Role {
        match self {
            Self::Responder => Role::Responder,
            Self::Peer => Role::Peer,
            Self::Clinician => Role::Clinician,
            Self::Psychiatrist => Role::Psychiatrist,
            Self::Supervisor => Role::Supervisor,
            Self::Dispatcher => Role::Dispatcher,
            Self::Analyst => Role::Analyst,
            Self::Administrator => Role::Administrator,
        }
    }
}

pub(super) fn admin(
    data: &Path,
    key_file: Option<PathBuf>,
    verb: AdminVerb,
) -> Result<(), Failure> {
    if !data.join("ledger.db").exists() {
        return Err(Failure::Usage(format!(
            "there is no HQ in {}; `serve` makes one",
            data.display()
        )));
    }
    let now = clock::system_clock()();
    let setup = Setup {
        key_file,
        ..Setup::default()
    };
    let office = Office::open(data, setup, now, Box::new(os_random()))?;
    match verb {
        AdminVerb::AddStaff { name, roles } => add_staff(&office, &name, &roles, now),
        AdminVerb::EnrolCode { person, address } => enrol_code(&office, &person, &address, now),
        AdminVerb::AddProtocol {
            questionnaire,
            rules,
        } => add_protocol(&office, &questionnaire, rules.as_deref(), now),
        AdminVerb::Rebuild => rebuild(&office),
        AdminVerb::Cases(verb) => case_verb(&office, verb, now),
        AdminVerb::List => list(&office),
        AdminVerb::Phone(verb) => phones::phone(&office, verb, now),
        AdminVerb::ResetSecondFactor { person } => {
            let staff = office.find_staff(&person)?;
            office.reset_second_factor(staff.id, now)?;
            output::say(&format!("second-factor name={} none", staff.name));
            Ok(())
        }
        AdminVerb::SetPassword { person } => {
            let staff = office.find_staff(&person)?;
            let password = office.set_password(staff.id, None, now)?;
            output::say(&format!("password name={} password={password}", staff.name));
            Ok(())
        }
    }
}

fn add_staff(office: &Office, name: &str, roles: &[RoleName], now: Now) -> Result<(), Failure> {
    let roles = roles
        .iter()
        .fold(Roles::NONE, |set, name| set.with(name.role()));
    let added = office.add_staff(
        &NewStaff {
            name: name.to_owned(),
            roles,
            password: None,
        },
        now,
    )?;
    output::say(&format!(
        "staff id={} name={name} password={}",
        added.person, added.password
    ));
    Ok(())
}

fn enrol_code(office: &Office, person: &str, address: &str, now: Now) -> Result<(), Failure> {
    let staff = office.find_staff(person)?;
    let code = office.make_code(staff.id, address, now)?;
    output::say(&format!("code {}", code.text));
    Ok(())
}

fn add_protocol(
    office: &Office,
    questionnaire: &Path,
    rules: Option<&Path>,
    now: Now,
) -> Result<(), Failure> {
    let read = |file: &Path| {
        fs::read(file).map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))
    };
    let rules = rules.map(read).transpose()?;
    let protocol = office.add_protocol(&read(questionnaire)?, rules.as_deref(), now)?;
    for warning in protocol.warnings() {
        output::complain(&format!("warning: {warning}"));
    }
    output::say(&format!(
        "protocol hash={} key={}",
        protocol.hash(),
        protocol.key()
    ));
    Ok(())
}

/// A case that differs is a failure of the program, so that a script notices.
fn rebuild(office: &Office) -> Result<(), Failure> {
    let rebuilt = office.rebuild_from_log().map_err(OpenError::Ledger)?;
    output::say(&format!(
        "rebuilt cases={} differ={} unproven={}",
        rebuilt.cases,
        rebuilt.differ.len(),
        rebuilt.unproven.len()
    ));
    if rebuilt.differ.is_empty() && rebuilt.unproven.is_empty() {
        return Ok(());
    }
    for case in &rebuilt.differ {
        output::complain(&format!("case {case} does not come to what is shown"));
    }
    for unproven in &rebuilt.unproven {
        output::complain(&unproven.words());
    }
    Err(Failure::Usage(
        "some cases differ from their log, or the log from what was signed; nothing was changed"
            .to_owned(),
    ))
}

fn list(office: &Office) -> Result<(), Failure> {
    for member in office.staff()? {
        output::say(&format!(
            "staff id={} name={} roles={}",
            member.id,
            member.name,
            member.roles.words()
        ));
    }
    phones::list(office)
}
