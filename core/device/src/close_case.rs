//! Closing a case: from then on it is over, until somebody enters something again.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Result};
use mooring_casefile::{CaseId, Edit, Event, Now};

impl Device {
    /// Closes a case, in words that say how it ended. HQ ends it for the phones some time later.
    pub fn close_case(&mut self, case: CaseId, how: &str, now: Now) -> Result<Saved> {
        let how = how.trim();
        if how.is_empty() {
            return Err(Error::BadInput(BadInput::Length));
        }
        let (open, seams) = self.opened(now)?;
        let edit = Edit::Event {
            id: seams.record_id(now),
            kind: Event::CLOSED.to_owned(),
            text: how.to_owned(),
        };
        open.change(case, now, |_, _| Ok(vec![edit].into()))
    }
}
