//! `mooring-hq pack`: ends with 0 where all is well, 1 where there are faults, 2 where it was called wrongly.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use clap::{Args, Subcommand, ValueEnum};
use mooring_hq::pack::{
    Asked, Checked, LARGEST_PACK, NotBuilt, Signer, build, check_files, check_folder, run, show,
    verify,
};
use mooring_protocol::Protocol;

use super::{clock, output};

#[derive(Subcommand)]
pub(super) enum PackVerb {
    /// Lists every fault and every warning of a Questionnaire, or of a folder with protocols.
    Check(CheckArguments),
    /// Shows what the engine makes of a response: what applies, totals, levels with their reasons, faults.
    Run(RunArguments),
    /// Walks a Questionnaire in the terminal, a step at a time, as a responder would see it.
    Show(ShowArguments),
    /// Makes a signed pack of a folder without faults.
    Build(BuildArguments),
    /// Checks a signed pack: every signature, every hash, every protocol.
    Verify(VerifyArguments),
}

#[derive(Args)]
pub(super) struct ShowArguments {
    /// A FHIR R4 Questionnaire.
    questionnaire: PathBuf,
    /// The triage rules of that Questionnaire.
    #[arg(long)]
    triage: Option<PathBuf>,
    /// The language to show.
    #[arg(long, default_value = "en")]
    lang: String,
}

#[derive(Args)]
pub(super) struct BuildArguments {
    /// The folder.
    folder: PathBuf,
    /// HQ's online key, as DATA/keys/online.key; the root's statements are read beside it.
    #[arg(long)]
    key: PathBuf,
    /// Where to write the pack; nothing is overwritten.
    #[arg(short, long = "output")]
    output: PathBuf,
    /// Which pack of this agency it is: grows with each that replaces another.
    #[arg(long, default_value_t = 1)]
    serial: u64,
}

#[derive(Args)]
pub(super) struct VerifyArguments {
    /// The pack.
    file: PathBuf,
    /// The agency's fingerprint, 64 hexadecimal digits: a pack of any other agency is refused.
    #[arg(long)]
    agency: Option<String>,
}

#[derive(Args)]
pub(super) struct CheckArguments {
    /// A FHIR R4 Questionnaire, or a folder of NAME.questionnaire.json with NAME.rules.json.
    path: PathBuf,
    /// The triage rules of that Questionnaire.
    #[arg(long)]
    triage: Option<PathBuf>,
    /// For programs.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct RunArguments {
    /// A FHIR R4 Questionnaire.
    questionnaire: PathBuf,
    /// A FHIR R4 response to a Questionnaire; without one, nothing is answered.
    #[arg(long)]
    response: Option<PathBuf>,
    /// The triage rules of that Questionnaire.
    #[arg(long)]
    triage: Option<PathBuf>,
    /// The language to show.
    #[arg(long)]
    lang: Option<String>,
    /// Whether the person is under age; where it is not said, as the answers say.
    #[arg(long)]
    minor: Option<YesOrNo>,
    /// When the answers are read, for what an expression works out of today's date, as 2026-03-01T14:05:00Z [default: now].
    #[arg(long)]
    at: Option<DateTime<FixedOffset>>,
    /// For programs.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum, PartialEq, Eq)]
pub(super) enum YesOrNo {
    Yes,
    No,
}

/// How a command ended.
enum End {
    Well,
    WithFaults,
    CalledWrongly(String),
}

pub(super) fn pack(verb: &PackVerb, key_file: Option<&Path>) -> ExitCode {
    let end = match verb {
        PackVerb::Check(arguments) => check(arguments),
        PackVerb::Run(arguments) => try_out(arguments),
        PackVerb::Show(arguments) => walk(arguments),
        PackVerb::Build(arguments) => make(arguments, key_file),
        PackVerb::Verify(arguments) => verify_file(arguments),
    };
    match end.unwrap_or_else(End::CalledWrongly) {
        End::Well => ExitCode::SUCCESS,
        End::WithFaults => ExitCode::from(1),
        End::CalledWrongly(why) => {
            output::complain(&why);
            ExitCode::from(2)
        }
    }
}

fn check(arguments: &CheckArguments) -> Result<End, String> {
    let path = &arguments.path;
    let checked: Checked = if path.is_dir() {
        if arguments.triage.is_some() {
            return Err("in a folder, rules stand beside their Questionnaire".to_owned());
        }
        check_folder(path).map_err(|error| format!("{}: {error}", path.display()))?
    } else {
        let rules = read_optional(arguments.triage.as_deref())?;
        check_files(&path.display().to_string(), &read(path)?, rules.as_deref())
    };
    if arguments.json {
        output::say(&format!("{:#}", checked.to_json()));
    } else {
        output::say(&checked.lines().join("\n"));
    }
    Ok(end(checked.faults.is_empty()))
}

fn try_out(arguments: &RunArguments) -> Result<End, String> {
    let questionnaire = read(&arguments.questionnaire)?;
    let rules = read_optional(arguments.triage.as_deref())?;
    let response = read_optional(arguments.response.as_deref())?;
    let at = match arguments.at {
        Some(at) => Some(at.fixed_offset()),
        None => DateTime::from_timestamp_millis(clock::system_clock()().wall_ms)
            .map(|now| now.fixed_offset()),
    };
    let at = at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let ran = run(Asked {
        questionnaire: &questionnaire,
        rules: rules.as_deref(),
        response: response.as_deref(),
        language: arguments.lang.as_deref(),
        minor: arguments.minor.map(|minor| minor == YesOrNo::Yes),
        at: at.as_deref(),
    });
    let ran = match ran {
        Ok(ran) => ran,
        Err(refusal) => {
            let text = if arguments.json {
                format!("{:#}", refusal.to_json())
            } else {
                refusal.to_string()
            };
            output::say(&text);
            return Ok(End::WithFaults);
        }
    };
    if arguments.json {
        output::say(&format!("{:#}", ran.to_json()));
    } else {
        output::say(&ran.lines().join("\n"));
    }
    Ok(end(ran.faults().is_empty()))
}

fn walk(arguments: &ShowArguments) -> Result<End, String> {
    let questionnaire = read(&arguments.questionnaire)?;
    let rules = read_optional(arguments.triage.as_deref())?;
    let protocol = match Protocol::parse(&questionnaire, rules.as_deref()) {
        Ok(protocol) => protocol,
        Err(faults) => {
            output::say(&faults.to_string());
            return Ok(End::WithFaults);
        }
    };
    let mut input = std::io::stdin().lock();
    let mut out = std::io::stdout().lock();
    show(&protocol, &arguments.lang, &mut input, &mut out).map_err(|error| error.to_string())?;
    Ok(End::Well)
}

fn make(arguments: &BuildArguments, key_file: Option<&Path>) -> Result<End, String> {
    let signer = Signer::open(&arguments.key, key_file).map_err(|error| error.to_string())?;
    let now = clock::system_clock()();
    let pack = match build(&arguments.folder, &signer, arguments.serial, now.wall_ms) {
        Ok(pack) => pack,
        Err(NotBuilt::Faults(checked)) => {
            output::say(&checked.lines().join("\n"));
            return Ok(End::WithFaults);
        }
        Err(error @ (NotBuilt::Folder(_) | NotBuilt::TooLarge)) => return Err(error.to_string()),
    };
    let file = &arguments.output;
    let unwritten = |error| format!("{}: {error}", file.display());
    let mut out = fs::File::create_new(file).map_err(unwritten)?;
    out.write_all(&pack).map_err(unwritten)?;
    out.sync_all().map_err(unwritten)?;
    output::say(&format!("pack {} bytes={}", file.display(), pack.len()));
    Ok(End::Well)
}

fn verify_file(arguments: &VerifyArguments) -> Result<End, String> {
    let file = &arguments.file;
    let size = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    if size.len() > LARGEST_PACK {
        return Err(format!("{} is larger than a pack may be", file.display()));
    }
    let verified = match verify(&read(file)?) {
        Ok(verified) => verified,
        Err(error) => {
            output::say(&format!("not believed: {error}"));
            return Ok(End::WithFaults);
        }
    };
    let agency = verified.agency.to_string();
    let wanted = arguments.agency.as_deref();
    if wanted.is_some_and(|wanted| !wanted.eq_ignore_ascii_case(&agency)) {
        output::say(&format!("not believed: it is of another agency, {agency}"));
        return Ok(End::WithFaults);
    }
    output::say(&format!(
        "agency {agency} ({})\nserial {}\nmade_ms {}",
        verified.agency_name, verified.serial, verified.made_ms
    ));
    if wanted.is_none() {
        output::say(
            "compare that fingerprint with the one that the agency gave you, or name it with --agency",
        );
    }
    for (name, bytes) in &verified.files {
        output::say(&format!("file {name} {bytes}"));
    }
    output::say(&verified.checked.lines().join("\n"));
    Ok(end(verified.checked.faults.is_empty()))
}

const fn end(is_well: bool) -> End {
    if is_well { End::Well } else { End::WithFaults }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn read_optional(file: Option<&Path>) -> Result<Option<Vec<u8>>, String> {
    file.map(read).transpose()
}
