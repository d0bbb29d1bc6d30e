//! `mooring-hq pack`: ends with 0 where all is well, 1 where there are faults, 2 where it was called wrongly.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use mooring_hq::pack::{Asked, Checked, check_files, check_folder, run};

use super::output;

#[derive(Subcommand)]
pub(super) enum PackVerb {
    /// Lists every fault and every warning of a Questionnaire, or of a folder with protocols.
    Check(CheckArguments),
    /// Shows what the engine makes of a response: what applies, totals, levels with their reasons, faults.
    Run(RunArguments),
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
    /// A FHIR R4 QuestionnaireResponse; without one, nothing is answered.
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

pub(super) fn pack(verb: &PackVerb) -> ExitCode {
    let end = match verb {
        PackVerb::Check(arguments) => check(arguments),
        PackVerb::Run(arguments) => try_out(arguments),
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
    let ran = run(Asked {
        questionnaire: &questionnaire,
        rules: rules.as_deref(),
        response: response.as_deref(),
        language: arguments.lang.as_deref(),
        minor: arguments.minor.map(|minor| minor == YesOrNo::Yes),
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

const fn end(is_well: bool) -> End {
    if is_well { End::Well } else { End::WithFaults }
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}

fn read_optional(file: Option<&Path>) -> Result<Option<Vec<u8>>, String> {
    file.map(read).transpose()
}
