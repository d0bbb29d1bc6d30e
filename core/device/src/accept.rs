//! Accepting what governs downward (SAFETY rules 7 and 8): a later assessment, or an override below the computed level.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{BadInput, Error, Forbidden, Missing, Result};
use mooring_casefile::{
    Accepted, AssessmentId, AssessmentView, CaseId, CaseView, Edit, Holding, Now, Operation,
    RecordId, Seen, may,
};

/// What is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptable {
    /// A later assessment in place of the earlier ones that it stands beside.
    Assessment(AssessmentId),
    /// A downward override.
    Override(RecordId),
}

impl Device {
    /// Accepts it as it stands now; if what was seen changes later, the earlier level counts again.
    pub fn accept(
        &mut self,
        case: CaseId,
        what: Acceptable,
        reason: &str,
        now: Now,
    ) -> Result<Saved> {
        if reason.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Reason));
        }
        let (open, seams) = self.opened(now)?;
        // Whether this person is an author of what they accept, the case file itself asks.
        if !may(Operation::Accept, Holding::Open, open.me.attribution.roles).at_all() {
            return Err(Error::Forbidden(Forbidden::NeedsRole));
        }
        open.change(case, now, |case, open| {
            let view = case.view(&open.shelf);
            let accepted = match what {
                Acceptable::Assessment(later) => assessment(view, later)?,
                Acceptable::Override(id) => overridden(view, id)?,
            };
            Ok(vec![Edit::Accept {
                id: seams.record_id(now),
                accepted,
                reason: reason.trim().to_owned(),
            }]
            .into())
        })
    }
}

fn assessment(view: &CaseView, later: AssessmentId) -> Result<Accepted> {
    let one = view
        .assessment(later)
        .ok_or(Error::NotFound(Missing::Assessment))?;
    let beside = view.risk.beside.iter().find(|beside| beside.later == later);
    let earlier = &beside.ok_or(Error::BadInput(BadInput::Order))?.earlier;
    let earlier = view
        .assessments
        .iter()
        .filter(|other| earlier.contains(&other.id))
        .map(seen)
        .collect();
    Ok(Accepted::Assessment {
        later: seen(one),
        earlier,
    })
}

fn overridden(view: &CaseView, id: RecordId) -> Result<Accepted> {
    let entry = view
        .overrides
        .iter()
        .find(|entry| entry.id == id)
        .ok_or(Error::NotFound(Missing::Record))?;
    let said = &entry.what.said;
    let above = view.overrides.iter().filter(|other| {
        other.what.said.domain == said.domain && other.what.said.level > said.level
    });
    Ok(Accepted::Override {
        id,
        seen: view.assessments.iter().map(seen).collect(),
        over: above.map(|other| other.id).collect(),
    })
}

const fn seen(assessment: &AssessmentView) -> Seen {
    Seen {
        assessment: assessment.id,
        digest: assessment.digest,
    }
}
