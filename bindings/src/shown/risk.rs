//! What a case comes to, and why.

use super::{Reader, Said, count};
use mooring_casefile::{
    AssessmentId, Beside, ChangeId, DomainRisk, Held, HeldValue, Place, RecordId, Risk, RiskReason,
    WaitingOverride,
};
use mooring_protocol::{AnswerPath, Domain, Level, ProtocolHash, ShownLevel};

/// What a case comes to: derived whenever it is read, the worst of all that may be true.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct RiskShown {
    /// The worst level of any domain, as it is shown.
    pub level: ShownLevel,
    /// Whether people differ anywhere in the case.
    pub contested: bool,
    /// An earlier level that goes on governing, and what the current answers alone would say.
    pub held: Option<HeldLevel>,
    /// Each domain that anything speaks of, worst first.
    pub domains: Vec<DomainShown>,
    /// Why, worst first.
    pub reasons: Vec<Why>,
    /// Levels by judgment below the one that governs, which nobody has accepted yet.
    pub waiting: Vec<WaitingLevel>,
    /// Later assessments that stand beside earlier ones until they are accepted.
    pub beside: Vec<BesideShown>,
    /// Assessments that are not finished.
    pub unfinished: Vec<Unfinished>,
    /// Protocols that are named and not on this phone: what they would say is not known.
    pub unknown_protocols: Vec<ProtocolHash>,
}

/// One domain.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct DomainShown {
    /// Which.
    pub domain: Domain,
    /// The level that governs.
    pub level: ShownLevel,
    /// What the current answers and judgments alone would say.
    pub alone: ShownLevel,
    /// Whether a judgment alone brings it to this level.
    pub by_judgment: bool,
}

/// "Was High, 02:34": an earlier level goes on governing.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct HeldLevel {
    /// In which domain.
    pub domain: Domain,
    /// The level that governs.
    pub was: ShownLevel,
    /// What the current answers alone would say.
    pub alone: ShownLevel,
    /// The values that hold it, newest first.
    pub values: Vec<HeldValueShown>,
}

/// An earlier value that nobody who may has let go.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct HeldValueShown {
    /// In which assessment; nothing where it is whether the person is a minor.
    pub assessment: Option<AssessmentId>,
    /// Where in it.
    pub path: Option<AnswerPath>,
    /// Which value.
    pub id: ChangeId,
    /// Who entered it, and when.
    pub said: Said,
    /// The question.
    pub question: String,
    /// The value in words.
    pub words: String,
}

/// Why a level governs.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Why {
    /// The domain.
    pub domain: Domain,
    /// The level that it gives.
    pub level: Level,
    /// In words.
    pub text: String,
    /// The rule's id.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// Whether it is policy, not published triage.
    pub policy: bool,
    /// The answers that made it hold.
    pub paths: Vec<AnswerPath>,
    /// The assessment, unless it is a judgment.
    pub assessment: Option<AssessmentId>,
    /// The judgment, if it is one.
    pub judgment: Option<RecordId>,
    /// Who entered what made it hold, and when.
    pub said: Vec<Said>,
}

/// A level by judgment that stands beside the one that governs.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct WaitingLevel {
    /// Which; an acceptance names it.
    pub id: RecordId,
    /// Of which domain.
    pub domain: Domain,
    /// The level that it asks for.
    pub level: Level,
    /// Why.
    pub reason: String,
    /// Who asks, since when.
    pub said: Said,
}

/// A later assessment beside earlier ones of the same protocol.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct BesideShown {
    /// The later one.
    pub later: AssessmentId,
    /// The earlier ones that count as well.
    pub earlier: Vec<AssessmentId>,
}

/// An assessment that is not finished.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Unfinished {
    /// Which.
    pub assessment: AssessmentId,
    /// Its title, or its protocol's key.
    pub title: String,
    /// When it was begun, by whom.
    pub started: Said,
    /// Open questions with an answer.
    pub answered: i64,
    /// Open questions.
    pub total: i64,
}

impl Reader<'_> {
    pub(super) fn risk(&self, risk: Risk) -> RiskShown {
        let Risk {
            level,
            at_least,
            contested,
            held,
            domains,
            reasons,
            waiting_overrides,
            beside,
            unfinished,
            unknown_protocols,
        } = risk;
        RiskShown {
            level: ShownLevel { level, at_least },
            contested,
            held: held.map(|held| self.held(held)),
            domains: domains.into_iter().map(domain).collect(),
            reasons: reasons.into_iter().map(|reason| self.why(reason)).collect(),
            waiting: waiting_overrides
                .into_iter()
                .map(|one| self.waiting(one))
                .collect(),
            beside: beside
                .into_iter()
                .map(|Beside { later, earlier }| BesideShown { later, earlier })
                .collect(),
            unfinished: unfinished
                .into_iter()
                .map(|one| self.unfinished(one))
                .collect(),
            unknown_protocols,
        }
    }

    fn held(&self, held: Held) -> HeldLevel {
        let Held {
            domain,
            was,
            alone,
            values,
        } = held;
        let values = values
            .into_iter()
            .map(|value| self.held_value(value))
            .collect();
        HeldLevel {
            domain,
            was,
            alone,
            values,
        }
    }

    fn held_value(&self, value: HeldValue) -> HeldValueShown {
        let HeldValue {
            place,
            id,
            stamp,
            question,
            words,
        } = value;
        let (assessment, path) = match place {
            Place::Answer { assessment, path } => (Some(assessment), Some(path)),
            Place::Minor => (None, None),
        };
        HeldValueShown {
            assessment,
            path,
            id,
            said: self.said(stamp),
            question,
            words,
        }
    }

    fn why(&self, reason: RiskReason) -> Why {
        let RiskReason {
            domain,
            reason,
            assessment,
            overridden,
            stamps,
        } = reason;
        let text = reason.text_in(self.language).to_owned();
        let mooring_protocol::Reason {
            rule,
            level,
            text: _, // It is said in the screen's language, with
            translations: _,
            paths,
            source,
            policy,
        } = reason;
        let said = self.all_said(&stamps);
        Why {
            domain,
            level,
            text,
            rule,
            source,
            policy,
            paths,
            assessment,
            judgment: overridden,
            said,
        }
    }

    fn waiting(&self, waiting: WaitingOverride) -> WaitingLevel {
        let WaitingOverride {
            id,
            domain,
            level,
            reason,
            stamp,
        } = waiting;
        WaitingLevel {
            id,
            domain,
            level,
            reason,
            said: self.said(stamp),
        }
    }

    fn unfinished(&self, one: mooring_casefile::Unfinished) -> Unfinished {
        let mooring_casefile::Unfinished {
            assessment,
            title,
            started,
            answered,
            total,
        } = one;
        let (answered, total) = (count(answered), count(total));
        Unfinished {
            assessment,
            title,
            started: self.said(started),
            answered,
            total,
        }
    }
}

fn domain(risk: DomainRisk) -> DomainShown {
    let DomainRisk {
        domain,
        level,
        at_least,
        alone,
        by_judgment,
    } = risk;
    DomainShown {
        domain,
        level: ShownLevel { level, at_least },
        alone,
        by_judgment,
    }
}
