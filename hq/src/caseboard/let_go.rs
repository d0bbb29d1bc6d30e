//! Closed cases leave the phones: HQ ends them, and each phone drops what it holds once HQ has everything of it.
//!
//! HQ decides when, by its own clock. A phone's clock can be set, and a case must not leave a phone because somebody did.

use mooring_casefile::{CaseId, Now};
use mooring_exchange::Access;

use super::Board;
use crate::ledger::LedgerError;
use crate::office::Office;

impl Board {
    /// Ends every case that was closed long ago, counted from the last thing that came for it and the last time that somebody was
    /// given it: who gets it anew has it as long again.
    pub(crate) fn let_go(&self, office: &Office, now: Now) -> Result<Vec<CaseId>, LedgerError> {
        let old = |at_ms: i64| now.wall_ms.saturating_sub(at_ms) >= office.setup.keep_closed_ms;
        let mut let_go = Vec::new();
        let closed = self
            .surveys()
            .filter(|survey| survey.closed && old(survey.last_ms));
        for survey in closed {
            let held = office.ledger.held_by(survey.case)?;
            let holding: Vec<_> = held
                .iter()
                .filter(|one| one.access != Access::Ended)
                .collect();
            if !holding.is_empty() && holding.iter().all(|one| old(one.at_ms)) {
                office.end_everywhere(survey.case, now)?;
                let_go.push(survey.case);
            }
        }
        Ok(let_go)
    }
}
