//! Risk, derived whenever it is read and never stored: a level for each domain, and the worst of them for the case.

pub(crate) mod derive;
pub(crate) mod held;
mod may;

pub use may::MaySettle;
use mooring_protocol::{AnswerPath, Domain, Level, ProtocolHash, Reason, ShownLevel};

use crate::{
    ids::{AssessmentId, ChangeId, RecordId},
    moment::Stamp,
    record::Place,
};

/// What a case comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// The worst level of any domain.
    pub level: Level,
    /// Whether it may be worse: something that matters is not answered, or can't be read here.
    pub at_least: bool,
    /// Whether people differ anywhere in the case.
    pub contested: bool,
    /// An earlier level that goes on governing, and what the current answers alone would say (rule 4).
    pub held: Option<Held>,
    /// Each domain that anything speaks of, worst first, medical first among equals.
    pub domains: Vec<DomainRisk>,
    /// Why, worst first.
    pub reasons: Vec<RiskReason>,
    /// Overrides below the level that nobody has accepted yet (rule 8).
    pub waiting_overrides: Vec<WaitingOverride>,
    /// Later assessments that stand beside earlier ones until they are accepted (rule 7).
    pub beside: Vec<Beside>,
    /// Assessments that are not finished.
    pub unfinished: Vec<Unfinished>,
    /// Protocols that are named and not here: what they would say is not known.
    pub unknown_protocols: Vec<ProtocolHash>,
}

impl Risk {
    /// The level as it is shown.
    pub const fn shown(&self) -> ShownLevel {
        ShownLevel {
            level: self.level,
            at_least: self.at_least,
        }
    }
}

/// One domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRisk {
    /// Which.
    pub domain: Domain,
    /// The level that governs.
    pub level: Level,
    /// Whether it may be worse.
    pub at_least: bool,
    /// What the current answers and overrides alone would say.
    pub alone: ShownLevel,
    /// Whether an override by judgment alone brings it to this level.
    pub by_judgment: bool,
}

impl DomainRisk {
    /// The level as it is shown.
    pub const fn shown(&self) -> ShownLevel {
        ShownLevel {
            level: self.level,
            at_least: self.at_least,
        }
    }
}

/// "Was High, 02:34": an earlier level goes on governing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// In which domain.
    pub domain: Domain,
    /// The level that governs.
    pub was: ShownLevel,
    /// What the current answers alone would say.
    pub alone: ShownLevel,
    /// The values that hold it, newest first.
    pub values: Vec<HeldValue>,
}

/// An earlier value that nobody who may has let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldValue {
    /// Where.
    pub place: Place,
    /// Which value; a confirmation names it.
    pub id: ChangeId,
    /// Who entered it, and when.
    pub stamp: Stamp,
    /// The question, as far as its protocol is here.
    pub question: String,
    /// The value in words.
    pub words: String,
}

/// Why a level governs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskReason {
    /// The domain.
    pub domain: Domain,
    /// The rule that holds, or the override in the form of one.
    pub reason: Reason,
    /// The assessment, unless it is an override.
    pub assessment: Option<AssessmentId>,
    /// The override, if it is one.
    pub overridden: Option<RecordId>,
    /// Who entered what made it hold, and when.
    pub stamps: Vec<Stamp>,
}

impl RiskReason {
    /// The paths that made it hold.
    pub fn paths(&self) -> &[AnswerPath] {
        &self.reason.paths
    }
}

/// A downward override that stands beside the level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingOverride {
    /// Which record; an acceptance names it.
    pub id: RecordId,
    /// Of which domain.
    pub domain: Domain,
    /// The level that it asks for.
    pub level: Level,
    /// Why.
    pub reason: String,
    /// Who asks, since when.
    pub stamp: Stamp,
}

/// A later assessment beside earlier ones of the same protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// The later one.
    pub later: AssessmentId,
    /// The earlier ones that count as well.
    pub earlier: Vec<AssessmentId>,
}

/// An assessment that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Which.
    pub assessment: AssessmentId,
    /// Its title, or its protocol's key.
    pub title: String,
    /// When it was begun, by whom.
    pub started: Stamp,
    /// Open questions with an answer.
    pub answered: usize,
    /// Open questions.
    pub total: usize,
}
