//! Running the ladder: what is due is claimed on disk first, so that a rung runs once, whoever ticks.

use mooring_casefile::{CaseId, Now};

use super::Board;
use super::deadline::DueRung;
use crate::ledger::{Alert, AlertOutcome, LedgerError};
use crate::office::Office;

/// A command to be run because nobody opened a case in time. It carries ids and a level, never what a person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summons {
    /// The command and its arguments, as configured.
    pub command: Vec<String>,
    /// What it is told, as environment variables.
    pub environment: Vec<(&'static str, String)>,
    alert: Alert,
}

impl Summons {
    /// Which case.
    pub fn case(&self) -> CaseId {
        self.alert.case
    }

    /// Which rung, from 0.
    pub fn rung(&self) -> u32 {
        self.alert.rung
    }
}

impl Board {
    /// Claims what is due and says what to run. A rung that was claimed before `started_ms` and never ended was cut off
    /// with the process that ran it: it runs again, for a missed alert is worse than a second one.
    pub(crate) fn tick(
        &self,
        office: &Office,
        started_ms: i64,
        now: Now,
    ) -> Result<Vec<Summons>, LedgerError> {
        let ladder = &office.setup.alert_ladder;
        let length = u32::try_from(ladder.len()).unwrap_or(u32::MAX);
        let mut summons = Vec::new();
        for due in self
            .watches()
            .flat_map(|watch| watch.due_rungs(length, now.wall_ms))
        {
            if let Some(alert) = claim(office, &due, started_ms, now)? {
                let command = usize::try_from(due.rung)
                    .ok()
                    .and_then(|rung| ladder.get(rung))
                    .cloned();
                summons.push(Summons {
                    command: command.unwrap_or_default(),
                    environment: environment(&due),
                    alert,
                });
            }
        }
        Ok(summons)
    }
}

fn claim(
    office: &Office,
    due: &DueRung,
    started_ms: i64,
    now: Now,
) -> Result<Option<Alert>, LedgerError> {
    let alert = Alert {
        case: due.case,
        since_ms: due.since_ms,
        rung: due.rung,
        level: due.level.token().to_owned(),
        claimed_ms: now.wall_ms,
        outcome: None,
    };
    if office.ledger.claim_rung(&alert)? {
        return Ok(Some(alert));
    }
    let same = |row: &Alert| (row.since_ms, row.rung) == (due.since_ms, due.rung);
    let cut_off = |row: &Alert| row.outcome.is_none() && row.claimed_ms < started_ms;
    let found = office.ledger.alerts(due.case)?.into_iter().find(same);
    match found.filter(cut_off) {
        Some(row) if office.ledger.claim_again(&row, now.wall_ms)? => Ok(Some(alert)),
        Some(_) | None => Ok(None),
    }
}

fn environment(due: &DueRung) -> Vec<(&'static str, String)> {
    vec![
        ("MOORING_CASE", due.case.to_string()),
        ("MOORING_LEVEL", due.level.token().to_owned()),
        ("MOORING_RUNG", due.rung.to_string()),
        ("MOORING_WAITING_SINCE_MS", due.since_ms.to_string()),
    ]
}

impl Office {
    /// Writes down how a summons ended.
    pub fn summons_ended(
        &self,
        summons: &Summons,
        outcome: AlertOutcome,
    ) -> Result<(), LedgerError> {
        self.ledger.note_alert(&summons.alert, outcome)
    }
}
