//! Signing where the chain stands: every so many rows, and whenever HQ starts or stops.

use mooring_casefile::Now;
use mooring_identity::{AuditCheckpoint, Signed};

use crate::ledger::{AuditRow, CheckpointRow, LedgerError};
use crate::office::Office;

/// After this many rows the chain is signed again.
pub(super) const EVERY: i64 = 32;

impl Office {
    /// Signs the chain if this row is the one whose turn it is.
    pub(crate) fn sign_in_turn(&self, row: &AuditRow) -> Result<(), LedgerError> {
        if row.number % EVERY == 0 {
            self.sign_audit(row, row.said.at_ms)
        } else {
            Ok(())
        }
    }

    /// Signs the chain as it stands: at a start, at a stop.
    pub fn sign_audit_now(&self, now: Now) -> Result<(), LedgerError> {
        match self.ledger.newest_audited()? {
            None => Ok(()),
            Some(row) => self.sign_audit(&row, now.wall_ms),
        }
    }

    fn sign_audit(&self, row: &AuditRow, now_ms: i64) -> Result<(), LedgerError> {
        let unchained = LedgerError::Inside(-8);
        let checkpoint = AuditCheckpoint {
            agency: self.agency(),
            row: u64::try_from(row.number).map_err(|_| unchained)?,
            hash: row.hash.ok_or(unchained)?,
            made_ms: now_ms,
        };
        let ring = self.keys.ring();
        self.ledger.keep_checkpoint(&CheckpointRow {
            number: row.number,
            signed: Signed::sign(checkpoint, ring.online()).bytes().to_vec(),
            key_set: ring.key_set.bytes().to_vec(),
        })
    }
}
