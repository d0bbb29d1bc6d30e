//! Something that happened on the visit: activated, on scene, off scene.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Result};
use mooring_casefile::{CaseId, Edit, Event, Now};

impl Device {
    /// Notes an event under a short name, with words if there are any.
    pub fn note_event(&mut self, case: CaseId, kind: &str, text: &str, now: Now) -> Result<Saved> {
        // These two have verbs of their own, with their checks.
        if [Event::BROKEN_GLASS, Event::ADDED_TO_TEAM].contains(&kind.trim()) {
            return Err(Error::BadInput(BadInput::Order));
        }
        if kind.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Length));
        }
        let (open, seams) = self.opened(now)?;
        let edit = Edit::Event {
            id: seams.record_id(now),
            kind: kind.trim().to_owned(),
            text: text.trim().to_owned(),
        };
        open.change(case, now, |_, _| Ok(vec![edit].into()))
    }
}
