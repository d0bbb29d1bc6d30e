//! The command line. Only here are time and chance made; everything below takes them as arguments.

mod admin;
mod audit;
mod cases;
mod clock;
mod output;
mod pack;
mod phones;
mod recover;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mooring_hq::{OpenError, Refused, ServeError};
use tracing_subscriber::filter::LevelFilter;

/// Headquarters of Mooring.
#[derive(Parser)]
#[command(name = "mooring-hq", version, about)]
struct Arguments {
    /// The key file that seals HQ's own keys, kept somewhere else than the data folder. At the first start it is made if it is not there.
    #[arg(long, global = true, value_name = "FILE")]
    key_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server. The first start makes keys, a certificate and the first administrator.
    Serve(serve::ServeArguments),
    /// Staff, phones and codes; works while the server runs and when it does not.
    Admin {
        /// The data folder.
        #[arg(long)]
        data: PathBuf,
        #[command(subcommand)]
        verb: admin::AdminVerb,
    },
    /// The audit: who read what. Works while the server runs and when it does not, and writes nothing.
    Audit {
        /// The data folder.
        #[arg(long)]
        data: PathBuf,
        #[command(subcommand)]
        verb: audit::AuditVerb,
    },
    /// One custodian's part of opening a phone whose own keys are lost. Needs no server, no data folder and no network.
    Recover(recover::RecoverArguments),
    /// For the author of an agency's protocols: checks, tries out and signs them. Needs no server and no data folder.
    Pack {
        #[command(subcommand)]
        verb: pack::PackVerb,
    },
}

/// Why the program ended without doing what it was asked.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("{0}")]
    Usage(String),
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(LevelFilter::INFO)
        .with_target(false)
        .init();
    let key_file = arguments.key_file;
    let done = match arguments.command {
        Command::Serve(serve) => serve::serve(&serve, key_file),
        Command::Admin { data, verb } => admin::admin(&data, key_file, verb),
        Command::Audit { data, verb } => return audit::audit(&data, key_file.as_deref(), &verb),
        Command::Recover(arguments) => recover::recover(&arguments),
        Command::Pack { verb } => return pack::pack(&verb, key_file.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}
