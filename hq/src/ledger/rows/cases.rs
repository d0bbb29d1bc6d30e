//! Who holds which case, broken glasses that were reviewed, and cases that are gone.

use mooring_casefile::{CaseId, DeviceId, PersonId, RecordId};
use mooring_exchange::Access;

/// That a person is to hold a case, from now on and on every phone of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolderRow {
    /// Which case.
    pub case: CaseId,
    /// Who.
    pub person: PersonId,
    /// How.
    pub access: Access,
    /// Who at HQ decided it; none where the case's own team did, or a rule.
    pub staff: Option<PersonId>,
}

/// How one phone holds a case, by the last entry that it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBy {
    /// Which phone.
    pub device: DeviceId,
    /// How.
    pub access: Access,
    /// When it got that entry.
    pub at_ms: i64,
}

/// A supervisor's word about a broken glass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlassReviewRow {
    /// The record that says that the glass was broken.
    pub glass: RecordId,
    /// Of which case.
    pub case: CaseId,
    /// Who reviewed it.
    pub staff: PersonId,
    /// Their word, sealed under the case's key.
    pub sealed: Vec<u8>,
    /// When.
    pub at_ms: i64,
}

/// What a run of a shredded case is held for: no person can read it any more.
pub(crate) const SHREDDED: &str = "shredded";

/// A case whose key was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShreddedRow {
    /// Which case.
    pub case: CaseId,
    /// Why, in the words of who did it.
    pub reason: String,
    /// When.
    pub at_ms: i64,
}
