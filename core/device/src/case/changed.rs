//! One transaction for one action: the changes, who wrote them, the unsent marks, the heads and the list's row land together.

use super::{OpenCase, Undo};
use crate::device::Open;
use crate::error::{BadInput, Error, Forbidden, Missing, Result};
use crate::vault::Halt;
use crate::vault::sql::actors::Hand;
use crate::vault::sql::cases::CaseRow;
use crate::vault::sql::unsent::Mark;
use crate::vault::sql::{actors, cases, changes, halves, unsent};
use mooring_casefile::{
    CaseFile, CaseId, CaseView, Change, ChangeId, Edit, EditError, Half, Now, Risk,
};
use rusqlite::Transaction;
use std::fmt;

/// What an action writes, in order, and what it may take back without a word.
pub(crate) struct Plan {
    pub(crate) edits: Vec<Edit>,
    pub(crate) undo: Vec<Undo>,
}

impl From<Vec<Edit>> for Plan {
    fn from(edits: Vec<Edit>) -> Self {
        Self {
            edits,
            undo: Vec::new(),
        }
    }
}

/// What became of a person's action, once it is on disk.
#[derive(Clone, PartialEq, Eq)]
pub struct Saved {
    /// The changes that were written. None where everything stood there already.
    pub changes: Vec<ChangeId>,
    /// What the case comes to now.
    pub risk: Risk,
    /// How many of its changes are on this phone only.
    pub unsent: u64,
}

// What a person said is never printed, and the reasons of a risk quote it.
impl fmt::Debug for Saved {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "Saved {{ changes: {}, unsent: {} }}",
            self.changes.len(),
            self.unsent
        )
    }
}

impl Open {
    /// What a person does in a case that they may read.
    pub(crate) fn change(
        &mut self,
        case: CaseId,
        now: Now,
        plan: impl FnOnce(&mut OpenCase, &mut Self) -> Result<Plan>,
    ) -> Result<Saved> {
        self.may_read(case, now)?;
        self.change_any(case, now, plan)
    }

    /// Plans from the case as it is, applies, commits. Only then is the case in memory the new one.
    pub(crate) fn change_any(
        &mut self,
        case: CaseId,
        now: Now,
        plan: impl FnOnce(&mut OpenCase, &mut Self) -> Result<Plan>,
    ) -> Result<Saved> {
        let mut case = self.take(case)?;
        let plan = match plan(&mut case, self) {
            Ok(plan) => plan,
            Err(error) => {
                self.put_back(case);
                return Err(error);
            }
        };
        let mut written = Vec::with_capacity(plan.edits.len());
        // From here on an error drops the case from memory: the disk has what was acknowledged, and nothing more.
        for edit in &plan.edits {
            self.apply(&mut case, edit, &mut written, now)?;
        }
        if !written.is_empty() {
            let undone: Vec<_> = plan
                .undo
                .iter()
                .filter_map(|undo| undo.edit(case.view(&self.shelf)))
                .collect();
            for edit in &undone {
                self.apply(&mut case, edit, &mut written, now)?;
            }
        }
        self.commit_own(case, &written, now)
    }

    fn apply(
        &self,
        case: &mut OpenCase,
        edit: &Edit,
        written: &mut Vec<Change>,
        now: Now,
    ) -> Result<()> {
        match case.changing().apply(edit, &self.writer(), now) {
            Ok(change) => written.push(change),
            Err(EditError::NothingNew) => {}
            Err(error) => return Err(from_edit(error)),
        }
        Ok(())
    }

    /// Commits changes that this phone made.
    pub(crate) fn commit_own(
        &mut self,
        mut case: OpenCase,
        written: &[Change],
        now: Now,
    ) -> Result<Saved> {
        let id = case.file.case();
        let (file, view) = case.both(&self.shelf);
        let risk = view.risk.clone();
        let unsent = if written.is_empty() {
            self.vault
                .look(|connection| Ok(unsent::count(connection, id)?))?
        } else {
            let hand = if self.me.enrolment.is_some() {
                Hand::Of(self.me.attribution)
            } else {
                Hand::Own
            };
            let row = row(view, now);
            self.vault.write(now, |tx| {
                store(tx, file, &row, &written.iter().collect::<Vec<_>>())?;
                for change in written {
                    actors::put(tx, change.case, change.half, change.actor, hand)?;
                    unsent::put(tx, &Mark::of(change))?;
                }
                cases::recount_unsent(tx, id)?;
                Ok(unsent::count(tx, id)?)
            })?
        };
        self.put_back(case);
        Ok(Saved {
            changes: written.iter().map(|change| change.id).collect(),
            risk,
            unsent,
        })
    }
}

/// Stores new changes of a case, its heads and its row; who wrote them is the caller's to say.
pub(crate) fn store(
    tx: &Transaction<'_>,
    file: &CaseFile,
    row: &CaseRow,
    new: &[&Change],
) -> Result<(), Halt> {
    cases::put(tx, row)?;
    for change in new {
        changes::append(tx, change)?;
    }
    let version = file.version();
    for half in Half::BOTH {
        if new.iter().any(|change| change.half == half) {
            halves::put_heads(tx, file.case(), half, version.heads(half))?;
        }
    }
    Ok(())
}

/// The list's row: what the case comes to now.
pub(crate) fn row(view: &CaseView, now: Now) -> CaseRow {
    let shown = view.risk.shown();
    CaseRow {
        case: view.case,
        title: view.title.clone(),
        level: shown.words().to_owned(),
        level_token: shown.token().to_owned(),
        rank: shown.queue_rank(),
        contested: view.risk.contested,
        unsent: 0,
        created_ms: now.wall_ms,
        updated_ms: now.wall_ms,
        standby: false,
    }
}

/// What the case file would not write, as an app hears it.
pub(crate) const fn from_edit(error: EditError) -> Error {
    match error {
        EditError::NothingNew | EditError::WrongHalf => Error::BadInput(BadInput::Order),
        EditError::NotFound => Error::NotFound(Missing::Record),
        EditError::NotAllowed => Error::Forbidden(Forbidden::NeedsRole),
        EditError::NoReason => Error::BadInput(BadInput::Reason),
        EditError::Malformed => Error::BadInput(BadInput::Stale),
        EditError::TooLong => Error::BadInput(BadInput::Length),
        EditError::ActorTaken => Error::Internal("actor"),
        EditError::Internal => Error::Internal("casefile"),
    }
}
