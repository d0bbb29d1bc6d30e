//! Accepting that something governs downward: a later assessment (rule 7) or an override (rule 8). It covers the case as it
//! was shown; what came since makes the earlier level count again.

use mooring_casefile::{
    Accepted, AssessmentId, CaseId, CaseView, Edit, Now, Operation, RecordId, Seen,
};

use super::{ShownId, checked_text};
use crate::access::Session;
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// An acceptance, as a form carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// The page that was read.
    pub shown: ShownId,
    /// What is accepted.
    pub what: Accepting,
    /// Why.
    pub reason: String,
}

/// What is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepting {
    /// A later assessment in place of those before it.
    Assessment(AssessmentId),
    /// A downward override.
    Override(RecordId),
}

impl Headquarters {
    /// Accepts what was shown.
    pub fn accept(
        &self,
        by: &Session,
        case: CaseId,
        accept: &Accept,
        now: Now,
    ) -> Result<(), Refused> {
        self.admit(by, Operation::Accept, "accept", Some(case), now)?;
        let reason = checked_text(
            &accept.reason,
            "Say why: whoever reads this later asks first.",
        )?;
        let page = self.office().find_shown(case, accept.shown)?;
        let mut board = self.board();
        let (shelves, file) = (board.shelves(), board.file(case).ok_or(Refused::NotFound)?);
        let then = file.at(&page.version).map_err(|_| Refused::NotFound)?;
        let accepted =
            accepted(&then.view(shelves.as_ref()), accept.what).ok_or(Refused::NotFound)?;
        let edit = Edit::Accept {
            id: self.make_record(now),
            accepted,
            reason,
        };
        self.write(&mut board, by, case, &edit, now)
    }
}

/// What the acceptance names, by the digests that were shown.
fn accepted(view: &CaseView, what: Accepting) -> Option<Accepted> {
    let seen = |id: &AssessmentId| {
        Some(Seen {
            assessment: *id,
            digest: view.assessment(*id)?.digest,
        })
    };
    match what {
        Accepting::Assessment(later) => {
            let beside = view
                .risk
                .beside
                .iter()
                .find(|beside| beside.later == later)?;
            let earlier = beside.earlier.iter().map(seen).collect::<Option<_>>()?;
            Some(Accepted::Assessment {
                later: seen(&later)?,
                earlier,
            })
        }
        Accepting::Override(id) => {
            let waiting = view
                .risk
                .waiting_overrides
                .iter()
                .find(|waiting| waiting.id == id)?;
            let all = view
                .assessments
                .iter()
                .map(|one| seen(&one.id))
                .collect::<Option<_>>()?;
            let upward = view.overrides.iter().filter(|one| {
                let said = &one.what.said;
                one.id != id && said.domain == waiting.domain && said.level > waiting.level
            });
            Some(Accepted::Override {
                id,
                seen: all,
                over: upward.map(|one| one.id).collect(),
            })
        }
    }
}
