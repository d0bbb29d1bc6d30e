//! Writing down what no change in a case file records: reads, sign-ins, refusals.

use mooring_casefile::{CaseId, Now};

use super::{Session, Verb};
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
        self.ledger.audit(&Audit {
            at_ms: now.wall_ms,
            staff: by.map(|session| session.staff),
            sign_in: by.map(|session| session.sign_in),
            verb: verb.to_owned(),
            case,
            code: code.map(str::to_owned),
        })
    }

    /// Lets a verb through, or refuses it; either way it is written down first.
    pub(crate) fn admit(
        &self,
        by: &Session,
        verb: Verb,
        what: &str,
        case: Option<CaseId>,
        now: Now,
    ) -> Result<(), Refused> {
        let allowed = by.may(verb);
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
