//! Every run that arrived goes through the guard; what became of it is on disk before the board shows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use mooring_casefile::{CaseFile, CaseId, Merge, Now};

use super::load::attribution;
use super::{Board, LoadError};
use crate::ledger::{Decision, Entry, Fate, LedgerError, Moves, RunRow};
use crate::office::Office;

impl Board {
    /// Takes in what arrived for these cases and was not decided yet. Runs are tried again and again until nothing more
    /// fits, because a run that waited may fit once another is in. All of it is one transaction: a backlog of many cases
    /// does not wait for the disk case by case.
    pub(crate) fn take_in(
        &mut self,
        office: &Office,
        cases: &BTreeSet<CaseId>,
        now: Now,
    ) -> Result<(), LoadError> {
        self.refresh_shelves(office)?;
        let mut moves = Moves::default();
        let mut files = Vec::new();
        for case in cases.difference(&self.damaged) {
            let rows = office.ledger.undecided(*case)?;
            let mut file = self
                .file(*case)
                .map_or_else(|| CaseFile::new(*case), |file| file.as_ref().clone());
            moves.decisions.extend(decide(office, &mut file, &rows)?);
            moves
                .assignments
                .extend(office.missing_assignments(*case, now)?);
            files.push((*case, file));
        }
        office.ledger.decide(&moves, now.wall_ms)?;
        for (case, file) in files {
            self.put(case, Arc::new(file));
            if let Err(error) = self.survey(office, case) {
                // What arrived is merged and on disk; the queue shows the case as it was before.
                tracing::error!(code = "survey", %case, %error);
            }
        }
        Ok(())
    }
}

fn decide(
    office: &Office,
    file: &mut CaseFile,
    rows: &[RunRow],
) -> Result<Vec<Decision>, LedgerError> {
    let mut decisions = Vec::new();
    let mut waiting: Vec<&RunRow> = rows.iter().collect();
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        for row in waiting {
            match one(office, file, row)? {
                Some(decision) => decisions.push(decision),
                None => still.push(row),
            }
        }
        waiting = still;
        if waiting.len() == before {
            break;
        }
    }
    let wait = |row: &&RunRow| Decision {
        run: row.id,
        fate: Fate::Waiting,
        entry: Entry::None,
    };
    decisions.extend(
        waiting
            .iter()
            .filter(|row| row.fate != Fate::Waiting)
            .map(wait),
    );
    Ok(decisions)
}

/// What becomes of one run; `None` if it has to wait.
fn one(
    office: &Office,
    file: &mut CaseFile,
    row: &RunRow,
) -> Result<Option<Decision>, LedgerError> {
    let decision = |fate, entry| {
        Some(Decision {
            run: row.id,
            fate,
            entry,
        })
    };
    let run = match office.open_run(&row.run) {
        Ok(run) => run,
        Err(crate::office::UNREADABLE) => {
            tracing::error!(code = "run-unreadable", run = row.id, case = %row.run.case);
            return Ok(decision(Fate::Held("unreadable".into()), Entry::None));
        }
        Err(error) => return Err(error),
    };
    Ok(match file.merge(&run, &attribution(row)) {
        Merge::Merged(_) => decision(Fate::Merged, Entry::Feed),
        Merge::Known => decision(Fate::Merged, Entry::None),
        Merge::Waiting { .. } => None,
        Merge::Held(reason) => {
            tracing::warn!(code = reason.code(), run = row.id, case = %row.run.case, device = %row.run.device, "held");
            decision(Fate::Held(reason.code().to_owned()), Entry::None)
        }
    })
}
