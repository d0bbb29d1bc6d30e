//! Shredding a case for good: its key is destroyed, so that everything sealed under it is noise, here and in every backup that was made
//! without keys. Phones drop it with their next exchange; what comes late is kept out.

use std::collections::BTreeSet;

use mooring_casefile::{CaseId, Now};
use mooring_exchange::Access;

use crate::ledger::{LedgerError, ShreddedRow};
use crate::office::Office;
use crate::refused::Refused;

impl Office {
    /// Destroys a case. Nobody can take it back.
    pub fn shred(&self, case: CaseId, reason: &str, now: Now) -> Result<(), Refused> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Refused::invalid("A reason is needed."));
        }
        // One that was shredded and could not be cleared from every file then may be shredded again.
        if !self.shredded_cases()?.contains(&case) {
            self.check_case(case)?;
        }
        self.note(None, "shred", Some(case), None, now)?;
        let held = self.ledger.held_by(case)?.into_iter();
        let tombstones: Vec<_> = held
            .map(|one| self.assign(one.device, case, Access::Shredded, now))
            .collect();
        let row = ShreddedRow {
            case,
            reason: reason.to_owned(),
            at_ms: now.wall_ms,
        };
        Ok(self.ledger.shred(&row, &tombstones)?)
    }

    /// On how many phones a case is, or was and may still be.
    pub fn phones_holding(&self, case: CaseId) -> Result<usize, Refused> {
        self.check_case(case)?;
        Ok(self.ledger.held_by(case)?.len())
    }

    /// Of a shredded case nothing is left to do or to say.
    pub(crate) fn refuse_shredded(&self, case: CaseId) -> Result<(), Refused> {
        let rows = self.ledger.shredded()?;
        match rows.iter().find(|row| row.case == case) {
            Some(row) => Err(Refused::Shredded { at_ms: row.at_ms }),
            None => Ok(()),
        }
    }

    /// Every case of the log that was not shredded.
    pub(crate) fn readable_cases(&self) -> Result<Vec<CaseId>, LedgerError> {
        let gone = self.shredded_cases()?;
        let mut cases = self.ledger.cases()?;
        cases.retain(|case| !gone.contains(case));
        Ok(cases)
    }

    pub(crate) fn shredded_cases(&self) -> Result<BTreeSet<CaseId>, LedgerError> {
        let rows = self.ledger.shredded()?;
        Ok(rows.into_iter().map(|row| row.case).collect())
    }
}
