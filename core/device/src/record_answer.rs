//! Recording one answer: change, case row and unsent mark land together or not at all.

use crate::case::{Plan, Saved, Shelf, undo};
use crate::device::Device;
use crate::error::{Error, Missing, Result};
use crate::seams::Seams;
use mooring_casefile::{AssessmentId, AssessmentView, CaseId, Edit, Now, Place, Told};
use mooring_protocol::{Answer, AnswerPath};
use serde_json::Value;
use uuid::{Builder, Uuid};

/// What a person answered.
pub struct NewAnswer {
    /// In which case.
    pub case: CaseId,
    /// In which assessment.
    pub assessment: AssessmentId,
    /// The question's linkId.
    pub link: String,
    /// The instance of each repeat that the question stands in, where there are several.
    pub instance: Vec<(String, Uuid)>,
    /// FHIR `value[x]`, an array of them, or declined, unsure, not now.
    pub value: Value,
    /// How it came to be told, where that is stated (SAFETY rule 9).
    pub told: Option<Told>,
}

impl Device {
    /// Records an answer. Once this returns it is on disk.
    pub fn record_answer(&mut self, new: &NewAnswer, now: Now) -> Result<Saved> {
        let (open, seams) = self.opened(now)?;
        open.change(new.case, now, |case, open| {
            let view = case.view(&open.shelf);
            let assessment = view
                .assessment(new.assessment)
                .ok_or(Error::NotFound(Missing::Assessment))?;
            let answers = accept(new, assessment, &open.shelf, seams, now)?;
            let mut undone = Vec::new();
            for (path, _) in &answers {
                let place = Place::answer(new.assessment, path.clone());
                undone.extend(undo(view, place, open, seams, now)?);
            }
            let edit = Edit::Answer {
                assessment: new.assessment,
                answers,
                told: new.told.clone(),
            };
            Ok(Plan {
                edits: vec![edit],
                undo: undone,
            })
        })
    }
}

pub(crate) fn accept(
    new: &NewAnswer,
    assessment: &AssessmentView,
    shelf: &Shelf,
    seams: &mut Seams,
    now: Now,
) -> Result<Vec<(AnswerPath, Answer)>> {
    let kept = shelf
        .get(&assessment.protocol)
        .ok_or(Error::NotFound(Missing::Protocol))?;
    let mut fresh = || fresh_instance(seams, now);
    kept.protocol
        .accept(
            &new.link,
            &new.instance,
            &new.value,
            &mut fresh,
            &assessment.sheet(),
        )
        .map_err(|fault| Error::BadAnswer(Box::new(fault)))
}

fn fresh_instance(seams: &mut Seams, now: Now) -> Uuid {
    let ms = u64::try_from(now.wall_ms).unwrap_or(0);
    Builder::from_unix_timestamp_millis(ms, &seams.ten()).into_uuid()
}
