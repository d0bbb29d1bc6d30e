//! Cases over `SQLite`: which function in which kind of transaction, and nothing else.

use mooring_casefile::CaseId;

use super::{SqliteLedger, holders, shredded};
use crate::ledger::{
    Cases, GlassReviewRow, HeldBy, HolderRow, LedgerError, NewAssignment, ShreddedRow,
};

impl Cases for SqliteLedger {
    fn holders(&self, case: CaseId) -> Result<Vec<HolderRow>, LedgerError> {
        self.read(|db| holders::holders(db, case))
    }

    fn held_by(&self, case: CaseId) -> Result<Vec<HeldBy>, LedgerError> {
        self.read(|db| holders::held_by(db, case))
    }

    fn review_glass(&self, review: &GlassReviewRow) -> Result<(), LedgerError> {
        self.write(|tx| holders::review_glass(tx, review))
    }

    fn glass_reviews(&self) -> Result<Vec<GlassReviewRow>, LedgerError> {
        self.read(holders::glass_reviews)
    }

    fn shred(&self, row: &ShreddedRow, tombstones: &[NewAssignment]) -> Result<(), LedgerError> {
        self.write(|tx| shredded::shred(tx, row, tombstones))?;
        self.read(shredded::clear_log)
    }

    fn shredded(&self) -> Result<Vec<ShreddedRow>, LedgerError> {
        self.read(shredded::shredded)
    }
}
