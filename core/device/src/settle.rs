//! Settling what people differ about (SAFETY rule 6): it names every value seen, and the one that holds.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Forbidden, Missing, Result};
use crate::retract::AnswerAt;
use mooring_casefile::{
    CaseView, ChangeId, Edit, ItemView, MaySettle, Now, Place, RecordId, Settlement,
};

/// A settlement.
pub struct NewSettlement {
    /// Where.
    pub at: AnswerAt,
    /// The values that were seen; one that came since makes it stale.
    pub seen: Vec<ChangeId>,
    /// The one that holds.
    pub choice: ChangeId,
    /// Why.
    pub reason: String,
}

impl Device {
    /// Settles. Refused where it would lower a level and this person's role is not enough.
    pub fn settle(&mut self, new: &NewSettlement, now: Now) -> Result<Saved> {
        if new.reason.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Reason));
        }
        let (open, seams) = self.opened(now)?;
        open.change(new.at.case, now, |case, open| {
            let (file, view) = case.both(&open.shelf);
            let item = item(view, &new.at)?;
            let unseen = item
                .to_settle()
                .iter()
                .any(|value| !new.seen.contains(value));
            if unseen || !new.seen.contains(&new.choice) {
                return Err(Error::BadInput(BadInput::Stale));
            }
            let place = Place::answer(new.at.assessment, new.at.path.clone());
            let settlement = Settlement {
                place,
                seen: new.seen.clone(),
                choice: new.choice,
                replaces: item.contradicting(),
                reason: new.reason.trim().to_owned(),
            };
            match file.may_settle(&settlement, &open.me.attribution, &open.shelf) {
                MaySettle::Yes => Ok(vec![edit(settlement, seams.record_id(now))].into()),
                MaySettle::NeedsRole | MaySettle::No => Err(Error::Forbidden(Forbidden::NeedsRole)),
            }
        })
    }
}

fn edit(settlement: Settlement, id: RecordId) -> Edit {
    let Settlement {
        place,
        seen,
        choice,
        replaces,
        reason,
    } = settlement;
    Edit::Settle {
        id,
        place,
        seen,
        choice,
        replaces,
        reason,
    }
}

fn item<'a>(view: &'a CaseView, at: &AnswerAt) -> Result<&'a ItemView> {
    let assessment = view
        .assessment(at.assessment)
        .ok_or(Error::NotFound(Missing::Assessment))?;
    assessment
        .items
        .iter()
        .find(|item| item.path == at.path)
        .ok_or(Error::NotFound(Missing::Answer))
}
