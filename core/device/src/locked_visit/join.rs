//! At unlock: what was captured while the vault was locked becomes the same changes of its cases, and is this person's.

use super::kept;
use crate::case::{OpenCase, row, store};
use crate::device::Open;
use crate::error::{Error, Result};
use crate::vault::from_io;
use crate::vault::sql::actors::{self, Hand};
use crate::vault::sql::{cases, unsent};
use mooring_casefile::{CaseFile, CaseId, Change, Merge, Now, Run};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

impl Open {
    /// Joins every visit that can be joined, and gives how many changes were new. A file goes only once all of it is in the vault; what
    /// can't be joined now is tried again at the next opening.
    pub(crate) fn join_captured(&mut self, now: Now) -> Result<u64> {
        let key = self.vault.recipient_key();
        let mut by_case: BTreeMap<CaseId, Captured> = BTreeMap::new();
        for (path, kept) in kept::all(self.vault.dir())? {
            for run in kept.open(self.vault.id(), &key).into_iter().flatten() {
                let captured = by_case.entry(run.case).or_default();
                captured.runs.push(run);
                if captured.files.last() != Some(&path) {
                    captured.files.push(path.clone());
                }
            }
        }
        let mut joined = 0;
        for (case, captured) in by_case {
            joined += self.join(case, captured, now)?;
        }
        Ok(joined)
    }

    fn join(&mut self, case: CaseId, captured: Captured, now: Now) -> Result<u64> {
        let known = if self.knows(case)? {
            self.take(case)
        } else {
            Ok(OpenCase::new(CaseFile::new(case)))
        };
        let mut open_case = match known {
            Ok(open_case) => open_case,
            // A case that can't be read holds up none of the others.
            Err(Error::CaseDamaged(_) | Error::UpdateApp) => return Ok(0),
            Err(other) => return Err(other),
        };
        let Captured { files, mut runs } = captured;
        let mut new = Vec::new();
        loop {
            let before = runs.len();
            runs.retain(|run| !self.takes(&mut open_case, run, &mut new));
            if runs.len() == before {
                break;
            }
        }
        let count = new.len() as u64;
        if !new.is_empty() {
            self.commit_joined(&mut open_case, &new, now)?;
            self.put_back(open_case);
            self.visit.cases.insert(case);
        }
        if runs.is_empty() {
            for file in files {
                fs::remove_file(file).map_err(|error| from_io(&error))?;
            }
        }
        Ok(count)
    }

    /// Whether the run is in the case now. Through the guard, as everything that was not written in this vault.
    fn takes(&self, case: &mut OpenCase, run: &Run, new: &mut Vec<Change>) -> bool {
        match case.changing().merge(run, &self.me.attribution) {
            Merge::Merged(ids) => {
                let known = run.changes.len().saturating_sub(ids.len());
                let fresh = run.changes.iter().zip(run.first_seq..).skip(known).zip(ids);
                new.extend(fresh.map(|((bytes, seq), id)| Change {
                    id,
                    case: run.case,
                    half: run.half,
                    actor: run.actor,
                    seq,
                    bytes: bytes.clone(),
                }));
                true
            }
            Merge::Known => true,
            Merge::Waiting { .. } | Merge::Held(_) => false,
        }
    }

    fn commit_joined(&mut self, case: &mut OpenCase, new: &[Change], now: Now) -> Result<()> {
        let hand = if self.me.enrolment.is_some() {
            Hand::Of(self.me.attribution)
        } else {
            Hand::Own
        };
        let (file, view) = case.both(&self.shelf);
        let (id, row) = (file.case(), row(view, now));
        self.vault.write(now, |tx| {
            store(tx, file, &row, &new.iter().collect::<Vec<_>>())?;
            for change in new {
                actors::put(tx, change.case, change.half, change.actor, hand)?;
                unsent::put(tx, &unsent::Mark::of(change))?;
            }
            Ok(cases::recount_unsent(tx, id)?)
        })
    }
}

/// What lies captured of one case.
#[derive(Default)]
struct Captured {
    runs: Vec<Run>,
    files: Vec<PathBuf>,
}
