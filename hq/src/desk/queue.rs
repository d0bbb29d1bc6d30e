//! The queue, worst first (SAFETY rule 21), and the list of all cases.

use mooring_casefile::{Now, Operation};

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
        })
    }
}
