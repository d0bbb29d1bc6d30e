//! Merging a run that came from outside.

use super::CaseFile;
use crate::{
    guard::{self, HeldReason, Refusal},
    ids::ChangeId,
    people::Attribution,
    run::Run,
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

impl CaseFile {
    /// Takes in a run whose writer the caller has verified. It passes the guard first; unless it is merged, the case file
    /// stays as it was.
    pub fn merge(&mut self, run: &Run, who: &Attribution) -> Merge {
        match self.try_merge(run, who) {
            Ok(new) if new.is_empty() => Merge::Known,
            Ok(new) => Merge::Merged(new),
            Err(Refusal::Missing(missing)) => Merge::Waiting { missing },
            Err(Refusal::Held(reason)) => Merge::Held(reason),
        }
    }

    fn try_merge(&mut self, run: &Run, who: &Attribution) -> Result<Vec<ChangeId>, Refusal> {
        if run.case != self.case {
            return Err(HeldReason::OtherCase.into());
        }
        if !self.is_free_for(run.half, run.actor, who) {
            return Err(HeldReason::ActorTaken.into());
        }
        let half = self.half(run.half);
        let accepted = guard::take_in(&half.doc, &half.history, run, who)?;
        self.attribute(run.half, run.actor, *who);
        let Some(accepted) = accepted else {
            return Ok(Vec::new());
        };
        let half = self.half_mut(run.half);
        half.doc = accepted.doc;
        half.history = accepted.history;
        Ok(accepted.new)
    }
}
