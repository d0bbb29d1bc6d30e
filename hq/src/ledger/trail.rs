//! The audit trail: one chain of rows, each with the hash of the one before, and the checkpoints that HQ signed over it.

use mooring_casefile::DeviceId;

use super::{Audit, AuditRow, CheckpointRow, LedgerError, PhoneAct};

/// What no change in a case file records: reads, sign-ins, exports, refusals, and what phones wrote down of their own.
pub trait Trail {
    /// Appends a row to the chain and says where it stands.
    fn audit(&self, row: &Audit) -> Result<AuditRow, LedgerError>;

    /// The rows from one number on, at most `limit`, as they are stored: nothing is checked here.
    fn audited(&self, from: i64, limit: u32) -> Result<Vec<AuditRow>, LedgerError>;

    /// The newest row.
    fn newest_audited(&self) -> Result<Option<AuditRow>, LedgerError>;

    /// The highest number that was ever given to a row, whether it is still there or not.
    fn audit_numbers_given(&self) -> Result<i64, LedgerError>;

    /// Gives rows from before the chain their hashes, in order.
    fn chain_older_rows(&self) -> Result<(), LedgerError>;

    /// Keeps a checkpoint; one that is there stays as it was.
    fn keep_checkpoint(&self, checkpoint: &CheckpointRow) -> Result<(), LedgerError>;

    /// Every checkpoint, by row.
    fn checkpoints(&self) -> Result<Vec<CheckpointRow>, LedgerError>;

    /// Keeps rows of a phone's own audit and the row of the chain that joins them, together. `Conflict` if one is there already.
    fn keep_phone_acts(&self, acts: &[PhoneAct], joined: &Audit) -> Result<AuditRow, LedgerError>;

    /// The last row of a phone's newest history.
    fn phone_tip(&self, device: DeviceId) -> Result<Option<PhoneAct>, LedgerError>;

    /// One row of a phone's history.
    fn phone_act(
        &self,
        device: DeviceId,
        branch: i64,
        position: u64,
    ) -> Result<Option<PhoneAct>, LedgerError>;

    /// How many rows of phones there are in all.
    fn count_phone_acts(&self) -> Result<u64, LedgerError>;
}
