//! What the queue shows of one case: derived whenever the case changes, and good until it changes again.
//!
//! Only what depends on the clock is left to whoever reads it.

mod asks;
mod runs;
mod scene;
mod waits;

use std::collections::BTreeSet;

use mooring_casefile::{
    CaseFile, CaseId, CaseView, Entry, Event, Half, Moment, PersonId, RecordId, Risk, TimelineKind,
    Version,
};

pub(crate) use asks::OpenAsk;
pub use runs::HeldRun;
pub(crate) use scene::Scene;

use super::order::{Asked, Place, Progress};
use super::{Board, LoadError, Shelves, Watch};
use crate::ledger::RunRow;
use crate::office::Office;

/// An assessment that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its title.
    pub title: String,
    /// When it was begun, by the phone's clock.
    pub started_ms: i64,
    /// Open questions with an answer.
    pub answered: usize,
    /// Open questions.
    pub total: usize,
    /// Whether it has been unfinished for twenty minutes.
    pub flagged: bool,
}

/// Whether the case was reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReviewState {
    /// Never.
    Unreviewed,
    /// The last review covers everything clinical.
    Current {
        /// Whose.
        by: PersonId,
        /// When.
        at_ms: i64,
    },
    /// Something clinical changed since the last review.
    Changed {
        /// Whose.
        by: PersonId,
        /// When.
        at_ms: i64,
    },
}

/// Somebody at HQ opened the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Who.
    pub person: PersonId,
    /// When.
    pub at_ms: i64,
}

/// One case as the queue has it.
#[derive(Debug, Clone)]
pub(crate) struct Survey {
    pub(crate) case: CaseId,
    pub(crate) title: String,
    pub(crate) scene: Scene,
    pub(crate) risk: Option<Risk>,
    pub(crate) asks: Vec<OpenAsk>,
    pub(crate) review: ReviewState,
    pub(crate) openings: Vec<Opening>,
    pub(crate) team: Vec<PersonId>,
    pub(crate) findings_ms: Option<i64>,
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    /// Since when it waits for a review; none if a review covers it.
    pub(crate) waiting_since_ms: Option<i64>,
    pub(crate) waiting: Vec<HeldRun>,
    pub(crate) held: Vec<HeldRun>,
    pub(crate) glasses: Vec<Entry<Event>>,
    /// Somebody closed it, and nothing was entered since.
    pub(crate) closed: bool,
    watch: Option<Watch>,
    reviewed: Option<RecordId>,
    seen: Option<waits::SeenAt>,
    answered: BTreeSet<RecordId>,
    answering: BTreeSet<Version>,
}

impl Survey {
    pub(crate) fn new(case: CaseId) -> Self {
        Self {
            case,
            title: String::new(),
            scene: Scene::default(),
            risk: None,
            asks: Vec::new(),
            review: ReviewState::Unreviewed,
            openings: Vec::new(),
            team: Vec::new(),
            findings_ms: None,
            first_ms: 0,
            last_ms: 0,
            waiting_since_ms: None,
            waiting: Vec::new(),
            held: Vec::new(),
            glasses: Vec::new(),
            closed: false,
            watch: None,
            reviewed: None,
            seen: None,
            answered: BTreeSet::new(),
            answering: BTreeSet::new(),
        }
    }

    /// What waits to be opened, if it does.
    pub(crate) fn watch(&self) -> Option<Watch> {
        self.watch
    }

    /// Where it stands in the queue; none before anything of it is known.
    pub(crate) fn place(&self) -> Option<Place> {
        let risk = self.risk.as_ref()?;
        let asks = !self.asks.is_empty() && self.scene.may_be_there();
        Some(Place {
            level: risk.shown(),
            asked: if asks { Asked::OnScene } else { Asked::Not },
            progress: if risk.unfinished.is_empty() {
                Progress::Finished
            } else {
                Progress::Unfinished
            },
            waiting_since_ms: self.waiting_since_ms.unwrap_or(self.last_ms),
        })
    }

    /// Whether it names a protocol that was not here when it was worked out.
    pub(super) fn lacks_protocols(&self) -> bool {
        self.risk
            .as_ref()
            .is_some_and(|risk| !risk.unknown_protocols.is_empty())
    }

    /// Whether anybody at HQ has something to do about it.
    pub(crate) fn waits(&self) -> bool {
        self.waiting_since_ms.is_some() || !self.asks.is_empty() || !self.held.is_empty()
    }
}

impl Board {
    /// Works out one case's survey anew.
    pub(crate) fn survey(&mut self, office: &Office, case: CaseId) -> Result<(), LoadError> {
        let shelves = self.shelves();
        let Some(on_board) = self.cases.get(&case) else {
            return Ok(());
        };
        let rows = office.ledger.runs(case)?;
        let survey = draw(office, &on_board.file, &shelves, &rows, &on_board.survey)?;
        if let Some(on_board) = self.cases.get_mut(&case) {
            on_board.survey = survey;
        }
        Ok(())
    }
}

fn draw(
    office: &Office,
    file: &CaseFile,
    shelves: &Shelves,
    rows: &[RunRow],
    before: &Survey,
) -> Result<Survey, LoadError> {
    let view = file.view(shelves);
    let field = || rows.iter().filter(|row| row.run.half == Half::Field);
    let mut survey = Survey {
        title: view.title.clone(),
        scene: Scene::of(&view),
        openings: view
            .openings
            .iter()
            .map(|stamp| Opening {
                person: stamp.who.person,
                at_ms: stamp.at.wall_ms,
            })
            .collect(),
        team: team(&view),
        findings_ms: findings(&view),
        first_ms: field().map(|row| row.received_ms).min().unwrap_or(0),
        last_ms: field().map(|row| row.received_ms).max().unwrap_or(0),
        waiting: runs::waiting(rows),
        held: runs::held(rows),
        glasses: file.broken_glasses(),
        closed: file.closed().is_some(),
        ..before.clone()
    };
    survey.note_answers(file, &view, shelves);
    survey.asks = asks::open(&view, &survey.answered);
    survey.note_review(office, file, &view, shelves, rows)?;
    survey.risk = Some(view.risk);
    survey.note_watch(office, shelves, rows)?;
    Ok(survey)
}

/// Everyone who wrote in the field half, in the order in which they first did.
fn team(view: &CaseView) -> Vec<PersonId> {
    let mut team = Vec::new();
    for entry in view
        .timeline
        .iter()
        .filter(|entry| entry.half == Half::Field)
    {
        if !team.contains(&entry.stamp.who.person) {
            team.push(entry.stamp.who.person);
        }
    }
    team
}

/// When the newest finding was entered, by the clock of the phone that entered it.
fn findings(view: &CaseView) -> Option<i64> {
    let clinical = view.timeline.iter().filter(|entry| match entry.kind {
        TimelineKind::Answered
        | TimelineKind::Retracted
        | TimelineKind::Confirmed
        | TimelineKind::Settled
        | TimelineKind::Overridden
        | TimelineKind::Started
        | TimelineKind::Event
        | TimelineKind::Asked => entry.half == Half::Field,
        TimelineKind::Created
        | TimelineKind::Accepted
        | TimelineKind::Opened
        | TimelineKind::Reviewed
        | TimelineKind::Advised
        | TimelineKind::Withdrawn
        | TimelineKind::Marked => false,
    });
    clinical
        .map(|entry| entry.at)
        .filter(|at: &Moment| at.is_known())
        .map(|at| at.wall_ms)
        .max()
}
