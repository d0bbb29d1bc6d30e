//! A level by judgment: upward at once, downward beside the computed level until it is accepted (rule 8).

use mooring_casefile::{CaseId, Edit, Now, Operation};
use mooring_protocol::{Domain, Level};

use super::checked_text;
use crate::access::Session;
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// An override, as a form carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Of which domain.
    pub domain: Domain,
    /// The level.
    pub level: Level,
    /// Why.
    pub reason: String,
}

impl Headquarters {
    /// States a level by judgment.
    pub fn override_level(
        &self,
        by: &Session,
        case: CaseId,
        over: &Override,
        now: Now,
    ) -> Result<(), Refused> {
        // Whether it is upward shows only beside what is computed, so the narrower of the two is asked for.
        self.admit(by, Operation::OverrideDown, "override", Some(case), now)?;
        let reason = checked_text(
            &over.reason,
            "Say why: a judgment without its reason helps nobody.",
        )?;
        let edit = Edit::Override {
            id: self.make_record(now),
            domain: over.domain,
            level: over.level,
            reason,
        };
        self.write(&mut self.board(), by, case, &edit, now)
    }
}
