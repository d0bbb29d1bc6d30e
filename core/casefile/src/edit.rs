//! Everything that can be written into a case file, one change each.

use mooring_protocol::{Answer, AnswerPath, Domain, Level, ProtocolHash};

use crate::{
    ids::{AssessmentId, CaseId, ChangeId, PersonId, RecordId},
    record::{Accepted, ConfirmKind, Mark, NewAdvice, Place, Review},
    told::Told,
};

/// A new case.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCase {
    /// Its id.
    pub case: CaseId,
    /// What the team calls it.
    pub title: String,
    /// Whether the person is a minor, if anybody knows.
    pub minor: Option<bool>,
}

/// One user action on a case file.
///
/// Settlements, acceptances and overrides go to the half of whoever writes them; openings, reviews and advice to the HQ
/// half alone; all else to the field half alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// Begins an administration of a protocol.
    StartAssessment {
        /// Its id.
        id: AssessmentId,
        /// Which protocol version.
        protocol: ProtocolHash,
        /// The protocol's key, the same over its versions.
        key: String,
    },
    /// Answers one question, or the several paths of one question, in one change.
    Answer {
        /// Of which assessment.
        assessment: AssessmentId,
        /// What was answered where.
        answers: Vec<(AnswerPath, Answer)>,
        /// How it came to be told, where that is stated.
        told: Option<Told>,
    },
    /// Takes an answer back. The answer stays on record, and governs until it is let go.
    Retract {
        /// Of which assessment.
        assessment: AssessmentId,
        /// Which answer.
        path: AnswerPath,
        /// Why.
        reason: String,
    },
    /// Lets earlier values go that a lowering edit replaced (rule 4).
    Confirm {
        /// The record's id.
        id: RecordId,
        /// Where.
        place: Place,
        /// The values let go, as they were seen.
        earlier: Vec<ChangeId>,
        /// Why; may be empty for an undo only.
        reason: String,
        /// Confirmed, or undone.
        kind: ConfirmKind,
    },
    /// Settles a contested value (rule 6).
    Settle {
        /// The record's id.
        id: RecordId,
        /// Where.
        place: Place,
        /// The values seen.
        seen: Vec<ChangeId>,
        /// The value that holds.
        choice: ChangeId,
        /// Settlements that contradict each other, where that is what is settled.
        replaces: Vec<RecordId>,
        /// Why.
        reason: String,
    },
    /// Lets a later assessment or a downward override govern (rules 7 and 8).
    Accept {
        /// The record's id.
        id: RecordId,
        /// What, as seen.
        accepted: Accepted,
        /// Why.
        reason: String,
    },
    /// A level by judgment (rule 8).
    Override {
        /// The record's id.
        id: RecordId,
        /// Of which domain.
        domain: Domain,
        /// The level.
        level: Level,
        /// Why.
        reason: String,
    },
    /// Something that happened on the visit.
    Event {
        /// The record's id.
        id: RecordId,
        /// What kind, by a short name.
        kind: String,
        /// In words.
        text: String,
    },
    /// Adds a colleague to the team: their phones hold the case in full from then on.
    AddToTeam {
        /// The record's id.
        id: RecordId,
        /// Whom.
        person: PersonId,
        /// In words, for those who read what happened.
        text: String,
    },
    /// A question to headquarters.
    Ask {
        /// The record's id.
        id: RecordId,
        /// The question.
        question: String,
        /// The number to call back.
        call_back: Option<String>,
    },
    /// How far advice came on this phone.
    AdviceMark {
        /// The record's id.
        id: RecordId,
        /// Which advice.
        advice: RecordId,
        /// How far.
        mark: Mark,
    },
    /// Another title.
    Title(String),
    /// Whether the person is a minor.
    Minor(bool),
    /// A signed review.
    Review {
        /// The record's id.
        id: RecordId,
        /// What was signed.
        review: Review,
    },
    /// Advice to the field.
    Advice {
        /// The record's id.
        id: RecordId,
        /// The advice.
        advice: NewAdvice,
    },
    /// Takes advice back.
    Withdraw {
        /// The record's id.
        id: RecordId,
        /// Which advice.
        advice: RecordId,
        /// Why.
        reason: String,
    },
    /// Somebody at headquarters opened the case.
    Opened {
        /// The record's id.
        id: RecordId,
    },
}

/// Why an edit was not written. The case file is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It would change nothing: the same answer stands there already.
    #[error("nothing new")]
    NothingNew,
    /// Field halves are written by devices, HQ halves at headquarters.
    #[error("this is not written here: the field and headquarters each write their own half")]
    WrongHalf,
    /// The case file does not hold what the edit names.
    #[error("the case file does not hold what this refers to")]
    NotFound,
    /// Nothing but the answer's own author, or a role that settles, may do this.
    #[error("this needs the answer's own author, a psychiatrist, or another clinician")]
    NotAllowed,
    /// A reason is asked for.
    #[error("a reason is needed")]
    NoReason,
    /// An id is taken, a list is empty where it may not be, or the choice is not among the values seen.
    #[error("this does not fit together")]
    Malformed,
    /// Longer than a change may be.
    #[error("this is too long to be saved in one piece")]
    TooLong,
    /// The actor belongs to another device or person.
    #[error("this actor writes for somebody else")]
    ActorTaken,
    /// The case file could not take a change of its own making. The program is at fault.
    #[error("the case file could not be written")]
    Internal,
}
