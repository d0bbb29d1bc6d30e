//! Everything known of a case as plain data, for phones and pages. It renders nothing.

mod advice;
mod assessment;
mod derive;
mod timeline;

use mooring_protocol::{
    Answer, AnswerPath, Flow, Pair, ProtocolHash, Score, Sheet, ShownLevel, Stage, StripFact,
    StripField,
};

use crate::{
    ids::{AssessmentId, CaseId, ChangeId, Digest, RecordId},
    moment::{Moment, Stamp},
    record::{Accepted, Ask, Event, Mark, Override, Review},
    risk::Risk,
    run::{Half, Version},
    told::Told,
};

/// Everything known of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseView {
    /// Which case.
    pub case: CaseId,
    /// The version that this is a view of.
    pub version: Version,
    /// What the team calls it; several titles joined where two people changed it at once.
    pub title: String,
    /// Who began it, and when.
    pub created: Option<Stamp>,
    /// Whether the person is a minor, where anything says so.
    pub minor: Option<bool>,
    /// Every value ever given for that.
    pub minor_values: Vec<ValueView>,
    /// What the case comes to.
    pub risk: Risk,
    /// The facts of the first strip, in its order; no facts is "not asked".
    pub strip: Vec<(StripField, Vec<StripEntry>)>,
    /// The assessments, in the order in which they were begun.
    pub assessments: Vec<AssessmentView>,
    /// What happened on the visit, oldest first.
    pub events: Vec<Entry<Event>>,
    /// What the team asks, oldest first.
    pub asks: Vec<Entry<Ask>>,
    /// Levels by judgment, oldest first.
    pub overrides: Vec<Entry<OverrideView>>,
    /// What was accepted to govern downward, oldest first.
    pub acceptances: Vec<Entry<AcceptanceView>>,
    /// Signed reviews, oldest first.
    pub reviews: Vec<Entry<Review>>,
    /// Advice, oldest first.
    pub advice: Vec<AdviceView>,
    /// Who opened the case at headquarters, oldest first.
    pub openings: Vec<Stamp>,
    /// All of it by time, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// How many records and values a later version of this software wrote.
    pub unreadable: usize,
}

impl CaseView {
    /// The assessment with this id.
    pub fn assessment(&self, id: AssessmentId) -> Option<&AssessmentView> {
        self.assessments.iter().find(|one| one.id == id)
    }
}

/// A record with who stated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    /// Its id.
    pub id: RecordId,
    /// Who, when, in which change.
    pub stamp: Stamp,
    /// In which half it stands.
    pub half: Half,
    /// What.
    pub what: T,
}

/// A fact of the first strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripEntry {
    /// In which assessment.
    pub assessment: AssessmentId,
    /// The fact.
    pub fact: StripFact,
    /// Who entered it, and when.
    pub stamps: Vec<Stamp>,
}

/// One assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentView {
    /// Which.
    pub id: AssessmentId,
    /// Its protocol's key.
    pub key: String,
    /// Its protocol.
    pub protocol: ProtocolHash,
    /// Its title; nothing where the protocol is not here.
    pub title: Option<String>,
    /// Whether "not a validated instrument" must stand with it. True where nobody knows.
    pub not_validated: bool,
    /// Who began it, and when.
    pub started: Stamp,
    /// Every question in the protocol's order, then answers that no question takes.
    pub items: Vec<ItemView>,
    /// The steps as the protocol gives them for what stands; nothing where the protocol is not here.
    pub flow: Option<Flow>,
    /// The totals of what stands, as ranges where something is missing.
    pub scores: Vec<Score>,
    /// The stages of a guide, with what was tried and whether it helped.
    pub stages: Vec<Stage>,
    /// How something was before and after.
    pub pairs: Vec<Pair>,
    /// Open questions with an answer.
    pub answered: usize,
    /// Open questions.
    pub total: usize,
    /// What is open, wants an answer and has none.
    pub missing: Vec<AnswerPath>,
    /// Whether people differ anywhere in it.
    pub contested: bool,
    /// The worst level that it gives by itself; nothing where its protocol gives none.
    pub level: Option<ShownLevel>,
    /// The assessment that took its place, by an acceptance that counts.
    pub replaced_by: Option<AssessmentId>,
    /// What an acceptance of it names.
    pub digest: Digest,
}

impl AssessmentView {
    /// What stands, contested values included: what a protocol's `accept` and `rechecks` want.
    pub fn sheet(&self) -> Sheet {
        let mut sheet = read_from(self.started);
        for item in &self.items {
            for answer in item.values.iter().filter_map(|value| value.answer.clone()) {
                sheet.add(item.path.clone(), answer);
            }
        }
        sheet
    }
}

/// An empty sheet whose `today()` and `now()` are the moment at which the assessment was begun. That one is written down and stays: no
/// level changes because a day went by or because somebody reads it somewhere else. A clock out of range leaves them unknown.
pub(crate) fn read_from(started: Stamp) -> Sheet {
    if started.at.is_known() {
        Sheet::at(&started.at.to_string())
    } else {
        Sheet::new()
    }
}

/// One place for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemView {
    /// Where.
    pub path: AnswerPath,
    /// The question, or the linkId where nobody knows it.
    pub question: String,
    /// What stands before it, as `1.`.
    pub prefix: String,
    /// How deep it is nested; 0 at the top.
    pub depth: usize,
    /// Whether it is asked, with what stands.
    pub open: bool,
    /// Whether no question of the protocol takes it.
    pub unplaced: bool,
    /// What stands; several where people differ, or say the same independently.
    pub values: Vec<ValueView>,
    /// What stood before, oldest first; some of it may be held.
    pub earlier: Vec<ValueView>,
    /// Whether people differ.
    pub contested: bool,
    /// What was settled here.
    pub settlements: Vec<SettlementView>,
}

impl ItemView {
    /// Whether it is asked and has no answer.
    pub fn is_missing(&self) -> bool {
        self.open && self.values.iter().all(|value| value.answer.is_none())
    }

    /// Values that a settlement now would have to name: those that stand and those that are held.
    pub fn to_settle(&self) -> Vec<ChangeId> {
        let held = self
            .earlier
            .iter()
            .filter(|value| value.standing == ValueStanding::Held);
        self.values
            .iter()
            .chain(held)
            .map(|value| value.id)
            .collect()
    }

    /// Settlements that contradict each other: what a settlement now must say that it replaces.
    pub fn contradicting(&self) -> Vec<RecordId> {
        let open = self
            .settlements
            .iter()
            .filter(|one| one.state == SettlementState::Contradicted);
        open.map(|one| one.id).collect()
    }
}

/// How a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueStanding {
    /// It is the answer, or one of several.
    Stands,
    /// Replaced, and still governing: a confirmation or settlement can let it go.
    Held,
    /// Let go, or making no difference. It is kept, and counts no more.
    Earlier,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueView {
    /// The change that wrote it: with the path its identity.
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
    pub stamp: Stamp,
    /// How it stands.
    pub standing: ValueStanding,
}

/// How a settlement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettlementState {
    /// It counts.
    Counts,
    /// A second, different one contradicts it: the place is open again.
    Contradicted,
    /// A value stands beside it that it does not name: the place is open again.
    Overtaken,
    /// A later one decided between it and another.
    Replaced,
    /// It lowers a level, and its author has no role for that (rule 6).
    NeedsRole,
    /// Its author has neither part nor role in this.
    NotAllowed,
}

/// One settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementView {
    /// Its id.
    pub id: RecordId,
    /// Who settled, and when.
    pub stamp: Stamp,
    /// In which half it stands.
    pub half: Half,
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

/// An override and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideView {
    /// What was said.
    pub said: Override,
    /// Whether it is downward and not accepted: it stands beside the level.
    pub waiting: bool,
}

/// An acceptance and whether it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptanceView {
    /// What was accepted.
    pub accepted: Accepted,
    /// Why.
    pub reason: String,
    /// Whether it counts: a role stood behind it, and nothing changed since.
    pub counts: bool,
}

/// One piece of advice and how far it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdviceView {
    /// Its id.
    pub id: RecordId,
    /// Who wrote it, and when.
    pub stamp: Stamp,
    /// The words.
    pub text: String,
    /// The version that it was written on.
    pub written_on: Version,
    /// Until when it stands.
    pub expires_ms: Option<i64>,
    /// The advice that it takes the place of.
    pub replaces: Option<RecordId>,
    /// The advice that took its place.
    pub replaced_by: Option<RecordId>,
    /// Who took it back, when and why.
    pub withdrawn: Option<(Stamp, String)>,
    /// Marks of the phones, oldest first: delivered, read, acted on.
    pub marks: Vec<(Mark, Stamp)>,
    /// Whether risk, allergies, medicines or substances changed since: "written before this: call". Nothing where the
    /// version it was written on is not known here.
    pub overtaken: Option<bool>,
}

impl AdviceView {
    /// Whether it stands: not withdrawn, not replaced, not expired by this clock.
    pub fn stands_at(&self, wall_ms: i64) -> bool {
        let expired = self.expires_ms.is_some_and(|until| until <= wall_ms);
        self.withdrawn.is_none() && self.replaced_by.is_none() && !expired
    }

    /// How far it came on any phone, if it came.
    pub fn furthest(&self) -> Option<Mark> {
        self.marks.iter().map(|(mark, _)| *mark).max()
    }
}

/// One thing that happened, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When it was entered.
    pub at: Moment,
    /// Who entered it.
    pub stamp: Stamp,
    /// In which half.
    pub half: Half,
    /// What kind of thing.
    pub kind: TimelineKind,
    /// In words, without who and when.
    pub words: String,
}

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineKind {
    /// The case began.
    Created,
    /// An assessment began.
    Started,
    /// Something was answered.
    Answered,
    /// An answer was taken back.
    Retracted,
    /// An earlier value was let go.
    Confirmed,
    /// A contested value was settled.
    Settled,
    /// Something was accepted to govern downward.
    Accepted,
    /// A level by judgment.
    Overridden,
    /// Something happened on the visit.
    Event,
    /// The team asked.
    Asked,
    /// The case was opened at headquarters.
    Opened,
    /// A review was signed.
    Reviewed,
    /// Advice was written.
    Advised,
    /// Advice was taken back.
    Withdrawn,
    /// Advice came further on a phone.
    Marked,
}
