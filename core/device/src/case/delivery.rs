//! Advice that reached this phone and was not marked as delivered here yet.

use mooring_casefile::{AdviceView, CaseView, DeviceId, RecordId};

/// The advice to mark, oldest first.
pub(crate) fn deliveries(view: &CaseView, me: DeviceId) -> Vec<RecordId> {
    let here = |advice: &&AdviceView| advice.marks.iter().any(|(_, stamp)| stamp.who.device == me);
    let undelivered = view.advice.iter().filter(|advice| !here(advice));
    undelivered.map(|advice| advice.id).collect()
}
