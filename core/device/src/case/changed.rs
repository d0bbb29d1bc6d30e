//! One transaction for one action: the changes, who wrote them, the unsent marks, the heads and the list's row land together.

use crate::device::Open;
use crate::error::{BadInput, Error, Forbidden, Missing, Result};
use crate::vault::Halt;
use crate::vault::sql::actors::Hand;
use crate::vault::sql::cases::CaseRow;
use crate::vault::sql::unsent::Mark;
use crate::vault::sql::{actors, cases, changes, halves, unsent};
use mooring_casefile::{CaseFile, CaseId, Change, ChangeId, Edit, EditError, Half, Now, Risk};
use rusqlite::Transaction;

/// What became of a person's action, once it is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The changes that were written. None where everything stood there already.
    pub changes: Vec<ChangeId>,
    /// What the case comes to now.
    pub risk: Risk,
    /// How many of its changes are on this phone only.
    pub unsent: u64,
}

impl Open {
    /// Plans from the case as it is, applies, commits. Only then is the case in memory the new one.
    pub(crate) fn change(
        &mut self,
        case: CaseId,
        now: Now,
        plan: impl FnOnce(&CaseFile, &mut Self) -> Result<Vec<Edit>>,
    ) -> Result<Saved> {
        let mut file = self.take(case)?;
        let edits = match plan(&file, self) {
            Ok(edits) => edits,
            Err(error) => {
                self.put_back(file);
                return Err(error);
            }
        };
        let mut written = Vec::with_capacity(edits.len());
        for edit in &edits {
            // From here on an error drops the case from memory: the disk has what was acknowledged, and nothing more.
            match file.apply(edit, &self.writer(), now) {
                Ok(change) => written.push(change),
                Err(EditError::NothingNew) => {}
                Err(error) => return Err(from_edit(error)),
            }
        }
        self.commit_own(file, written, now)
    }

    /// Commits changes that this phone made.
    pub(crate) fn commit_own(
        &mut self,
        file: CaseFile,
        written: Vec<Change>,
        now: Now,
    ) -> Result<Saved> {
        let hand = if self.me.enrolment.is_some() {
            Hand::Of(self.me.attribution)
        } else {
            Hand::Own
        };
        let risk = file.risk(&self.shelf);
        let row = row(&file, &risk, now);
        let unsent = self.vault.write(now, |tx| {
            store(tx, &file, &row, &written.iter().collect::<Vec<_>>())?;
            for change in &written {
                actors::put(tx, change.case, change.half, change.actor, hand)?;
                unsent::put(tx, &Mark::of(change))?;
            }
            cases::recount_unsent(tx, file.case())?;
            Ok(unsent::count(tx, file.case())?)
        })?;
        self.put_back(file);
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

/// The list's row: what the case file says now.
pub(crate) fn row(file: &CaseFile, risk: &Risk, now: Now) -> CaseRow {
    let shown = risk.shown();
    CaseRow {
        case: file.case(),
        title: file.title(),
        level: shown.words().to_owned(),
        level_token: shown.token().to_owned(),
        rank: shown.queue_rank(),
        contested: risk.contested,
        unsent: 0,
        created_ms: now.wall_ms,
        updated_ms: now.wall_ms,
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
