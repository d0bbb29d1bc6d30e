//! What an exchange came to.

use super::Dropped;
use crate::error::{Error, Refused};
use mooring_casefile::{CaseId, RecordId};
use mooring_exchange::{Ended, Summary};

/// What came of the steps so far, beside what the session counts.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) new_advice: Vec<(CaseId, RecordId)>,
    pub(crate) sent_changes: u64,
    pub(crate) merged_runs: u64,
    pub(crate) waiting_runs: u64,
    pub(crate) held_runs: u64,
    pub(crate) damaged_cases: u64,
    pub(crate) refused_codes: Vec<&'static str>,
    pub(crate) dropped: Vec<Dropped>,
}

/// What an exchange came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanged {
    /// What the session counted, and why it is over.
    pub summary: Summary,
    /// Advice that is new on this phone.
    pub new_advice: Vec<(CaseId, RecordId)>,
    /// Changes of this phone that HQ receipted.
    pub sent_changes: u64,
    /// Runs from HQ that are part of their cases now.
    pub merged_runs: u64,
    /// Runs from HQ that wait for what they build on.
    pub waiting_runs: u64,
    /// Runs from HQ that the guard did not let in.
    pub held_runs: u64,
    /// Cases that could not be read to be sent or merged into; what came for them is kept.
    pub damaged_cases: u64,
    /// HQ's codes for what it refused.
    pub refused_codes: Vec<&'static str>,
    /// Cases that this phone holds no longer.
    pub dropped: Vec<Dropped>,
}

impl Exchanged {
    /// As an error, where the exchange did not come to its end because HQ refused or its answer was not HQ's.
    pub fn fault(&self) -> Option<Error> {
        match &self.summary.ended {
            Ended::Finished | Ended::Cut => None,
            Ended::Stuck => Some(Error::TryLater),
            Ended::Refused(refusal) => Some(Error::Refused(Refused::ByHq(refusal.code()))),
            Ended::BadReply(_) => Some(Error::Refused(Refused::Signature)),
        }
    }
}
