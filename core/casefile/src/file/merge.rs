//! Merging runs that came from outside: each is checked by itself, all are rehearsed at once, and only if that fails are they
//! divided until the bad one stands alone.

use automerge::Change;

use super::CaseFile;
use crate::{
    guard::{self, HeldReason, Refusal},
    history::History,
    ids::ChangeId,
    people::Attribution,
    run::{Half, Run},
};

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merge {
    /// Taken in; these changes were new.
    Merged(Vec<ChangeId>),
    /// All of it was known.
    Known,
    /// It depends on changes that are not here yet: keep it and try again when more has arrived.
    Waiting {
        /// The changes that are missing.
        missing: Vec<ChangeId>,
    },
    /// It can't be merged: keep it for a person to look at.
    Held(HeldReason),
}

/// A run with its place among those that were given.
type Numbered<'r> = (usize, &'r Run, &'r Attribution);

impl CaseFile {
    /// Takes in a run whose writer the caller has verified. It passes the guard first; unless it is merged, the case file
    /// stays as it was.
    pub fn merge(&mut self, run: &Run, who: &Attribution) -> Merge {
        let merged = self.merge_half(run.half, vec![(0, run, who)]);
        // One run in, one verdict out.
        merged
            .into_iter()
            .next()
            .map_or(Merge::Known, |(_, merge)| merge)
    }

    /// Takes in all that arrived for this case, in whatever order it came: what waits is tried again once more has gone in.
    /// Says what became of each by its place in `runs`, in the order in which they went in; those that wait come last. A bad
    /// run holds up none of the others but those that build on it.
    pub fn merge_all(&mut self, runs: &[(&Run, Attribution)]) -> Vec<(usize, Merge)> {
        let mut merged = Vec::new();
        for half in Half::BOTH {
            let of_half = runs.iter().enumerate();
            let of_half = of_half.filter(|(_, (run, _))| run.half == half);
            let of_half = of_half.map(|(number, (run, who))| (number, *run, who));
            merged.extend(self.merge_half(half, of_half.collect()));
        }
        merged.sort_by_key(|(_, merge)| matches!(merge, Merge::Waiting { .. }));
        merged
    }

    fn merge_half(&mut self, half: Half, runs: Vec<Numbered<'_>>) -> Vec<(usize, Merge)> {
        let who = self.who.clone();
        let mut staged = Staged::default();
        let mut verdicts = Vec::new();
        let left = self.stage(runs.clone(), &mut staged, &mut verdicts);
        match self.adopt(half, staged) {
            Ok(()) => {
                let wait = |(number, missing)| (number, Merge::Waiting { missing });
                verdicts.extend(left.into_iter().map(wait));
                verdicts
            }
            Err(Unloadable(staged)) => {
                // Whatever was decided meanwhile may rest on the one that is bad.
                self.who = who;
                self.divide(half, runs, &staged)
            }
        }
    }

    /// Checks each run against what was staged before it, until nothing more fits. What is left waits for something.
    fn stage(
        &mut self,
        runs: Vec<Numbered<'_>>,
        staged: &mut Staged,
        verdicts: &mut Vec<(usize, Merge)>,
    ) -> Vec<(usize, Vec<ChangeId>)> {
        let mut runs = runs;
        loop {
            let before = runs.len();
            let (mut still, mut missing) = (Vec::new(), Vec::new());
            for (number, run, who) in runs {
                match self.check_one(run, who, staged) {
                    Ok(new) => {
                        let merge = if new.is_empty() {
                            Merge::Known
                        } else {
                            staged.order.push(number);
                            Merge::Merged(new)
                        };
                        verdicts.push((number, merge));
                    }
                    Err(Refusal::Held(reason)) => verdicts.push((number, Merge::Held(reason))),
                    Err(Refusal::Missing(changes)) => {
                        missing.push((number, changes));
                        still.push((number, run, who));
                    }
                }
            }
            if still.is_empty() || still.len() == before {
                return missing;
            }
            runs = still;
        }
    }

    fn check_one(
        &mut self,
        run: &Run,
        who: &Attribution,
        staged: &mut Staged,
    ) -> Result<Vec<ChangeId>, Refusal> {
        if run.case != self.case {
            return Err(HeldReason::OtherCase.into());
        }
        if !self.is_free_for(run.half, run.actor, who) {
            return Err(HeldReason::ActorTaken.into());
        }
        let history = match &staged.history {
            Some(history) => history,
            None => self.history(run.half),
        };
        let checked = guard::check(history, run, who)?;
        self.attribute(run.half, run.actor, *who);
        let Some(checked) = checked else {
            return Ok(Vec::new());
        };
        staged.history = Some(checked.history);
        staged.changes.extend(checked.changes);
        Ok(checked.new)
    }

    /// Rehearses what was staged and makes it part of the case, if the document survives that.
    fn adopt(&mut self, half: Half, staged: Staged) -> Result<(), Unloadable> {
        let Some(history) = staged.history else {
            return Ok(());
        };
        let file = self.half_mut(half);
        let rehearsed = guard::document::rehearse(&file.doc, &staged.changes, &history.heads());
        match rehearsed {
            Some(doc) => {
                file.doc = doc;
                file.history = history;
                Ok(())
            }
            None => Err(Unloadable(staged.order)),
        }
    }

    /// Something among those that were staged is bad: its verdict, once it stands alone, and those of the others.
    fn divide(
        &mut self,
        half: Half,
        runs: Vec<Numbered<'_>>,
        staged: &[usize],
    ) -> Vec<(usize, Merge)> {
        let place = |number: &usize| staged.iter().position(|staged| staged == number);
        let (mut suspects, others): (Vec<_>, Vec<_>) = runs
            .into_iter()
            .partition(|(number, ..)| place(number).is_some());
        suspects.sort_by_key(|(number, ..)| place(number));
        if let [(number, ..)] = suspects.as_slice() {
            let mut verdicts = vec![(*number, Merge::Held(HeldReason::Unloadable))];
            if !others.is_empty() {
                verdicts.extend(self.merge_half(half, others));
            }
            return verdicts;
        }
        let second = suspects.split_off(suspects.len() / 2);
        let first = self.merge_half(half, suspects.clone());
        let (waiting, mut verdicts): (Vec<_>, Vec<_>) = first
            .into_iter()
            .partition(|(_, merge)| matches!(merge, Merge::Waiting { .. }));
        let waits = |number: usize| waiting.iter().any(|(waiting, _)| *waiting == number);
        let mut rest: Vec<_> = suspects
            .into_iter()
            .filter(|(number, ..)| waits(*number))
            .collect();
        rest.extend(second);
        rest.extend(others);
        verdicts.extend(self.merge_half(half, rest));
        verdicts
    }
}

/// Runs that passed the checks, one on top of the other, before the document has seen them.
#[derive(Default)]
struct Staged {
    /// The history with all of them; none as long as nothing is new.
    history: Option<History>,
    changes: Vec<Change>,
    /// Which runs, in the order in which they went in.
    order: Vec<usize>,
}

/// The document would not survive these runs.
struct Unloadable(Vec<usize>);
