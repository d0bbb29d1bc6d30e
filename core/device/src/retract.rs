//! Taking an answer back, with a reason. It stays on record, and where it was worse it goes on governing (SAFETY rule 4).

use crate::case::{Plan, Saved, undo};
use crate::device::Device;
use crate::error::{BadInput, Error, Missing, Result};
use mooring_casefile::{AssessmentId, CaseId, CaseView, Edit, Now, Place};
use mooring_protocol::AnswerPath;

/// An answer, or all the answers of one question.
pub struct AnswerAt {
    /// In which case.
    pub case: CaseId,
    /// In which assessment.
    pub assessment: AssessmentId,
    /// The answer's path; that of a question covers its options as well.
    pub path: AnswerPath,
}

impl AnswerAt {
    /// The paths with a value that this names.
    pub(crate) fn answered(&self, view: &CaseView) -> Result<Vec<AnswerPath>> {
        let assessment = view
            .assessment(self.assessment)
            .ok_or(Error::NotFound(Missing::Assessment))?;
        let named = assessment
            .items
            .iter()
            .filter(|item| item.path == self.path || item.path.base() == self.path);
        let answered = named.filter(|item| item.values.iter().any(|value| value.answer.is_some()));
        let paths: Vec<_> = answered.map(|item| item.path.clone()).collect();
        if paths.is_empty() {
            Err(Error::NotFound(Missing::Answer))
        } else {
            Ok(paths)
        }
    }
}

impl Device {
    /// Takes an answer back.
    pub fn retract(&mut self, at: &AnswerAt, reason: &str, now: Now) -> Result<Saved> {
        if reason.trim().is_empty() {
            return Err(Error::BadInput(BadInput::Reason));
        }
        let (open, seams) = self.opened(now)?;
        open.change(at.case, now, |case, open| {
            let view = case.view(&open.shelf);
            let (mut edits, mut undone) = (Vec::new(), Vec::new());
            for path in at.answered(view)? {
                let place = Place::answer(at.assessment, path.clone());
                undone.extend(undo(view, place, open, seams, now)?);
                let reason = reason.trim().to_owned();
                edits.push(Edit::Retract {
                    assessment: at.assessment,
                    path,
                    reason,
                });
            }
            Ok(Plan {
                edits,
                undo: undone,
            })
        })
    }
}
