//! Confirming that an earlier, worse answer may go (SAFETY rule 4): its own author, with a reason.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Missing, Result};
use crate::retract::AnswerAt;
use mooring_casefile::{CaseView, ChangeId, ConfirmKind, Edit, Now, Place, ValueStanding};
use mooring_protocol::AnswerPath;

impl Device {
    /// Lets the values go that are held at this answer. A value of another person's goes only if this person's role is enough.
    pub fn confirm(&mut self, at: &AnswerAt, reason: &str, now: Now) -> Result<Saved> {
        if reason.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Reason));
        }
        let (open, seams) = self.opened(now)?;
        open.change(at.case, now, |case, open| {
            let held = held(case.view(&open.shelf), at)?;
            let confirm = |(path, earlier)| Edit::Confirm {
                id: seams.record_id(now),
                place: Place::answer(at.assessment, path),
                earlier,
                reason: reason.trim().to_owned(),
                kind: ConfirmKind::Confirmed,
            };
            Ok(held.into_iter().map(confirm).collect::<Vec<_>>().into())
        })
    }
}

fn held(view: &CaseView, at: &AnswerAt) -> Result<Vec<(AnswerPath, Vec<ChangeId>)>> {
    let assessment = view
        .assessment(at.assessment)
        .ok_or(Error::NotFound(Missing::Assessment))?;
    let named = assessment
        .items
        .iter()
        .filter(|item| item.path == at.path || item.path.base() == at.path);
    let of_item = |item: &mooring_casefile::ItemView| {
        let held = item
            .earlier
            .iter()
            .filter(|value| value.standing == ValueStanding::Held);
        (
            item.path.clone(),
            held.map(|value| value.id).collect::<Vec<_>>(),
        )
    };
    let held: Vec<_> = named
        .map(of_item)
        .filter(|(_, earlier)| !earlier.is_empty())
        .collect();
    if held.is_empty() {
        Err(Error::NotFound(Missing::Answer))
    } else {
        Ok(held)
    }
}
