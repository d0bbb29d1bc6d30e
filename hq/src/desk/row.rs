//! One case as a list shows it: what was worked out when it changed, and what depends on the clock.

use mooring_casefile::{CaseId, Now, PersonId, RecordId, Risk, Shelf};
use mooring_protocol::ShownLevel;

use crate::access::Session;
use crate::caseboard::{self, Opening, Shelves, Survey, Unfinished};
use crate::ledger::LedgerError;
use crate::office::Office;

/// An assessment that is unfinished for this long is flagged.
const FLAG_AFTER_MS: i64 = 20 * 60 * 1000;

/// One case in the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// Which.
    pub case: CaseId,
    /// What the team calls it.
    pub title: String,
    /// Where, if that was said.
    pub place: Option<String>,
    /// Whether it was said that the team is on scene.
    pub on_scene: bool,
    /// What governs, as it is shown.
    pub level: ShownLevel,
    /// All that was derived.
    pub risk: Risk,
    /// Why, worst first, in the words of the answers.
    pub reasons: Vec<String>,
    /// Whether people differ anywhere.
    pub contested: bool,
    /// The assessment that has been unfinished for longest.
    pub unfinished: Option<Unfinished>,
    /// What the team asks and nobody has answered.
    pub asks: Vec<OpenAsk>,
    /// Whether it was reviewed.
    pub review: ReviewState,
    /// Since when it waits at HQ; for a case that no longer waits, when it last had news.
    pub waiting_since_ms: i64,
    /// When the newest finding was entered, by its phone's clock.
    pub findings_ms: Option<i64>,
    /// Who opened it last since it waits.
    pub opened: Option<Opening>,
    /// By when it must be opened, if nobody has.
    pub deadline: Option<Deadline>,
    /// Runs that wait for what they build on.
    pub waiting_runs: usize,
    /// Runs that are held for a person.
    pub held_runs: usize,
    /// Everyone in the field who wrote in it, by name.
    pub team: Vec<String>,
    /// The same, by id.
    pub team_ids: Vec<PersonId>,
}

/// An open question of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAsk {
    /// Its record.
    pub id: RecordId,
    /// The question.
    pub question: String,
    /// The number to call back.
    pub call_back: Option<String>,
    /// When it was asked, by the phone's clock.
    pub at_ms: i64,
    /// Who asks.
    pub by: String,
    /// Whether the team may still be there.
    pub on_scene: bool,
}

/// Whether a case was reviewed, as this reader is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewState {
    /// Never.
    Unreviewed,
    /// The last review covers everything clinical.
    Current {
        /// Whose.
        by: String,
        /// When.
        at_ms: i64,
    },
    /// Something clinical changed since the last review.
    Changed {
        /// Whose.
        by: String,
        /// When.
        at_ms: i64,
        /// Whether it is this reader's own.
        mine: bool,
    },
}

/// By when a case must be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub due_ms: i64,
    /// Whether that is over.
    pub overdue: bool,
    /// How many rungs of the ladder have run.
    pub rungs_run: usize,
}

/// The row of one case; none before anything of it is known.
pub(super) fn row(
    office: &Office,
    survey: &Survey,
    shelves: &Shelves,
    by: &Session,
    now: Now,
) -> Result<Option<QueueRow>, LedgerError> {
    let Some(risk) = survey.risk.clone() else {
        return Ok(None);
    };
    let waiting_since_ms = survey.waiting_since_ms.unwrap_or(survey.last_ms);
    let opened = survey
        .openings
        .iter()
        .rev()
        .find(|opening| opening.at_ms >= waiting_since_ms)
        .copied();
    Ok(Some(QueueRow {
        case: survey.case,
        title: survey.title.clone(),
        place: survey.scene.place().map(str::to_owned),
        on_scene: survey.scene.is_there(),
        level: risk.shown(),
        contested: risk.contested,
        unfinished: unfinished(&risk, survey, now),
        asks: survey
            .asks
            .iter()
            .map(|ask| open_ask(ask, survey, shelves))
            .collect(),
        review: review_state(survey, shelves, by),
        reasons: reasons(&risk),
        waiting_since_ms,
        findings_ms: survey.findings_ms,
        opened,
        deadline: deadline(office, survey, now)?,
        waiting_runs: survey.waiting.len(),
        held_runs: survey.held.len(),
        team: survey
            .team
            .iter()
            .map(|person| shelves.name(person))
            .collect(),
        team_ids: survey.team.clone(),
        risk,
    }))
}

fn open_ask(ask: &caseboard::OpenAsk, survey: &Survey, shelves: &Shelves) -> OpenAsk {
    OpenAsk {
        id: ask.id,
        question: ask.question.clone(),
        call_back: ask.call_back.clone(),
        at_ms: ask.at_ms,
        by: shelves.name(&ask.by),
        on_scene: survey.scene.may_be_there(),
    }
}

fn review_state(survey: &Survey, shelves: &Shelves, reader: &Session) -> ReviewState {
    match survey.review {
        caseboard::ReviewState::Unreviewed => ReviewState::Unreviewed,
        caseboard::ReviewState::Current { by, at_ms } => ReviewState::Current {
            by: shelves.name(&by),
            at_ms,
        },
        caseboard::ReviewState::Changed { by, at_ms } => ReviewState::Changed {
            by: shelves.name(&by),
            at_ms,
            mine: by == reader.staff,
        },
    }
}

/// Each reason once, in the order of the derivation: worst first.
fn reasons(risk: &Risk) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for reason in risk.reasons.iter().map(|one| &one.reason.text) {
        if !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    reasons
}

fn unfinished(risk: &Risk, survey: &Survey, now: Now) -> Option<Unfinished> {
    let oldest = risk
        .unfinished
        .iter()
        .min_by_key(|one| one.started.at.wall_ms)?;
    // A phone whose clock is unknown or runs ahead must not make an old assessment look new: by now HQ has heard of it.
    let said_ms = oldest.started.at.wall_ms;
    let believable = oldest.started.at.is_known() && said_ms <= survey.last_ms;
    let started_ms = if believable { said_ms } else { survey.first_ms };
    Some(Unfinished {
        title: oldest.title.clone(),
        started_ms,
        answered: oldest.answered,
        total: oldest.total,
        flagged: now.wall_ms - started_ms >= FLAG_AFTER_MS,
    })
}

fn deadline(office: &Office, survey: &Survey, now: Now) -> Result<Option<Deadline>, LedgerError> {
    let Some(watch) = survey.watch() else {
        return Ok(None);
    };
    let run = office.ledger.alerts(survey.case)?;
    let rungs_run = run
        .iter()
        .filter(|alert| alert.since_ms == watch.since_ms)
        .count();
    let due_ms = watch.due_ms();
    Ok(Some(Deadline {
        due_ms,
        overdue: due_ms <= now.wall_ms,
        rungs_run,
    }))
}
