//! What an edit must fulfil before it is written: known things, reasons, and a person who may.

use super::{CaseFile, slot_of};
use crate::{
    edit::EditError,
    ids::{AssessmentId, ChangeId, RecordId},
    people::Writer,
    record::{Acceptance, Accepted, ConfirmKind, Confirmation, Place, Record, Settlement},
    run::Half,
};

impl CaseFile {
    /// Every value ever written at a place; there must be one.
    pub(super) fn values_at(&self, place: &Place) -> Result<Vec<ChangeId>, EditError> {
        let writes = self.history(Half::Field).writes(&slot_of(place));
        if writes.is_empty() {
            return Err(EditError::NotFound);
        }
        Ok(writes.iter().map(|write| write.change).collect())
    }

    pub(super) fn check_started(&self, assessment: AssessmentId) -> Result<(), EditError> {
        let starts = self.history(Half::Field).starts_of(&assessment);
        if starts.is_empty() {
            Err(EditError::NotFound)
        } else {
            Ok(())
        }
    }

    fn has_advice(&self, advice: RecordId) -> Result<(), EditError> {
        let known = self.advice().any(|said| said.id == advice);
        if known {
            Ok(())
        } else {
            Err(EditError::NotFound)
        }
    }

    pub(super) fn check_record(&self, record: &Record, by: &Writer) -> Result<(), EditError> {
        match record {
            Record::Confirmation(new) => self.check_confirmation(new, by),
            Record::Settlement(new) => self.check_settlement(new, by),
            Record::Acceptance(new) => self.check_acceptance(new, by),
            Record::Override(new) => needs_reason(&new.reason),
            Record::Mark(new) => self.has_advice(new.advice),
            Record::Withdrawal(new) => {
                needs_reason(&new.reason)?;
                self.has_advice(new.advice)
            }
            Record::Event(_)
            | Record::Ask(_)
            | Record::Review(_)
            | Record::Advice(_)
            | Record::Opening(_) => Ok(()),
            Record::TooNew => Err(EditError::Internal),
        }
    }

    fn check_confirmation(&self, new: &Confirmation, by: &Writer) -> Result<(), EditError> {
        if new.kind == ConfirmKind::Confirmed {
            needs_reason(&new.reason)?;
        }
        let known = self.values_at(&new.place)?;
        if new.earlier.is_empty() || !new.earlier.iter().all(|value| known.contains(value)) {
            return Err(EditError::Malformed);
        }
        allowed(self.may_confirm(new, &by.who))
    }

    fn check_settlement(&self, new: &Settlement, by: &Writer) -> Result<(), EditError> {
        needs_reason(&new.reason)?;
        let known = self.values_at(&new.place)?;
        if !new.seen.contains(&new.choice) || !new.seen.iter().all(|value| known.contains(value)) {
            return Err(EditError::Malformed);
        }
        allowed(self.may_settle_at_all(new, &by.who))
    }

    fn check_acceptance(&self, new: &Acceptance, by: &Writer) -> Result<(), EditError> {
        needs_reason(&new.reason)?;
        match &new.accepted {
            Accepted::Assessment { later, earlier } => {
                earlier
                    .iter()
                    .chain([later])
                    .try_for_each(|seen| self.check_started(seen.assessment))?;
                let itself = earlier
                    .iter()
                    .any(|seen| seen.assessment == later.assessment);
                if itself || earlier.is_empty() {
                    return Err(EditError::Malformed);
                }
            }
            Accepted::Override { id, .. } => {
                if !self.overrides().any(|said| said.id == *id) {
                    return Err(EditError::NotFound);
                }
            }
        }
        allowed(self.may_accept(new, &by.who))
    }
}

pub(super) fn needs_reason(reason: &str) -> Result<(), EditError> {
    if reason.trim().is_empty() {
        Err(EditError::NoReason)
    } else {
        Ok(())
    }
}

fn allowed(may: bool) -> Result<(), EditError> {
    if may {
        Ok(())
    } else {
        Err(EditError::NotAllowed)
    }
}
