//! Since when a case waits for a review, and since when nobody has opened what they should have.

use mooring_casefile::{CaseFile, CaseView, Merge};

use super::{ReviewState, Shelves, Survey, Watch};
use crate::caseboard::LoadError;
use crate::caseboard::load::attribution;
use crate::ledger::{Fate, RunRow};
use crate::office::Office;

/// What governed when somebody last opened the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SeenAt {
    opened_ms: i64,
    queue_rank: u8,
}

impl Survey {
    /// The newest review, and whether anything clinical changed since (decision 14).
    pub(super) fn note_review(
        &mut self,
        office: &Office,
        file: &CaseFile,
        view: &CaseView,
        shelves: &Shelves,
        rows: &[RunRow],
    ) -> Result<(), LoadError> {
        let Some(review) = view.reviews.last() else {
            (self.review, self.waiting_since_ms) = (ReviewState::Unreviewed, Some(self.first_ms));
            return Ok(());
        };
        let (by, at_ms) = (review.stamp.who.person, review.stamp.at.wall_ms);
        let reviewed = file.at(&review.what.version).ok();
        let unchanged = reviewed
            .as_ref()
            .is_some_and(|then| file.difference(then, shelves).lines.is_empty());
        if unchanged {
            (self.review, self.waiting_since_ms) = (ReviewState::Current { by, at_ms }, None);
        } else {
            let same = self.reviewed == Some(review.id)
                && matches!(self.review, ReviewState::Changed { .. });
            if !same || self.waiting_since_ms.is_none() {
                self.waiting_since_ms =
                    Some(first_change(office, reviewed, shelves, rows)?.unwrap_or(self.last_ms));
            }
            self.review = ReviewState::Changed { by, at_ms };
        }
        self.reviewed = Some(review.id);
        Ok(())
    }

    /// Nobody has opened it since it waits, or its level has risen since somebody did.
    pub(super) fn note_watch(
        &mut self,
        office: &Office,
        shelves: &Shelves,
        rows: &[RunRow],
    ) -> Result<(), LoadError> {
        let (Some(waiting), Some(risk)) = (self.waiting_since_ms, &self.risk) else {
            self.watch = None;
            return Ok(());
        };
        let (level, case) = (risk.shown(), self.case);
        let opened = self
            .openings
            .iter()
            .map(|opening| opening.at_ms)
            .filter(|at_ms| *at_ms >= waiting)
            .max();
        let Some(opened_ms) = opened else {
            self.watch = Some(Watch {
                case,
                level,
                since_ms: waiting,
            });
            return Ok(());
        };
        let seen = match self.seen {
            Some(seen) if seen.opened_ms == opened_ms => seen,
            Some(_) | None => SeenAt {
                opened_ms,
                queue_rank: rank_at(office, case, opened_ms, shelves, rows)?,
            },
        };
        self.seen = Some(seen);
        let rose = level.queue_rank() < seen.queue_rank;
        let since_ms = self
            .watch
            .map(|watch| watch.since_ms)
            .filter(|since_ms| *since_ms > opened_ms);
        self.watch = rose.then(|| Watch {
            case,
            level,
            since_ms: since_ms.unwrap_or(self.last_ms),
        });
        Ok(())
    }
}

/// When the first run arrived that made a clinical difference to what was reviewed.
fn first_change(
    office: &Office,
    reviewed: Option<CaseFile>,
    shelves: &Shelves,
    rows: &[RunRow],
) -> Result<Option<i64>, LoadError> {
    let Some(reviewed) = reviewed else {
        return Ok(None);
    };
    let mut file = reviewed.clone();
    for row in rows.iter().filter(|row| row.fate == Fate::Merged) {
        let merged = file.merge(&office.open_run(&row.run)?, &attribution(row));
        if matches!(merged, Merge::Merged(_))
            && !file.difference(&reviewed, shelves).lines.is_empty()
        {
            return Ok(Some(row.received_ms));
        }
    }
    Ok(None)
}

/// What governed at a moment, from what had arrived by then.
fn rank_at(
    office: &Office,
    case: mooring_casefile::CaseId,
    at_ms: i64,
    shelves: &Shelves,
    rows: &[RunRow],
) -> Result<u8, LoadError> {
    let mut file = CaseFile::new(case);
    for row in rows
        .iter()
        .filter(|row| row.fate == Fate::Merged && row.received_ms <= at_ms)
    {
        file.merge(&office.open_run(&row.run)?, &attribution(row));
    }
    Ok(file.risk(shelves).shown().queue_rank())
}
