//! Protocols, pages, drafts, alerts.

use mooring_casefile::{CaseId, PersonId, RecordId};

use super::Hash;

/// A protocol's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolRow {
    /// What names it.
    pub hash: Hash,
    /// The Questionnaire as it came.
    pub questionnaire: Vec<u8>,
    /// The rules beside it.
    pub rules: Option<Vec<u8>>,
}

/// A page as it was displayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// What the form carries back.
    pub id: Hash,
    /// Of which case.
    pub case: CaseId,
    /// To whom.
    pub staff: PersonId,
    /// SHA-256 of the canonical clinical text.
    pub text_hash: Hash,
    /// Version and text, sealed under the case's key.
    pub sealed: Vec<u8>,
    /// When.
    pub shown_ms: i64,
}

/// A review's statement as HQ's key signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// The review record in the HQ half.
    pub id: RecordId,
    /// Of which case.
    pub case: CaseId,
    /// Which page was signed.
    pub shown: Hash,
    /// The statement and its signature.
    pub statement: Vec<u8>,
    /// When.
    pub signed_ms: i64,
}

/// What a psychiatrist has typed and not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The fields, sealed under the case's key.
    pub sealed: Vec<u8>,
    /// When.
    pub saved_ms: i64,
}

/// One rung of the ladder for one wait of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Which case.
    pub case: CaseId,
    /// Since when it waits: a new wait runs the ladder anew.
    pub since_ms: i64,
    /// Which rung, from 0.
    pub rung: u32,
    /// The level's token.
    pub level: String,
    /// When the rung was claimed.
    pub claimed_ms: i64,
    /// How the command ended; none while it runs or if HQ died meanwhile.
    pub outcome: Option<AlertOutcome>,
}

/// How an alert command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertOutcome {
    /// It exited 0.
    Done,
    /// It could not be started or exited otherwise.
    Failed,
}
