//! The queue, worst first (SAFETY rule 21), and the list of all cases.

use mooring_casefile::{CaseId, Now, Operation};

use super::row::{QueueRow, row};
use crate::access::Session;
use crate::caseboard::{Survey, rank};
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// Cases in their order.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The rows.
    pub rows: Vec<QueueRow>,
    /// When it was drawn.
    pub at_ms: i64,
    /// When anything last arrived from the field.
    pub last_arrival_ms: Option<i64>,
    /// Cases that are gone, newest first; only in the list of all cases.
    pub shredded: Vec<Shredded>,
}

/// A case that was destroyed: its id and the day are all that is left to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shredded {
    /// Which.
    pub case: CaseId,
    /// When.
    pub at_ms: i64,
}

impl Headquarters {
    /// What waits: not reviewed, changed since, asked about, or with something held for a person.
    pub fn queue(&self, by: &Session, now: Now) -> Result<Queue, Refused> {
        self.admit(by, Operation::ReadQueue, "queue", None, now)?;
        self.rows(by, Survey::waits, now)
    }

    /// Every case, newest first.
    pub fn all_cases(&self, by: &Session, now: Now) -> Result<Queue, Refused> {
        self.admit(by, Operation::ReadQueue, "all-cases", None, now)?;
        let mut queue = self.rows(by, |_| true, now)?;
        queue.rows.sort_by_key(|row| std::cmp::Reverse(row.case));
        let gone = self.office().ledger.shredded()?.into_iter();
        queue.shredded = gone
            .map(|row| Shredded {
                case: row.case,
                at_ms: row.at_ms,
            })
            .collect();
        queue
            .shredded
            .sort_by_key(|gone| std::cmp::Reverse((gone.at_ms, gone.case)));
        Ok(queue)
    }

    fn rows(
        &self,
        by: &Session,
        which: impl Fn(&Survey) -> bool,
        now: Now,
    ) -> Result<Queue, Refused> {
        let mut board = self.board();
        board.refresh_shelves(self.office())?;
        let shelves = board.shelves();
        let mut ranked = Vec::new();
        for survey in board.surveys().filter(|survey| which(survey)) {
            if let (Some(place), Some(row)) = (
                survey.place(),
                row(self.office(), survey, &shelves, by, now)?,
            ) {
                ranked.push((rank(&place), row));
            }
        }
        ranked.sort_by_key(|(rank, row)| (*rank, row.case));
        let rows = ranked.into_iter().map(|(_, row)| row).collect();
        let last_arrival_ms = board
            .surveys()
            .map(|survey| survey.last_ms)
            .max()
            .filter(|at_ms| *at_ms > 0);
        Ok(Queue {
            rows,
            at_ms: now.wall_ms,
            last_arrival_ms,
            shredded: Vec::new(),
        })
    }
}
