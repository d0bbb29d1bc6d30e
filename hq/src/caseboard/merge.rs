//! Every run that arrived goes through the guard; what became of it is on disk before the board shows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use mooring_casefile::{Attribution, CaseFile, CaseId, Merge, Now, Run};

use super::load::attribution;
use super::{Board, LoadError};
use crate::ledger::{Decision, Entry, Fate, LedgerError, Moves, RunRow, SHREDDED};
use crate::office::Office;

impl Board {
    /// Takes in what arrived for these cases and was not decided yet. All of it is one transaction: a backlog of many cases
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
        let gone = office.shredded_cases()?;
        for case in cases.difference(&self.damaged) {
            let rows = office.ledger.undecided(*case)?;
            if gone.contains(case) {
                moves.decisions.extend(rows.iter().map(came_too_late));
                continue;
            }
            let before = self.file(*case);
            let mut file = before
                .as_ref()
                .map_or_else(|| CaseFile::new(*case), |file| file.as_ref().clone());
            moves.decisions.extend(decide(office, &mut file, &rows)?);
            moves.decisions.extend(vouched_for(office, &file, *case)?);
            let team = office.team_moves(before.as_deref(), &file, now)?;
            moves.assignments.extend(team.assignments);
            moves.holders.extend(team.holders);
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

/// What becomes of each run, in the order in which they went in.
fn decide(
    office: &Office,
    file: &mut CaseFile,
    rows: &[RunRow],
) -> Result<Vec<Decision>, LedgerError> {
    let (mut decisions, mut read) = (Vec::new(), Vec::new());
    for row in rows {
        match office.open_run(&row.run) {
            Ok(run) => read.push((row, run)),
            Err(crate::office::UNREADABLE) => {
                tracing::error!(code = "run-unreadable", run = row.id, case = %row.run.case);
                decisions.push(decision(row, Fate::Held("unreadable".into()), Entry::None));
            }
            Err(error) => return Err(error),
        }
    }
    let runs: Vec<_> = read
        .iter()
        .map(|(row, run)| (run, attribution(row)))
        .collect();
    for (number, merge) in file.merge_all(&runs) {
        if let Some((row, _)) = read.get(number) {
            decisions.extend(one(row, &merge));
        }
    }
    Ok(decisions)
}

/// Of a shredded case nothing is taken in again.
fn came_too_late(row: &RunRow) -> Decision {
    tracing::warn!(code = SHREDDED, run = row.id, case = %row.run.case, device = %row.run.device, "held");
    decision(row, Fate::Held(SHREDDED.into()), Entry::None)
}

/// Runs that nobody vouched for, and that are in the case by now because the same changes came signed: nothing of them is held any more.
fn vouched_for(
    office: &Office,
    file: &CaseFile,
    case: CaseId,
) -> Result<Vec<Decision>, LedgerError> {
    let mut decisions = Vec::new();
    for row in office.ledger.unvouched(case)? {
        match office.open_run(&row.run) {
            Ok(run) if has_all(file, &run, &attribution(&row)) => {
                decisions.push(decision(&row, Fate::Merged, Entry::None));
            }
            Ok(_) | Err(crate::office::UNREADABLE) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(decisions)
}

/// Whether every change of a run is in the case.
pub(crate) fn has_all(file: &CaseFile, run: &Run, who: &Attribution) -> bool {
    let marks = file.marks(run.half);
    let reached = marks
        .get(&run.actor)
        .is_some_and(|(seq, _)| *seq >= run.last_seq);
    reached && file.clone().merge(run, who) == Merge::Known
}

const fn decision(row: &RunRow, fate: Fate, entry: Entry) -> Decision {
    Decision {
        run: row.id,
        fate,
        entry,
    }
}

/// What is written down of one run; nothing where it goes on waiting.
fn one(row: &RunRow, merge: &Merge) -> Option<Decision> {
    match merge {
        Merge::Merged(_) => Some(decision(row, Fate::Merged, Entry::Feed)),
        Merge::Known => Some(decision(row, Fate::Merged, Entry::None)),
        Merge::Waiting { .. } if row.fate == Fate::Waiting => None,
        Merge::Waiting { .. } => Some(decision(row, Fate::Waiting, Entry::None)),
        Merge::Held(reason) => {
            tracing::warn!(code = reason.code(), run = row.id, case = %row.run.case, device = %row.run.device, "held");
            let fate = Fate::Held(reason.code().to_owned());
            Some(decision(row, fate, Entry::None))
        }
    }
}
