//! One assessment: its steps, and at each place every value with who entered it.

use super::step::warning;
use super::{PairShown, Reader, Said, StageShown, Step, TotalShown, Warning, count};
use mooring_casefile::{
    AssessmentId, AssessmentView, ChangeId, ItemView, RecordId, SaidBy, SettlementState,
    SettlementView, Told, ValueStanding, ValueView,
};
use mooring_protocol::{Answer, AnswerPath, Flow, Problem, ProtocolHash, ShownLevel};

/// One administration of one protocol version.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct AssessmentShown {
    /// Which.
    pub id: AssessmentId,
    /// Its protocol's key.
    pub key: String,
    /// Its protocol's version, exactly.
    pub protocol: ProtocolHash,
    /// Its title; nothing where the protocol is not on this phone.
    pub title: Option<String>,
    /// Whether "not a validated instrument" must stand with it.
    pub not_validated: bool,
    /// Whether "draft wording" must stand with it: a machine drafted it in this language, and no clinician has reviewed it.
    pub draft_wording: bool,
    /// What the form itself finds wrong with the answers. They stay as they are.
    pub problems: Vec<ProblemShown>,
    /// Who began it, and when.
    pub started: Said,
    /// What must be said before anything else.
    pub warnings: Vec<Warning>,
    /// What there is to see and to answer, in order; empty where the protocol is not on this phone.
    pub steps: Vec<Step>,
    /// Questions, by their linkId, that are answered more often than their file allows: everything is kept and shown.
    pub too_many: Vec<String>,
    /// Where to go on: the first open question without any answer.
    pub next: Option<AnswerPath>,
    /// Every place for an answer with all its values, in the protocol's order, then answers that no question takes.
    pub places: Vec<PlaceShown>,
    /// The stages of a guide, with what was tried and whether it helped; empty where the protocol has none.
    pub stages: Vec<StageShown>,
    /// How something was before and after.
    pub pairs: Vec<PairShown>,
    /// The totals of what stands.
    pub totals: Vec<TotalShown>,
    /// Open questions with an answer.
    pub answered: i64,
    /// Open questions.
    pub total: i64,
    /// What is open, wants an answer and has none.
    pub missing: Vec<AnswerPath>,
    /// Whether people differ anywhere in it.
    pub contested: bool,
    /// The worst level that it gives by itself; nothing where its protocol gives none.
    pub level: Option<ShownLevel>,
    /// The assessment that took its place.
    pub replaced_by: Option<AssessmentId>,
}

/// What a form finds wrong with its answers.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProblemShown {
    /// The question; nothing where it concerns the whole form.
    pub path: Option<AnswerPath>,
    /// In words.
    pub words: String,
    /// Whether the form only warns of it.
    pub only_warns: bool,
}

/// One place for an answer.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct PlaceShown {
    /// Where.
    pub path: AnswerPath,
    /// The question.
    pub question: String,
    /// What stands before it, as `1.`.
    pub prefix: String,
    /// How deep it is nested; 0 at the top.
    pub depth: i64,
    /// Whether it is asked, with what stands.
    pub open: bool,
    /// Whether no question of the protocol takes it.
    pub unplaced: bool,
    /// What stands; several where people differ, or say the same independently.
    pub values: Vec<ValueShown>,
    /// What stood before, oldest first; some of it may be held.
    pub earlier: Vec<ValueShown>,
    /// Whether people differ.
    pub contested: bool,
    /// What a settlement now must name.
    pub to_settle: Vec<ChangeId>,
    /// What was settled here.
    pub settlements: Vec<SettlementShown>,
}

/// Where an answer comes from.
#[uniffi::remote(Enum)]
pub enum SaidBy {
    /// The person in crisis.
    Person,
    /// Family or somebody close.
    Family,
    /// Nobody said it: it was seen or heard.
    Observed,
    /// A record: a chart, a pill box, a card.
    Record,
}

/// How an answer came to be told; what nobody stated is left out.
#[uniffi::remote(Record)]
pub struct Told {
    /// Where it comes from.
    pub said_by: Option<SaidBy>,
    /// Who asked, where that is not whoever entered it.
    pub asked_by: Option<String>,
    /// The language of the wording that was used, as a BCP 47 tag.
    pub language: Option<String>,
    /// When it was said, in Unix seconds, where it was entered later.
    pub said_at_s: Option<i64>,
}

/// How a value stands.
#[uniffi::remote(Enum)]
pub enum ValueStanding {
    /// It is the answer, or one of several.
    Stands,
    /// Replaced, and still governing: a confirmation or settlement can let it go.
    Held,
    /// Let go, or making no difference. It is kept, and counts no more.
    Earlier,
}

/// One value.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ValueShown {
    /// What names it, with its place.
    pub id: ChangeId,
    /// The answer; nothing where it was taken back or can't be read.
    pub answer: Option<Answer>,
    /// Why it was taken back, if this takes back what was there.
    pub retracted: Option<String>,
    /// In words.
    pub words: String,
    /// How it came to be told, where that was stated.
    pub told: Option<Told>,
    /// Who entered it, and when.
    pub said: Said,
    /// How it stands.
    pub standing: ValueStanding,
}

/// How a settlement stands.
#[uniffi::remote(Enum)]
pub enum SettlementState {
    /// It counts.
    Counts,
    /// A second, different one contradicts it: the place is open again.
    Contradicted,
    /// A value stands beside it that it does not name: the place is open again.
    Overtaken,
    /// A later one decided between it and another.
    Replaced,
    /// It lowers a level, and its author has no role for that.
    NeedsRole,
    /// Its author has neither part nor role in this.
    NotAllowed,
}

/// One settlement.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct SettlementShown {
    /// Which.
    pub id: RecordId,
    /// Who settled, and when.
    pub said: Said,
    /// Whether it was settled at HQ.
    pub at_hq: bool,
    /// The values seen.
    pub seen: Vec<ChangeId>,
    /// The one chosen.
    pub choice: ChangeId,
    /// The chosen value in words.
    pub words: String,
    /// Why.
    pub reason: String,
    /// How it stands.
    pub state: SettlementState,
}

impl Reader<'_> {
    pub(super) fn assessment(&self, view: AssessmentView) -> AssessmentShown {
        let AssessmentView {
            id,
            key,
            protocol,
            title,
            not_validated,
            started,
            items,
            flow,
            scores,
            stages,
            pairs,
            answered,
            total,
            missing,
            contested,
            level,
            replaced_by,
            digest: _, // An acceptance names it, and the core looks it up.
        } = view;
        // Answers that no question takes are among the places; the counts and what is missing are the assessment's own.
        let draft_wording = flow
            .as_ref()
            .is_some_and(|flow| flow.is_draft(self.language));
        let Flow {
            alerts,
            steps,
            too_many,
            problems,
            draft_languages: _, // Said of the phone's own language.
            answered: _,
            total: _,
            missing: _,
            next,
            unplaced: _,
        } = flow.unwrap_or_default();
        AssessmentShown {
            draft_wording,
            problems: problems.into_iter().map(|one| self.problem(one)).collect(),
            started: self.said(started),
            warnings: alerts
                .into_iter()
                .map(|alert| warning(alert, self.language))
                .collect(),
            steps: self.steps(steps),
            next,
            too_many,
            places: items.into_iter().map(|item| self.place(item)).collect(),
            stages: stages.into_iter().map(|one| self.stage(one)).collect(),
            pairs: pairs.into_iter().map(|one| self.pair(one)).collect(),
            totals: scores.into_iter().map(|one| self.total(one)).collect(),
            answered: count(answered),
            total: count(total),
            id,
            key,
            protocol,
            title,
            not_validated,
            missing,
            contested,
            level,
            replaced_by,
        }
    }

    fn place(&self, item: ItemView) -> PlaceShown {
        let to_settle = item.to_settle();
        let ItemView {
            path,
            question,
            prefix,
            depth,
            open,
            unplaced,
            values,
            earlier,
            contested,
            settlements,
        } = item;
        let all =
            |values: Vec<ValueView>| values.into_iter().map(|value| self.value(value)).collect();
        PlaceShown {
            depth: count(depth),
            values: all(values),
            earlier: all(earlier),
            settlements: settlements
                .into_iter()
                .map(|one| self.settlement(one))
                .collect(),
            to_settle,
            path,
            question,
            prefix,
            open,
            unplaced,
            contested,
        }
    }

    fn problem(&self, problem: Problem) -> ProblemShown {
        let Problem {
            path,
            key: _, // The file's own name for it.
            words,
            only_warns,
        } = problem;
        ProblemShown {
            path,
            words: self.words(&words),
            only_warns,
        }
    }

    pub(super) fn value(&self, value: ValueView) -> ValueShown {
        let ValueView {
            id,
            answer,
            retracted,
            words,
            told,
            stamp,
            standing,
        } = value;
        ValueShown {
            id,
            answer,
            retracted,
            words,
            told,
            said: self.said(stamp),
            standing,
        }
    }

    fn settlement(&self, view: SettlementView) -> SettlementShown {
        let SettlementView {
            id,
            stamp,
            half,
            seen,
            choice,
            words,
            reason,
            state,
        } = view;
        let at_hq = half == mooring_casefile::Half::Hq;
        SettlementShown {
            id,
            said: self.said(stamp),
            at_hq,
            seen,
            choice,
            words,
            reason,
            state,
        }
    }
}
