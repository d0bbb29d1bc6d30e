//! From an edit to what it puts where: decided here, before anything is touched.

use mooring_protocol::Answer;

use super::CaseFile;
use crate::{
    edit::{Edit, EditError},
    history::{Slot, Stored, encode_text},
    ids::{AssessmentId, ChangeId, DeviceId, RecordId},
    layout::{Section, case_keys},
    people::Writer,
    record::{
        Acceptance, Accepted, AdviceMark, Ask, ConfirmKind, Confirmation, Event, Opening, Override,
        Place, Record, Settlement, Withdrawal,
    },
    run::Half,
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
            puts: self.puts(edit, by, own)?,
        })
    }

    fn puts(&self, edit: &Edit, by: &Writer, half: Half) -> Result<Vec<Put>, EditError> {
        let record = |section, id: &RecordId, record| self.record(half, section, *id, &record);
        match edit {
            Edit::StartAssessment { id, protocol, key } => {
                self.start(*id, protocol.to_string(), key)
            }
            Edit::Answer {
                assessment,
                answers,
            } => self.answers(*assessment, answers),
            Edit::Retract {
                assessment,
                path,
                reason,
            } => {
                needs_reason(reason)?;
                self.started(*assessment)?;
                self.known_writes(&Place::answer(*assessment, path.clone()))?;
                let text = Stored::encode_retraction(reason);
                Ok(vec![Put::Value {
                    assessment: *assessment,
                    path: path.to_string(),
                    text,
                }])
            }
            Edit::Confirm {
                id,
                place,
                earlier,
                reason,
                kind,
            } => {
                let (earlier, reason) = (earlier.clone(), reason.clone());
                let new = Confirmation {
                    place: place.clone(),
                    earlier,
                    reason,
                    kind: *kind,
                };
                self.may_be_written(&new, by)?;
                record(Section::Confirmations, id, Record::Confirmation(new))
            }
            Edit::Settle {
                id,
                place,
                seen,
                choice,
                replaces,
                reason,
            } => {
                needs_reason(reason)?;
                let known = self.known_writes(place)?;
                if !seen.contains(choice) || !seen.iter().all(|value| known.contains(value)) {
                    return Err(EditError::Malformed);
                }
                let (seen, replaces, reason) = (seen.clone(), replaces.clone(), reason.clone());
                let new = Settlement {
                    place: place.clone(),
                    seen,
                    choice: *choice,
                    replaces,
                    reason,
                };
                if !self.may_settle_at_all(&new, &by.who) {
                    return Err(EditError::NotAllowed);
                }
                record(Section::Settlements, id, Record::Settlement(new))
            }
            Edit::Accept {
                id,
                accepted,
                reason,
            } => {
                needs_reason(reason)?;
                self.check_accepted(accepted)?;
                let new = Acceptance {
                    accepted: accepted.clone(),
                    reason: reason.clone(),
                };
                if !self.may_accept(&new, &by.who) {
                    return Err(EditError::NotAllowed);
                }
                record(Section::Acceptances, id, Record::Acceptance(new))
            }
            Edit::Override {
                id,
                domain,
                level,
                reason,
            } => {
                needs_reason(reason)?;
                let new = Override {
                    domain: *domain,
                    level: *level,
                    reason: reason.clone(),
                };
                record(Section::Overrides, id, Record::Override(new))
            }
            Edit::Event { id, kind, text } => {
                let new = Event {
                    kind: kind.clone(),
                    text: text.clone(),
                };
                record(Section::Events, id, Record::Event(new))
            }
            Edit::Ask {
                id,
                question,
                call_back,
            } => {
                let new = Ask {
                    question: question.clone(),
                    call_back: call_back.clone(),
                };
                record(Section::Asks, id, Record::Ask(new))
            }
            Edit::AdviceMark { id, advice, mark } => {
                self.has_advice(*advice)?;
                record(
                    Section::Marks,
                    id,
                    Record::Mark(AdviceMark {
                        advice: *advice,
                        mark: *mark,
                    }),
                )
            }
            Edit::Title(title) => Ok(vec![Put::Case(case_keys::TITLE, encode_text(title))]),
            Edit::Minor(minor) => Ok(vec![Put::Case(case_keys::MINOR, encode_minor(*minor))]),
            Edit::Review { id, review } => {
                record(Section::Reviews, id, Record::Review(review.clone()))
            }
            Edit::Advice { id, advice } => {
                record(Section::Advice, id, Record::Advice(advice.clone()))
            }
            Edit::Withdraw { id, advice, reason } => {
                needs_reason(reason)?;
                self.has_advice(*advice)?;
                let new = Withdrawal {
                    advice: *advice,
                    reason: reason.clone(),
                };
                record(Section::Withdrawals, id, Record::Withdrawal(new))
            }
            Edit::Opened { id } => record(Section::Openings, id, Record::Opening(Opening {})),
        }
    }

    fn record(
        &self,
        half: Half,
        section: Section,
        id: RecordId,
        record: &Record,
    ) -> Result<Vec<Put>, EditError> {
        if self.history(half).has_record(&id) {
            return Err(EditError::Malformed);
        }
        let text = record.encode().map_err(|_| EditError::Internal)?;
        Ok(vec![Put::Record { section, id, text }])
    }

    fn start(&self, id: AssessmentId, protocol: String, key: &str) -> Result<Vec<Put>, EditError> {
        if !self.history(Half::Field).starts_of(&id).is_empty() {
            return Err(EditError::Malformed);
        }
        Ok(vec![Put::Start {
            id,
            protocol,
            key: key.to_owned(),
        }])
    }

    fn answers(
        &self,
        assessment: AssessmentId,
        answers: &[(mooring_protocol::AnswerPath, Answer)],
    ) -> Result<Vec<Put>, EditError> {
        self.started(assessment)?;
        // Of two answers at one path the last one is meant.
        let last: std::collections::BTreeMap<_, _> = answers
            .iter()
            .map(|(path, answer)| (path, answer))
            .collect();
        let put = |(path, answer): (&mooring_protocol::AnswerPath, &Answer)| Put::Value {
            assessment,
            path: path.to_string(),
            text: Stored::encode_answer(answer),
        };
        Ok(last.into_iter().map(put).collect())
    }

    fn started(&self, assessment: AssessmentId) -> Result<(), EditError> {
        let starts = self.history(Half::Field).starts_of(&assessment);
        if starts.is_empty() {
            Err(EditError::NotFound)
        } else {
            Ok(())
        }
    }

    fn has_advice(&self, advice: RecordId) -> Result<(), EditError> {
        if self.history(Half::Hq).has_record(&advice) {
            Ok(())
        } else {
            Err(EditError::NotFound)
        }
    }

    /// Every value ever written at a place.
    fn known_writes(&self, place: &Place) -> Result<Vec<ChangeId>, EditError> {
        let slot = slot_of(place);
        let writes = self.history(Half::Field).writes(&slot);
        if writes.is_empty() {
            return Err(EditError::NotFound);
        }
        Ok(writes.iter().map(|write| write.change).collect())
    }

    fn may_be_written(&self, new: &Confirmation, by: &Writer) -> Result<(), EditError> {
        if new.kind == ConfirmKind::Confirmed {
            needs_reason(&new.reason)?;
        }
        let known = self.known_writes(&new.place)?;
        if new.earlier.is_empty() || !new.earlier.iter().all(|value| known.contains(value)) {
            return Err(EditError::Malformed);
        }
        if self.may_confirm(new, &by.who) {
            Ok(())
        } else {
            Err(EditError::NotAllowed)
        }
    }

    fn check_accepted(&self, accepted: &Accepted) -> Result<(), EditError> {
        match accepted {
            Accepted::Assessment { later, earlier } => {
                earlier
                    .iter()
                    .chain([later])
                    .try_for_each(|seen| self.started(seen.assessment))?;
                let is_itself = earlier
                    .iter()
                    .any(|seen| seen.assessment == later.assessment);
                if is_itself || earlier.is_empty() {
                    Err(EditError::Malformed)
                } else {
                    Ok(())
                }
            }
            Accepted::Override { id, .. } => {
                let known = Half::BOTH
                    .iter()
                    .any(|half| self.history(*half).has_record(id));
                if known {
                    Ok(())
                } else {
                    Err(EditError::NotFound)
                }
            }
        }
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
    Answer::Value(mooring_protocol::Value::Boolean(minor)).encode()
}

fn needs_reason(reason: &str) -> Result<(), EditError> {
    if reason.trim().is_empty() {
        Err(EditError::NoReason)
    } else {
        Ok(())
    }
}
