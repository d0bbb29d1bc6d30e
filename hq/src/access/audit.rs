//! Writing down what no change in a case file records: reads, sign-ins, refusals, what was done to people and phones.

use mooring_casefile::{CaseId, Now, Operation, PersonId};

use super::Session;
use crate::ledger::{Audit, LedgerError};
use crate::office::Office;
use crate::refused::Refused;

impl Office {
    pub(crate) fn note(
        &self,
        by: Option<&Session>,
        verb: &str,
        case: Option<CaseId>,
        code: Option<&str>,
        now: Now,
    ) -> Result<(), LedgerError> {
        self.note_all(&Audit {
            at_ms: now.wall_ms,
            staff: by.map(|session| session.staff),
            sign_in: by.map(|session| session.sign_in),
            verb: verb.to_owned(),
            case,
            code: code.map(str::to_owned),
            ..Audit::default()
        })
    }

    /// What the operator of this machine did to a member of staff; nobody is signed in there.
    pub(crate) fn note_about(
        &self,
        about: PersonId,
        verb: &str,
        now: Now,
    ) -> Result<(), LedgerError> {
        self.note_all(&Audit {
            at_ms: now.wall_ms,
            verb: verb.to_owned(),
            about: Some(about),
            ..Audit::default()
        })
    }

    /// Writes a whole row, and signs the chain where it is its turn.
    pub(crate) fn note_all(&self, row: &Audit) -> Result<(), LedgerError> {
        self.sign_in_turn(&self.ledger.audit(row)?)
    }

    /// Lets a verb through, or refuses it; either way it is written down first.
    pub(crate) fn admit(
        &self,
        by: &Session,
        operation: Operation,
        what: &str,
        case: Option<CaseId>,
        now: Now,
    ) -> Result<(), Refused> {
        let allowed = by.may(operation);
        self.note(
            Some(by),
            what,
            case,
            allowed.as_ref().err().map(Refused::code),
            now,
        )?;
        allowed?;
        case.map_or(Ok(()), |case| self.refuse_shredded(case))
    }
}
