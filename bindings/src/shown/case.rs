//! The whole case.

use super::{AdviceShown, AssessmentShown, Reader, RiskShown, Said, ValueShown, count};
use crate::rows::{self, moment};
use mooring_casefile::{
    Ask, CaseId, CaseView, Entry, Half, Override, OverrideView, RecordId, Review,
};
use mooring_casefile::{TimelineEntry, TimelineKind};
use mooring_device::{AtHq, SyncState};
use mooring_protocol::{Domain, Level};
use std::time::SystemTime;

/// Everything known of a case.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseShown {
    /// Which.
    pub case: CaseId,
    /// What the team calls it; several titles joined where two people changed it at once.
    pub title: String,
    /// Who began it, and when.
    pub created: Option<Said>,
    /// Whether the person is a minor, where anything says so.
    pub minor: Option<bool>,
    /// Every value ever given for that.
    pub minor_values: Vec<ValueShown>,
    /// What the case comes to.
    pub risk: RiskShown,
    /// The assessments, in the order in which they were begun.
    pub assessments: Vec<AssessmentShown>,
    /// What the team asks, oldest first.
    pub asks: Vec<Asked>,
    /// Levels by judgment, oldest first.
    pub judgments: Vec<OverrideShown>,
    /// Signed reviews, oldest first.
    pub reviews: Vec<ReviewShown>,
    /// Advice, oldest first.
    pub advice: Vec<AdviceShown>,
    /// All that happened by time, oldest first.
    pub timeline: Vec<Happening>,
    /// What HQ has of it.
    pub sync: Sync,
    /// How many records and values a newer version of the app wrote.
    pub unreadable: i64,
}

/// A question of the team.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Asked {
    /// Which.
    pub id: RecordId,
    /// Who asked, and when.
    pub said: Said,
    /// The question.
    pub question: String,
    /// The number to call back.
    pub call_back: Option<String>,
}

/// A level by a person's judgment.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct OverrideShown {
    /// Which; an acceptance names it.
    pub id: RecordId,
    /// Who, and when.
    pub said: Said,
    /// Of which domain.
    pub domain: Domain,
    /// The level.
    pub level: Level,
    /// Why.
    pub reason: String,
    /// Whether it is downward and not accepted: it stands beside the level that governs.
    pub waiting: bool,
}

/// A psychiatrist's signed reading.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReviewShown {
    /// Which.
    pub id: RecordId,
    /// Who signed, and when.
    pub said: Said,
    /// Impression.
    pub impression: String,
    /// Medication considerations: considerations, not orders.
    pub medication: String,
    /// Plan.
    pub plan: String,
    /// Feedback to the responder.
    pub feedback: String,
    /// Whether an older version was signed as such.
    pub older: bool,
}

/// One thing that happened, in words.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Happening {
    /// Who entered it, and when.
    pub said: Said,
    /// Whether it happened at HQ.
    pub at_hq: bool,
    /// What kind of thing.
    pub kind: TimelineKind,
    /// In words, without who and when.
    pub words: String,
}

/// What kind of thing happened.
#[uniffi::remote(Enum)]
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
    /// The case was opened at HQ.
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

/// What HQ has of a case, by HQ's signed receipts alone.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Sync {
    /// All of it in a line, as a screen shows it: "HQ does not know yet", "at HQ 02:43, opened by nobody yet".
    pub words: String,
    /// Changes that are on this phone only.
    pub unsent: i64,
    /// Changes of this phone on HQ's disk, not in its case file yet.
    pub received: i64,
    /// Changes of this phone in HQ's case file.
    pub merged: i64,
    /// Changes of this phone that wait at HQ for what they build on.
    pub waiting: i64,
    /// Changes of this phone that HQ holds for a person.
    pub held: i64,
    /// When HQ first said that it holds something of this case, by HQ's clock.
    pub first_receipt: Option<SystemTime>,
    /// When HQ last said so.
    pub last_receipt: Option<SystemTime>,
    /// Who opened the case at HQ, oldest first.
    pub opened: Vec<Said>,
    /// Runs from HQ that wait on this phone for what they build on.
    pub waiting_here: i64,
    /// Runs from HQ that the guard did not let in.
    pub held_here: i64,
}

impl Reader<'_> {
    pub(crate) fn case(&self, view: CaseView, sync: SyncState) -> CaseShown {
        let CaseView {
            case,
            version: _, // Reviews and advice name it; the core compares.
            title,
            created,
            minor,
            minor_values,
            risk,
            strip: _, // The psychiatrist's page shows it.
            assessments,
            events: _,      // In the timeline.
            acceptances: _, // In the timeline; what they do is in the risk.
            asks,
            overrides,
            reviews,
            advice,
            openings: _, // In `sync`.
            timeline,
            unreadable,
        } = view;
        CaseShown {
            case,
            title,
            created: created.map(|stamp| self.said(stamp)),
            minor,
            minor_values: minor_values
                .into_iter()
                .map(|value| self.value(value))
                .collect(),
            risk: self.risk(risk),
            assessments: assessments
                .into_iter()
                .map(|one| self.assessment(one))
                .collect(),
            asks: asks.into_iter().map(|entry| self.asked(entry)).collect(),
            judgments: overrides
                .into_iter()
                .map(|entry| self.judgment(entry))
                .collect(),
            reviews: reviews
                .into_iter()
                .map(|entry| self.review(entry))
                .collect(),
            advice: advice.into_iter().map(|one| self.advice(one)).collect(),
            timeline: timeline
                .into_iter()
                .map(|entry| self.happening(entry))
                .collect(),
            sync: self.sync(sync),
            unreadable: count(unreadable),
        }
    }

    fn asked(&self, entry: Entry<Ask>) -> Asked {
        let Entry {
            id,
            stamp,
            half: _,
            what: Ask {
                question,
                call_back,
            },
        } = entry;
        Asked {
            id,
            said: self.said(stamp),
            question,
            call_back,
        }
    }

    fn judgment(&self, entry: Entry<OverrideView>) -> OverrideShown {
        let Entry {
            id,
            stamp,
            half: _,
            what: OverrideView { said, waiting },
        } = entry;
        let Override {
            domain,
            level,
            reason,
        } = said;
        OverrideShown {
            id,
            said: self.said(stamp),
            domain,
            level,
            reason,
            waiting,
        }
    }

    fn review(&self, entry: Entry<Review>) -> ReviewShown {
        let Review {
            impression,
            medication,
            plan,
            feedback,
            older,
            ..
        } = entry.what;
        let said = self.said(entry.stamp);
        ReviewShown {
            id: entry.id,
            said,
            impression,
            medication,
            plan,
            feedback,
            older,
        }
    }

    fn happening(&self, entry: TimelineEntry) -> Happening {
        let TimelineEntry {
            at: _,
            stamp,
            half,
            kind,
            words,
        } = entry;
        Happening {
            said: self.said(stamp),
            at_hq: half == Half::Hq,
            kind,
            words,
        }
    }

    fn sync(&self, state: SyncState) -> Sync {
        let SyncState {
            unsent,
            at_hq,
            received_ms,
            opened,
            // The words tell of it.
            from_partner: _,
            waiting_here,
            held_here,
            words,
        } = state;
        let AtHq {
            received,
            merged,
            waiting,
            held,
        } = at_hq;
        let (first, last) = received_ms.unzip();
        Sync {
            words,
            unsent: rows::count(unsent),
            received: rows::count(received),
            merged: rows::count(merged),
            waiting: rows::count(waiting),
            held: rows::count(held),
            first_receipt: first.map(moment),
            last_receipt: last.map(moment),
            opened: self.all_said(&opened),
            waiting_here: rows::count(waiting_here),
            held_here: rows::count(held_here),
        }
    }
}
