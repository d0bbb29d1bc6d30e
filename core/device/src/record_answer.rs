//! Recording one answer: change, case row and unsent mark land together or not at all.

use crate::case::{Saved, undo};
use crate::device::{Device, Open};
use crate::error::{Error, Missing, Result};
use crate::seams::Seams;
use mooring_casefile::{AssessmentId, CaseFile, CaseId, CaseView, Edit, Now, Place};
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
    /// FHIR value[x], an array of them, or declined, unsure, not now.
    pub value: Value,
}

impl Device {
    /// Records an answer. Once this returns it is on disk.
    pub fn record_answer(&mut self, new: &NewAnswer, now: Now) -> Result<Saved> {
        let (open, seams) = self.opened(now)?;
        open.change(new.case, now, |file, open| {
            let view = file.view(&open.shelf);
            let answers = accept(new, file, &view, open, seams, now)?;
            let changed: Vec<_> = answers
                .iter()
                .filter(|(path, answer)| differs(&view, new, path, answer))
                .collect();
            let mut undone = Vec::new();
            for (path, _) in changed {
                undone.extend(undo(
                    &view,
                    &Place::answer(new.assessment, path.clone()),
                    open,
                    seams,
                    now,
                )?);
            }
            let mut edits = vec![Edit::Answer {
                assessment: new.assessment,
                answers,
            }];
            edits.extend(undone);
            Ok(edits)
        })
    }
}

fn accept(
    new: &NewAnswer,
    file: &CaseFile,
    view: &CaseView,
    open: &Open,
    seams: &mut Seams,
    now: Now,
) -> Result<Vec<(AnswerPath, Answer)>> {
    let assessment = view
        .assessment(new.assessment)
        .ok_or(Error::NotFound(Missing::Assessment))?;
    let protocol = &open
        .shelf
        .get(&assessment.protocol)
        .ok_or(Error::NotFound(Missing::Protocol))?
        .protocol;
    let sheet = file
        .sheet(new.assessment, &open.shelf)
        .ok_or(Error::NotFound(Missing::Assessment))?;
    protocol
        .accept(
            &new.link,
            &new.instance,
            &new.value,
            &mut || fresh_instance(seams, now),
            &sheet,
        )
        .map_err(|fault| Error::BadAnswer(Box::new(fault)))
}

fn fresh_instance(seams: &mut Seams, now: Now) -> Uuid {
    let ms = u64::try_from(now.wall_ms).unwrap_or(0);
    Builder::from_unix_timestamp_millis(ms, &seams.ten()).into_uuid()
}

/// The same answer again changes nothing, so it undoes nothing either.
fn differs(view: &CaseView, new: &NewAnswer, path: &AnswerPath, answer: &Answer) -> bool {
    let items = view
        .assessment(new.assessment)
        .map_or(&[][..], |assessment| &assessment.items);
    let values = items
        .iter()
        .filter(|item| item.path == *path)
        .flat_map(|item| &item.values);
    !values
        .into_iter()
        .any(|value| value.answer.as_ref() == Some(answer))
}
