//! The verbs of a visit: one call a user action, which gives the case as it is then.

use crate::error::MooringError;
use crate::listen::Changed;
use crate::phone::BlockingPhone;
use crate::rows::{self, CaseRow, ProtocolRow};
use crate::shown::{CaseShown, Reader};
use mooring_casefile::{AssessmentId, CaseId, ChangeId, Now, RecordId, Told};
use mooring_device::{Acceptable, AnswerAt, Device, Error, NewAnswer, NewSettlement};
use mooring_protocol::{Answer, AnswerPath, Domain, Leaf, Level, Value};

/// What was said to a question.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Given {
    /// One answer: a value, declined, not sure, not now.
    One {
        /// It.
        answer: Answer,
    },
    /// All the options chosen of a question with several, or all the answers of one that repeats.
    Several {
        /// They.
        values: Vec<Value>,
    },
}

/// Where an answer stands.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct AnswerPlace {
    /// In which case.
    pub case: CaseId,
    /// In which assessment.
    pub assessment: AssessmentId,
    /// The path, as the step or the place gives it.
    pub path: AnswerPath,
}

/// What became of an action. It is on disk.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Saved {
    /// The case.
    pub case: CaseId,
    /// Whether anything was written; not where everything stood there already.
    pub wrote: bool,
    /// How many changes of the case are on this phone only.
    pub unsent: i64,
    /// The case as it is now; nothing where it was saved and could not be read again this moment.
    pub shown: Option<CaseShown>,
}

/// What is accepted to govern downward.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Acceptance {
    /// A later assessment in place of the earlier ones that it stands beside.
    Assessment {
        /// Which.
        assessment: AssessmentId,
    },
    /// A judgment below the level that governs.
    Judgment {
        /// Which.
        id: RecordId,
    },
}

#[uniffi::export]
impl BlockingPhone {
    /// All cases on this phone, worst first.
    pub fn list(&self) -> Result<Vec<CaseRow>, MooringError> {
        let rows = self.opened(Device::list)?;
        Ok(rows.into_iter().map(CaseRow::from).collect())
    }

    /// The protocols that can be started here, by key, the newest of a key first.
    pub fn protocols(&self) -> Result<Vec<ProtocolRow>, MooringError> {
        let rows = self.opened(Device::protocols)?;
        Ok(rows.into_iter().map(ProtocolRow::from).collect())
    }

    /// Puts a FHIR Questionnaire, with its rules if it has any, on the shelf.
    pub fn add_protocol(
        &self,
        questionnaire: Vec<u8>,
        rules: Option<Vec<u8>>,
    ) -> Result<ProtocolRow, MooringError> {
        let row =
            self.opened(|device, now| device.add_protocol(&questionnaire, rules.as_deref(), now))?;
        self.listeners().tell(Changed::Protocols);
        Ok(row.into())
    }

    /// Opens a case of this title. Whether the person is a minor may be unknown.
    pub fn new_case(&self, title: String, minor: Option<bool>) -> Result<CaseId, MooringError> {
        let case = self.opened(|device, now| device.new_case(&title, minor, now))?;
        self.listeners().tell(Changed::Case { case });
        Ok(case)
    }

    /// Begins the newest protocol of this key, or the one of this hash.
    pub fn start(&self, case_id: CaseId, protocol: String) -> Result<AssessmentId, MooringError> {
        let assessment = self.opened(|device, now| device.start(case_id, &protocol, now))?;
        self.listeners().tell(Changed::Case { case: case_id });
        Ok(assessment)
    }

    /// Shows a case. That it was read is noted in the vault.
    pub fn show(&self, case_id: CaseId) -> Result<CaseShown, MooringError> {
        let language = self.language();
        self.opened(|device, now| show(device, case_id, &language, now))
    }

    /// Records an answer, at the path of a step.
    pub fn answer(&self, at: AnswerPlace, given: Given) -> Result<Saved, MooringError> {
        self.record(&at, given, None)
    }

    /// The same, with how the answer came to be told: who said it, who asked, in which language, when it was said.
    pub fn answer_told(
        &self,
        at: AnswerPlace,
        given: Given,
        told: Told,
    ) -> Result<Saved, MooringError> {
        self.record(&at, given, Some(told))
    }

    /// Takes an answer back, with a reason. Where it was worse it goes on governing.
    pub fn retract(&self, at: AnswerPlace, reason: String) -> Result<Saved, MooringError> {
        let at = answer_at(at);
        self.act(at.case, |device, now| device.retract(&at, &reason, now))
    }

    /// Lets earlier, worse values of an answer go, with a reason.
    pub fn confirm(&self, at: AnswerPlace, reason: String) -> Result<Saved, MooringError> {
        let at = answer_at(at);
        self.act(at.case, |device, now| device.confirm(&at, &reason, now))
    }

    /// Settles what people differ about: it names every value that was shown, and the one that holds.
    pub fn settle(
        &self,
        at: AnswerPlace,
        seen: Vec<ChangeId>,
        choice: ChangeId,
        reason: String,
    ) -> Result<Saved, MooringError> {
        let new = NewSettlement {
            at: answer_at(at),
            seen,
            choice,
            reason,
        };
        self.act(new.at.case, |device, now| device.settle(&new, now))
    }

    /// Accepts that something governs downward, with a reason.
    pub fn accept(
        &self,
        case_id: CaseId,
        what: Acceptance,
        reason: String,
    ) -> Result<Saved, MooringError> {
        let what = match what {
            Acceptance::Assessment { assessment } => Acceptable::Assessment(assessment),
            Acceptance::Judgment { id } => Acceptable::Override(id),
        };
        self.act(case_id, |device, now| {
            device.accept(case_id, what, &reason, now)
        })
    }

    /// Sets a domain's level by judgment, with a reason: upward at once, downward beside the level that governs.
    pub fn judge(
        &self,
        case_id: CaseId,
        domain: Domain,
        level: Level,
        reason: String,
    ) -> Result<Saved, MooringError> {
        self.act(case_id, |device, now| {
            device.override_level(case_id, domain, level, &reason, now)
        })
    }

    /// Asks HQ. It is with HQ after the next exchange.
    pub fn ask(
        &self,
        case_id: CaseId,
        question: String,
        call_back: Option<String>,
    ) -> Result<Saved, MooringError> {
        self.act(case_id, |device, now| {
            device.ask(case_id, &question, call_back.as_deref(), now)
        })
    }

    /// Notes something that happened on the visit, under a short name.
    pub fn note(&self, case_id: CaseId, kind: String, text: String) -> Result<Saved, MooringError> {
        self.act(case_id, |device, now| {
            device.note_event(case_id, &kind, &text, now)
        })
    }

    /// A person has read this advice.
    pub fn advice_read(&self, case_id: CaseId, advice: RecordId) -> Result<Saved, MooringError> {
        self.act(case_id, |device, now| {
            device.mark_read(case_id, advice, now)
        })
    }

    /// A person has acted on this advice.
    pub fn advice_acted_on(
        &self,
        case_id: CaseId,
        advice: RecordId,
    ) -> Result<Saved, MooringError> {
        self.act(case_id, |device, now| {
            device.mark_acted(case_id, advice, now)
        })
    }
}

impl BlockingPhone {
    fn record(
        &self,
        at: &AnswerPlace,
        given: Given,
        told: Option<Told>,
    ) -> Result<Saved, MooringError> {
        let new = new_answer(at, given, told);
        self.act(at.case, |device, now| device.record_answer(&new, now))
    }

    /// One action on a case, and the case afterwards.
    fn act(
        &self,
        case: CaseId,
        verb: impl FnOnce(&mut Device, Now) -> Result<mooring_device::Saved, Error>,
    ) -> Result<Saved, MooringError> {
        let language = self.language();
        let saved = self.opened(|device, now| {
            let saved = verb(device, now)?;
            // It is on disk: that it can't be read again this moment must not look like "not saved".
            let shown = show(device, case, &language, now).ok();
            let (wrote, unsent) = (!saved.changes.is_empty(), rows::count(saved.unsent));
            Ok(Saved {
                case,
                wrote,
                unsent,
                shown,
            })
        })?;
        self.listeners().tell(Changed::Case { case });
        Ok(saved)
    }
}

fn show(device: &mut Device, case: CaseId, language: &str, now: Now) -> Result<CaseShown, Error> {
    let mooring_device::CaseShown { view, sync, names } = device.show(case, now)?;
    let name = |person: &_| names.get(person).cloned().unwrap_or_default();
    Ok(Reader {
        name: &name,
        language,
    }
    .case(view, sync))
}

fn answer_at(at: AnswerPlace) -> AnswerAt {
    let AnswerPlace {
        case,
        assessment,
        path,
    } = at;
    AnswerAt {
        case,
        assessment,
        path,
    }
}

pub(crate) fn new_answer(at: &AnswerPlace, given: Given, told: Option<Told>) -> NewAnswer {
    let link = at.path.link_id().to_owned();
    let mut instance = at.path.ancestors().to_vec();
    match at.path.leaf() {
        Leaf::Instance(id) => instance.push((link.clone(), *id)),
        Leaf::Whole | Leaf::Option(_) => {}
    }
    let value = match given {
        Given::One { answer } => answer.to_json(),
        Given::Several { values } => values
            .into_iter()
            .map(|value| Answer::Value(value).to_json())
            .collect(),
    };
    NewAnswer {
        case: at.case,
        assessment: at.assessment,
        link,
        instance,
        value,
        told,
    }
}
