//! Advice that reached this phone and was not marked as delivered here yet.

use crate::device::Open;
use mooring_casefile::{CaseFile, Mark, RecordId};

/// The marks to write, in the order of the advice.
pub(crate) fn deliveries(file: &CaseFile, open: &Open) -> Vec<RecordId> {
    let me = open.me.attribution;
    let view = file.view(&open.shelf);
    let here = |marks: &[(Mark, mooring_casefile::Stamp)]| {
        marks.iter().any(|(_, stamp)| stamp.who.device == me.device)
    };
    view.advice
        .iter()
        .filter(|advice| !here(&advice.marks))
        .map(|advice| advice.id)
        .collect()
}
