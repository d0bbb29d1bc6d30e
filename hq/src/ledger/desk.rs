//! The desk: protocols, pages as shown, signed statements, drafts, alerts.

use mooring_casefile::{CaseId, PersonId};

use super::{Alert, AlertOutcome, DraftRow, Hash, LedgerError, ProtocolRow, ReviewRow, ShownRow};

/// HQ's own records.
pub trait Desk {
    /// Takes a protocol and feeds it; nothing happens if it is there.
    fn add_protocol(&self, protocol: &ProtocolRow, now_ms: i64) -> Result<(), LedgerError>;

    /// One protocol by hash.
    fn protocol(&self, hash: &Hash) -> Result<Option<ProtocolRow>, LedgerError>;

    /// The hashes of all protocols, oldest first.
    fn protocol_hashes(&self) -> Result<Vec<Hash>, LedgerError>;

    /// Keeps a page as shown; one that is there stays as it was.
    fn keep_shown(&self, shown: &ShownRow) -> Result<(), LedgerError>;

    /// A page as shown.
    fn shown(&self, id: &Hash) -> Result<Option<ShownRow>, LedgerError>;

    /// Keeps a signed statement. It comes before the review's change, so that no review lacks its statement.
    fn keep_review(&self, review: &ReviewRow) -> Result<(), LedgerError>;

    /// The signed statements of a case, oldest first.
    fn reviews(&self, case: CaseId) -> Result<Vec<ReviewRow>, LedgerError>;

    /// Keeps what was typed.
    fn keep_draft(
        &self,
        staff: PersonId,
        case: CaseId,
        draft: &DraftRow,
    ) -> Result<(), LedgerError>;

    /// What was typed.
    fn draft(&self, staff: PersonId, case: CaseId) -> Result<Option<DraftRow>, LedgerError>;

    /// Claims a rung; false if it was claimed before, by this process or another.
    fn claim_rung(&self, alert: &Alert) -> Result<bool, LedgerError>;

    /// Claims a rung again that was cut off; false if somebody else did since it was read.
    fn claim_again(&self, alert: &Alert, now_ms: i64) -> Result<bool, LedgerError>;

    /// How the rung's command ended.
    fn note_alert(&self, alert: &Alert, outcome: AlertOutcome) -> Result<(), LedgerError>;

    /// The rungs claimed for a case, oldest first.
    fn alerts(&self, case: CaseId) -> Result<Vec<Alert>, LedgerError>;
}
