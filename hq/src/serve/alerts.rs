//! Running the alert ladder's commands, and ticking.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::caseboard::Summons;
use crate::clock::Clock;
use crate::headquarters::Headquarters;
use crate::ledger::AlertOutcome;

/// How often deadlines are looked at.
const EVERY: Duration = Duration::from_secs(2);
/// A command that takes longer is stopped and counts as failed; the next rung comes anyway.
const COMMAND_WITHIN: Duration = Duration::from_mins(1);

/// Ticks until it is dropped.
pub(super) async fn tick(hq: Arc<Headquarters>, clock: Clock) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        let (desk, now) = (Arc::clone(&hq), clock());
        let Ok(Ok(due)) = spawn_blocking(move || desk.tick(now)).await else {
            tracing::error!(code = "tick");
            continue;
        };
        for summons in due {
            tokio::spawn(run(Arc::clone(&hq), summons));
        }
    }
}

async fn run(hq: Arc<Headquarters>, summons: Summons) {
    let outcome = match timeout(COMMAND_WITHIN, call(&summons)).await {
        Ok(Some(true)) => AlertOutcome::Done,
        Ok(Some(false) | None) | Err(_) => AlertOutcome::Failed,
    };
    tracing::warn!(code = "alert", case = %summons.case(), rung = summons.rung(), ?outcome, "nobody opened it in time");
    let kept = spawn_blocking(move || hq.summons_ended(&summons, outcome)).await;
    if !matches!(kept, Ok(Ok(()))) {
        tracing::error!(code = "alert-not-noted");
    }
}

/// Whether the command exited 0; none if it could not be started. It inherits nothing that it could read or print.
async fn call(summons: &Summons) -> Option<bool> {
    let (program, arguments) = summons.command.split_first()?;
    let status = Command::new(program)
        .args(arguments)
        .envs(
            summons
                .environment
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await;
    status.ok().map(|status| status.success())
}
