//! The kinds of record, as they stand in a half: facts that one person stated once, never edited afterwards.

use mooring_protocol::{AnswerPath, Domain, Level, ProtocolHash};
use serde::{Deserialize, Serialize};

use super::text;
use crate::{
    ids::{AssessmentId, ChangeId, Digest, PersonId, RecordId},
    run::Version,
};

/// Where a value stands that people can differ about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Place {
    /// An answer of an assessment.
    Answer {
        /// The assessment.
        assessment: AssessmentId,
        /// The answer's path.
        #[serde(with = "text::one")]
        path: AnswerPath,
    },
    /// Whether the person is a minor.
    Minor,
}

impl Place {
    /// The place of an answer.
    pub const fn answer(assessment: AssessmentId, path: AnswerPath) -> Self {
        Self::Answer { assessment, path }
    }

    /// The assessment that it belongs to, if any.
    pub const fn assessment(&self) -> Option<AssessmentId> {
        match self {
            Self::Answer { assessment, .. } => Some(*assessment),
            Self::Minor => None,
        }
    }
}

/// Why an earlier value may be let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmKind {
    /// Confirmed with a reason.
    Confirmed,
    /// The author's own undo within 60 seconds, before the change left the phone.
    Undo,
}

/// Lets earlier values go that a lowering edit has replaced (rule 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Where.
    pub place: Place,
    /// The values let go, as they were seen.
    pub earlier: Vec<ChangeId>,
    /// Why; empty for an undo.
    pub reason: String,
    /// Confirmed, or undone.
    pub kind: ConfirmKind,
}

/// Settles which of several values holds (rule 6). It covers the values it names and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// Where.
    pub place: Place,
    /// The values seen.
    pub seen: Vec<ChangeId>,
    /// The one that holds, itself among those seen.
    pub choice: ChangeId,
    /// Settlements that contradict each other and that this one decides between.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<RecordId>,
    /// Why.
    pub reason: String,
}

/// An assessment as a person saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Which.
    pub assessment: AssessmentId,
    /// Over all of its values and what was decided about them.
    pub digest: Digest,
}

/// What is accepted to govern downward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Accepted {
    /// A later assessment in place of earlier ones (rule 7).
    Assessment {
        /// The one that governs.
        later: Seen,
        /// Those that it replaces.
        earlier: Vec<Seen>,
    },
    /// A downward override (rule 8).
    Override {
        /// The override.
        id: RecordId,
        /// Every assessment of the case, as seen.
        seen: Vec<Seen>,
        /// Upward overrides of the same domain that it takes the place of.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        over: Vec<RecordId>,
    },
}

/// Accepts that something governs downward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What.
    pub accepted: Accepted,
    /// Why.
    pub reason: String,
}

/// A level by a person's judgment (rule 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Of which domain.
    pub domain: Domain,
    /// The level.
    pub level: Level,
    /// Why.
    pub reason: String,
}

/// Something that happened on the visit: activated, on scene, checked in, left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What kind, by the caller's own short name.
    pub kind: String,
    /// In words.
    pub text: String,
    /// The member of staff whom it is about, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

impl Event {
    /// The kind of event that adds a colleague to the team.
    pub const ADDED_TO_TEAM: &'static str = "added-to-team";
    /// The kind of event that says that a person broke the glass, and why.
    pub const BROKEN_GLASS: &'static str = "break-glass";
    /// The kind of event that closes the case, until something is entered that its author did not know of.
    pub const CLOSED: &'static str = "closed";
}

/// What the team asks headquarters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The question.
    pub question: String,
    /// The number to call back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_back: Option<String>,
}

/// How far advice came on a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// The phone has it.
    Delivered,
    /// A person opened it.
    Read,
    /// A person says that they did what it says.
    ActedOn,
}

/// How far one piece of advice came, said by the phone that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceMark {
    /// Which advice.
    pub advice: RecordId,
    /// How far.
    pub mark: Mark,
}

/// A psychiatrist's signed reading of one exact version. The key and signature are checked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The version that was displayed.
    pub version: Version,
    /// SHA-256 of the displayed version's canonical text.
    pub text_sha256: Digest,
    /// The protocols that the displayed assessments name.
    #[serde(with = "text::list")]
    pub protocols: Vec<ProtocolHash>,
    /// Last changes of runs that were waiting.
    pub waiting: Vec<ChangeId>,
    /// Last changes of runs that were held for a person.
    pub held: Vec<ChangeId>,
    /// The sign-in under which it was signed.
    pub sign_in: String,
    /// Whether an older version was signed as such.
    pub older: bool,
    /// Impression.
    pub impression: String,
    /// Medication considerations: considerations, not orders.
    pub medication: String,
    /// Plan.
    pub plan: String,
    /// Feedback to the responder.
    pub feedback: String,
    /// The key that signed.
    #[serde(with = "text::hex")]
    pub key: Vec<u8>,
    /// The signature.
    #[serde(with = "text::hex")]
    pub signature: Vec<u8>,
}

/// What headquarters sends to the field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewAdvice {
    /// The words.
    pub text: String,
    /// The version that it was written on.
    pub written_on: Version,
    /// Until when it stands, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_ms: Option<i64>,
    /// The advice that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<RecordId>,
}

/// Takes advice back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Which advice.
    pub advice: RecordId,
    /// Why.
    pub reason: String,
}

/// Somebody at headquarters opened the case; who and when stand in the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opening {}
