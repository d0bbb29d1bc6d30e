//! From an edit to what it puts where: decided here, before anything is touched.

use std::collections::BTreeMap;

use mooring_protocol::{Answer, AnswerPath, ProtocolHash, Value};

use super::{CaseFile, check::needs_reason, record::record_of};
use crate::{
    edit::{Edit, EditError},
    history::{Slot, Stored},
    ids::{AssessmentId, DeviceId, RecordId},
    layout::{Section, case_keys},
    people::Writer,
    record::{Place, Record},
    run::Half,
    told::Told,
};

/// What a change writes.
pub(super) struct Plan {
    pub(super) half: Half,
    pub(super) puts: Vec<Put>,
}

/// One thing written.
pub(super) enum Put {
    /// A key of the map `case`.
    Case(&'static str, String),
    /// A new assessment.
    Start {
        id: AssessmentId,
        protocol: String,
        key: String,
    },
    /// A value at the path of an answer.
    Value {
        assessment: AssessmentId,
        path: String,
        text: String,
    },
    /// A record.
    Record {
        section: Section,
        id: RecordId,
        text: String,
    },
}

impl CaseFile {
    pub(super) fn plan(&self, edit: &Edit, by: &Writer) -> Result<Plan, EditError> {
        let own = if by.who.device == DeviceId::HQ {
            Half::Hq
        } else {
            Half::Field
        };
        let wanted = half_of(edit).unwrap_or(own);
        if wanted != own {
            return Err(EditError::WrongHalf);
        }
        Ok(Plan {
            half: own,
            puts: self.puts(edit, by)?,
        })
    }

    fn puts(&self, edit: &Edit, by: &Writer) -> Result<Vec<Put>, EditError> {
        if let Some((section, id, record)) = record_of(edit) {
            self.check_record(&record, by)?;
            return self.record(section, id, &record);
        }
        match edit {
            Edit::StartAssessment { id, protocol, key } => self.start(*id, *protocol, key),
            Edit::Answer {
                assessment,
                answers,
                told,
            } => self.answers(*assessment, answers, told.as_ref()),
            Edit::Retract {
                assessment,
                path,
                reason,
            } => self.retract(*assessment, path, reason),
            Edit::Title(title) => {
                let title = Answer::Value(Value::String(title.clone()));
                Ok(self.case_value(&Slot::Title, case_keys::TITLE, title))
            }
            Edit::Minor(minor) => {
                let minor = Answer::Value(Value::Boolean(*minor));
                Ok(self.case_value(&Slot::Minor, case_keys::MINOR, minor))
            }
            Edit::Confirm { .. }
            | Edit::Settle { .. }
            | Edit::Accept { .. }
            | Edit::Override { .. }
            | Edit::Event { .. }
            | Edit::AddToTeam { .. }
            | Edit::Ask { .. }
            | Edit::AdviceMark { .. }
            | Edit::Review { .. }
            | Edit::Advice { .. }
            | Edit::Withdraw { .. }
            | Edit::Opened { .. } => Err(EditError::Internal),
        }
    }

    fn record(
        &self,
        section: Section,
        id: RecordId,
        record: &Record,
    ) -> Result<Vec<Put>, EditError> {
        if Half::BOTH
            .iter()
            .any(|half| self.history(*half).has_record(&id))
        {
            return Err(EditError::Malformed);
        }
        let text = record.encode().map_err(|_| EditError::Internal)?;
        Ok(vec![Put::Record { section, id, text }])
    }

    fn start(
        &self,
        id: AssessmentId,
        protocol: ProtocolHash,
        key: &str,
    ) -> Result<Vec<Put>, EditError> {
        if !self.history(Half::Field).starts_of(&id).is_empty() {
            return Err(EditError::Malformed);
        }
        let (protocol, key) = (protocol.to_string(), key.to_owned());
        Ok(vec![Put::Start { id, protocol, key }])
    }

    fn answers(
        &self,
        assessment: AssessmentId,
        answers: &[(AnswerPath, Answer)],
        told: Option<&Told>,
    ) -> Result<Vec<Put>, EditError> {
        self.check_started(assessment)?;
        let told = told.filter(|told| !told.is_empty());
        if told.is_some_and(|told| !told.fits()) {
            return Err(EditError::Malformed);
        }
        // Of two answers at one path the last one is meant.
        let last: BTreeMap<_, _> = answers
            .iter()
            .map(|(path, answer)| (path, answer))
            .collect();
        let new = last.into_iter().filter_map(|(path, answer)| {
            let value = Stored::Answer(answer.clone(), told.cloned());
            self.value(assessment, path, &value)
        });
        Ok(new.collect())
    }

    fn retract(
        &self,
        assessment: AssessmentId,
        path: &AnswerPath,
        reason: &str,
    ) -> Result<Vec<Put>, EditError> {
        needs_reason(reason)?;
        self.values_at(&Place::answer(assessment, path.clone()))?;
        let put = self.value(assessment, path, &Stored::Retracted(reason.to_owned()));
        Ok(put.into_iter().collect())
    }

    fn value(&self, assessment: AssessmentId, path: &AnswerPath, value: &Stored) -> Option<Put> {
        let slot = Slot::Answer(assessment, path.clone());
        let text = self.new_text(&slot, value)?;
        Some(Put::Value {
            assessment,
            path: path.to_string(),
            text,
        })
    }

    fn case_value(&self, slot: &Slot, key: &'static str, answer: Answer) -> Vec<Put> {
        let text = self.new_text(slot, &Stored::Answer(answer, None));
        text.map(|text| Put::Case(key, text)).into_iter().collect()
    }

    /// The text to write, unless exactly this value shows there already. Automerge would make a put of one of several
    /// conflicting values a deletion of the others.
    fn new_text(&self, slot: &Slot, value: &Stored) -> Option<String> {
        let is_there = self.history(Half::Field).shows(slot, value);
        if is_there { None } else { value.encode() }
    }
}

/// The half that an edit needs; `None` where it goes to the half of whoever writes it.
const fn half_of(edit: &Edit) -> Option<Half> {
    match edit {
        Edit::StartAssessment { .. }
        | Edit::Answer { .. }
        | Edit::Retract { .. }
        | Edit::Confirm { .. }
        | Edit::Event { .. }
        | Edit::AddToTeam { .. }
        | Edit::Ask { .. }
        | Edit::AdviceMark { .. }
        | Edit::Title(_)
        | Edit::Minor(_) => Some(Half::Field),
        Edit::Review { .. } | Edit::Advice { .. } | Edit::Withdraw { .. } | Edit::Opened { .. } => {
            Some(Half::Hq)
        }
        Edit::Settle { .. } | Edit::Accept { .. } | Edit::Override { .. } => None,
    }
}

/// The slot of a place.
pub(crate) fn slot_of(place: &Place) -> Slot {
    match place {
        Place::Answer { assessment, path } => Slot::Answer(*assessment, path.clone()),
        Place::Minor => Slot::Minor,
    }
}

pub(super) fn encode_minor(minor: bool) -> String {
    Answer::Value(Value::Boolean(minor)).encode()
}
