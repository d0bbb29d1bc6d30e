//! `mooring-hq serve`.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use mooring_hq::{
    Clock, FirstStart, Headquarters, KEYS_NOTICE, Listening, OpenError, Options, OwnCertificate,
    SecondFactorRule, Setup, Standby, Stop, serve as listen,
};
use mooring_identity::os_random;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::broadcast::error::RecvError;

use super::{Failure, clock, output};

const HOUR_MS: u64 = 60 * 60_000;

#[derive(Args)]
pub(super) struct ServeArguments {
    /// The data folder; made if there is none.
    #[arg(long)]
    data: PathBuf,
    /// Where phones reach HQ, over TLS.
    #[arg(long)]
    listen: SocketAddr,
    /// Where the review pages are: plain HTTP on this machine, unless a certificate is given.
    #[arg(long, default_value = "127.0.0.1:0")]
    review: SocketAddr,
    /// A host name or address that phones reach HQ by; repeat for several.
    #[arg(long = "name", value_name = "HOST")]
    names: Vec<String>,
    /// What people call the agency; read at the first start only.
    #[arg(long, default_value = "Mooring")]
    agency: String,
    /// A rung of the alert ladder: a command and its arguments, split at spaces; repeat for the next rung.
    #[arg(long = "alert-command", value_name = "COMMAND")]
    alert_commands: Vec<String>,
    /// The review pages' certificate, PEM.
    #[arg(long, requires = "review_key")]
    review_certificate: Option<PathBuf>,
    /// Its private key, PEM.
    #[arg(long, requires = "review_certificate")]
    review_key: Option<PathBuf>,
    /// Which cases phones get that nobody gave them: all that are under way, sealed until the glass is broken, or none.
    #[arg(long, value_enum, default_value = "all")]
    standby: StandbyName,
    /// For how many days phones keep a closed case.
    #[arg(long, default_value_t = 14)]
    keep_closed_days: u32,
    /// How many hours a phone may read without hearing from HQ.
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u64).range(1..=8760))]
    lease_hours: u64,
    /// Lets nobody who may read cases do anything before they have a second factor.
    #[arg(long)]
    require_second_factor: bool,
    /// Says every change of a case as a line of JSON on stdout: its id, no content.
    #[arg(long)]
    json_events: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum StandbyName {
    All,
    None,
}

impl StandbyName {
    const fn standby(self) -> Standby {
        match self {
            Self::All => Standby::All,
            Self::None => Standby::None,
        }
    }
}

const DAY_MS: i64 = 24 * 60 * 60_000;

pub(super) fn serve(arguments: &ServeArguments, key_file: Option<PathBuf>) -> Result<(), Failure> {
    let is_sealed = key_file.is_some();
    let clock = clock::system_clock();
    let setup = Setup {
        agency: arguments.agency.clone(),
        key_file,
        second_factor: if arguments.require_second_factor {
            SecondFactorRule::WhoeverReadsCases
        } else {
            SecondFactorRule::WhoeverSetOneUp
        },
        alert_ladder: arguments
            .alert_commands
            .iter()
            .map(|command| split(command))
            .collect(),
        standby: arguments.standby.standby(),
        keep_closed_ms: i64::from(arguments.keep_closed_days) * DAY_MS,
        lease_ms: arguments.lease_hours * HOUR_MS,
        ..Setup::default()
    };
    let hq = Headquarters::open_as(&arguments.data, setup, clock(), Box::new(os_random()))?;
    if !is_sealed {
        output::complain(KEYS_NOTICE);
    }
    if !hq.has_sealing_keys() {
        output::complain(
            "This data folder has no keys for phones to seal to: they keep what HQ lacks to themselves, and nobody can open a phone \
             whose keys are lost. `mooring-hq admin seal-keys --root-key FILE` makes them.",
        );
    }
    if let Some(first) = hq.first_start() {
        say_first_start(first);
    }
    let runtime =
        tokio::runtime::Runtime::new().map_err(|error| Failure::Usage(error.to_string()))?;
    let hq = Arc::new(hq);
    let ran = runtime.block_on(run(Arc::clone(&hq), arguments, Arc::clone(&clock)));
    hq.sign_audit_now(clock()).map_err(OpenError::Ledger)?;
    ran
}

async fn run(
    hq: Arc<Headquarters>,
    arguments: &ServeArguments,
    clock: Clock,
) -> Result<(), Failure> {
    let own = arguments
        .review_certificate
        .clone()
        .zip(arguments.review_key.clone());
    let options = Options {
        device: arguments.listen,
        review: arguments.review,
        names: arguments.names.clone(),
        review_certificate: own.map(|(certificate, key)| OwnCertificate { certificate, key }),
    };
    let scheme = if options.review_certificate.is_some() {
        "https"
    } else {
        "http"
    };
    // Before anyone is told that HQ is ready: from then on it ends in order.
    let no_signals = |error: io::Error| Failure::Usage(error.to_string());
    let terminate = signal(SignalKind::terminate()).map_err(no_signals)?;
    let interrupt = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let listening = listen(Arc::clone(&hq), options, clock).await?;
    let Listening { device, review, .. } = &listening;
    output::say(&format!(
        "ready device=https://{device} review={scheme}://{review}"
    ));
    tokio::spawn(stop_on_signal(listening.stop.clone(), terminate, interrupt));
    if arguments.json_events {
        tokio::spawn(say_events(Arc::clone(&hq)));
    }
    listening.ended().await;
    Ok(())
}

fn split(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

fn say_first_start(first: &FirstStart) {
    if let Some(exported) = &first.exported {
        output::complain(&format!(
            "The agency's root private key is in {}. Take it offline now: copy it to a safe place and delete it here.",
            exported.root.display()
        ));
        output::complain(&custodians(&exported.custodians));
    }
    output::complain("This password is shown once and kept nowhere:");
    output::say(&format!(
        "first-administrator name={} password={}",
        first.administrator, first.password
    ));
}

/// What is to be done with the custodians' keys.
pub(super) fn custodians([first, second]: &[PathBuf; 2]) -> String {
    format!(
        "The keys that only together open a phone whose own are lost are in {} and {}. Give each to another person, who takes it \
         offline, and delete both here.",
        first.display(),
        second.display()
    )
}

async fn stop_on_signal(stop: Stop, mut terminate: Signal, mut interrupt: Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: no more requests, those under way end");
    stop.now();
}

async fn say_events(hq: Arc<Headquarters>) {
    let mut live = hq.live();
    loop {
        match live.recv().await {
            Ok(event) => output::say(&format!(
                "{{\"event\":\"case\",\"case\":\"{}\"}}",
                event.case
            )),
            Err(RecvError::Lagged(missed)) => {
                output::say(&format!("{{\"event\":\"missed\",\"count\":{missed}}}"));
            }
            Err(RecvError::Closed) => return,
        }
    }
}
