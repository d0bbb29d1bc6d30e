//! The desk over `SQLite`: which function in which kind of transaction, and nothing else.

use mooring_casefile::{CaseId, PersonId};

use super::{SqliteLedger, alerts, pages, protocols};
use crate::ledger::{
    Alert, AlertOutcome, Desk, DraftRow, Hash, LedgerError, ProtocolRow, ReviewRow, ShownRow,
};

impl Desk for SqliteLedger {
    fn add_protocol(&self, protocol: &ProtocolRow, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| protocols::add_protocol(tx, protocol, now_ms))
    }

    fn protocol(&self, hash: &Hash) -> Result<Option<ProtocolRow>, LedgerError> {
        self.read(|db| protocols::protocol(db, hash))
    }

    fn protocol_hashes(&self) -> Result<Vec<Hash>, LedgerError> {
        self.read(protocols::protocol_hashes)
    }

    fn keep_shown(&self, shown: &ShownRow) -> Result<(), LedgerError> {
        self.write(|tx| pages::keep_shown(tx, shown))
    }

    fn shown(&self, id: &Hash) -> Result<Option<ShownRow>, LedgerError> {
        self.read(|db| pages::shown(db, id))
    }

    fn keep_review(&self, review: &ReviewRow) -> Result<(), LedgerError> {
        self.write(|tx| pages::keep_review(tx, review))
    }

    fn reviews(&self, case: CaseId) -> Result<Vec<ReviewRow>, LedgerError> {
        self.read(|db| pages::reviews(db, case))
    }

    fn keep_draft(
        &self,
        staff: PersonId,
        case: CaseId,
        draft: &DraftRow,
    ) -> Result<(), LedgerError> {
        self.write(|tx| pages::keep_draft(tx, staff, case, draft))
    }

    fn draft(&self, staff: PersonId, case: CaseId) -> Result<Option<DraftRow>, LedgerError> {
        self.read(|db| pages::draft(db, staff, case))
    }

    fn claim_rung(&self, alert: &Alert) -> Result<bool, LedgerError> {
        self.write(|tx| alerts::claim_rung(tx, alert))
    }

    fn claim_again(&self, alert: &Alert, now_ms: i64) -> Result<bool, LedgerError> {
        self.write(|tx| alerts::claim_again(tx, alert, now_ms))
    }

    fn note_alert(&self, alert: &Alert, outcome: AlertOutcome) -> Result<(), LedgerError> {
        self.write(|tx| alerts::note_alert(tx, alert, outcome))
    }

    fn alerts(&self, case: CaseId) -> Result<Vec<Alert>, LedgerError> {
        self.read(|db| alerts::alerts(db, case))
    }
}
