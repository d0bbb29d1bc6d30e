//! How far advice came on this phone: read, acted on. "Delivered" is marked by the exchange itself.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{Error, Missing, Result};
use mooring_casefile::{CaseId, Edit, Mark, Now, RecordId};

impl Device {
    /// A person has read it.
    pub fn mark_read(&mut self, case: CaseId, advice: RecordId, now: Now) -> Result<Saved> {
        self.mark(case, advice, Mark::Read, now)
    }

    /// A person has acted on it.
    pub fn mark_acted(&mut self, case: CaseId, advice: RecordId, now: Now) -> Result<Saved> {
        self.mark(case, advice, Mark::ActedOn, now)
    }

    fn mark(&mut self, case: CaseId, advice: RecordId, mark: Mark, now: Now) -> Result<Saved> {
        let (open, seams) = self.opened(now)?;
        open.change(case, now, |case, open| {
            let view = case.view(&open.shelf);
            let known = view
                .advice
                .iter()
                .find(|one| one.id == advice)
                .ok_or(Error::NotFound(Missing::Record))?;
            let me = open.me.attribution;
            let here = known
                .marks
                .iter()
                .any(|(made, stamp)| *made == mark && stamp.who.same_writer(&me));
            if here {
                return Ok(Vec::new().into());
            }
            Ok(vec![Edit::AdviceMark {
                id: seams.record_id(now),
                advice,
                mark,
            }]
            .into())
        })
    }
}
