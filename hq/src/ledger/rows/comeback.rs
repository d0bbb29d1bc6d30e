//! Phones that came back from a backup, and keys in two places.

use mooring_casefile::DeviceId;

/// What was seen of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It said that it came back from a backup, and was certified anew.
    Restored,
    /// Its keys are used in two places: under an epoch that was given up, or by one that was restored while another went on.
    Twice,
}

/// One such event, with what the phone signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comeback {
    /// Which phone.
    pub device: DeviceId,
    /// What was seen.
    pub seen: Seen,
    /// The epoch that the phone had.
    pub epoch: u32,
    /// Its signed words.
    pub evidence: Vec<u8>,
    /// When.
    pub at_ms: i64,
}
