//! A question to HQ, with a number to call back.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Result};
use mooring_casefile::{CaseId, Edit, Now};

impl Device {
    /// Asks HQ. It is in the case file at once, and with HQ after the next exchange.
    pub fn ask(
        &mut self,
        case: CaseId,
        question: &str,
        call_back: Option<&str>,
        now: Now,
    ) -> Result<Saved> {
        if question.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Length));
        }
        let (open, seams) = self.opened(now)?;
        let edit = Edit::Ask {
            id: seams.record_id(now),
            question: question.trim().to_owned(),
            call_back: call_back
                .map(|number| number.trim().to_owned())
                .filter(|number| !number.is_empty()),
        };
        open.change(case, now, |_, _| Ok(vec![edit].into()))
    }
}
