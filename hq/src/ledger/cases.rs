//! Who holds which case, what was said of broken glasses, and which cases are gone.

use mooring_casefile::CaseId;

use super::{GlassReviewRow, HeldBy, HolderRow, LedgerError, NewAssignment, ShreddedRow};

/// The ledger's part about whole cases.
pub trait Cases {
    /// Who is to hold a case: the last decision about each person.
    fn holders(&self, case: CaseId) -> Result<Vec<HolderRow>, LedgerError>;

    /// How each phone that ever got an entry for a case holds it now, by id.
    fn held_by(&self, case: CaseId) -> Result<Vec<HeldBy>, LedgerError>;

    /// Keeps a supervisor's word about a broken glass; `Conflict` if somebody said theirs first.
    fn review_glass(&self, review: &GlassReviewRow) -> Result<(), LedgerError>;

    /// What was said of broken glasses, oldest first.
    fn glass_reviews(&self) -> Result<Vec<GlassReviewRow>, LedgerError>;

    /// Destroys the key of a case and feeds its tombstones, together; then nothing of the key is left in any file. What is
    /// half arrived of any push goes too: nobody can tell of which case it is, and phones send it again. Nothing happens if
    /// the case is shredded already, but that the files are cleared once more.
    fn shred(
        &self,
        shredded: &ShreddedRow,
        tombstones: &[NewAssignment],
    ) -> Result<(), LedgerError>;

    /// Every case that was shredded, by id.
    fn shredded(&self) -> Result<Vec<ShreddedRow>, LedgerError>;
}
