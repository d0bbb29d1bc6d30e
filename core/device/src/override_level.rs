//! A level by judgment (SAFETY rule 8): upward at once, downward beside the computed one until it is accepted.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Result};
use mooring_casefile::{CaseId, Edit, Now};
use mooring_protocol::{Domain, Level};

impl Device {
    /// Sets a domain's level by judgment, with a reason.
    pub fn override_level(
        &mut self,
        case: CaseId,
        domain: Domain,
        level: Level,
        reason: &str,
        now: Now,
    ) -> Result<Saved> {
        if reason.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Reason));
        }
        let (open, seams) = self.opened(now)?;
        let edit = Edit::Override {
            id: seams.record_id(now),
            domain,
            level,
            reason: reason.trim().to_owned(),
        };
        open.change(case, now, |_, _| Ok(vec![edit].into()))
    }
}
