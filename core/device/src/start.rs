//! Beginning an assessment: one administration of one protocol version.

use crate::device::Device;
use crate::error::{Error, Missing, Result};
use mooring_casefile::{AssessmentId, CaseId, Edit, Now};
use mooring_protocol::ProtocolHash;

impl Device {
    /// Begins the newest protocol of this key, or the one of this hash in hexadecimal.
    pub fn start(&mut self, case: CaseId, protocol: &str, now: Now) -> Result<AssessmentId> {
        let (open, seams) = self.opened(now)?;
        let by_hash = protocol
            .parse::<ProtocolHash>()
            .ok()
            .and_then(|hash| open.shelf.get(&hash))
            .map(|kept| &kept.protocol);
        let found = by_hash
            .or_else(|| open.shelf.newest(protocol))
            .ok_or(Error::NotFound(Missing::Protocol))?;
        let id = AssessmentId::derive(now.wall_ms, seams.ten());
        let edit = Edit::StartAssessment {
            id,
            protocol: found.hash(),
            key: found.key().to_owned(),
        };
        open.change(case, now, |_, _| Ok(vec![edit].into()))?;
        Ok(id)
    }
}
