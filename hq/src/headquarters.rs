//! HQ as one value: synchronous, without HTTP. What listens puts requests in and carries answers out.

use std::ops::Deref;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mooring_casefile::{CaseId, Now};
use mooring_identity::Random;
use tokio::sync::broadcast;

use crate::caseboard::{Board, LoadError, Summons};
use crate::ledger::LedgerError;
use crate::office::{Office, OpenError, Setup};

/// How many live events a slow listener may be behind before it misses some; a page then simply loads again.
const LIVE_BACKLOG: usize = 256;

/// Something about a case changed. It says which, and nothing of what: whoever listens fetches what they may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Live {
    /// Which case.
    pub case: CaseId,
}

/// The office and the board over it.
///
/// What concerns staff, phones and sign-ins is the office's, and is reached through this value as well.
pub struct Headquarters {
    office: Office,
    board: Mutex<Board>,
    live: broadcast::Sender<Live>,
    started_ms: i64,
}

impl Deref for Headquarters {
    type Target = Office;

    fn deref(&self) -> &Office {
        &self.office
    }
}

impl Headquarters {
    /// Opens a data folder as an operator who decided nothing would.
    pub fn open(data: &Path, now: Now, random: Box<dyn Random + Send>) -> Result<Self, OpenError> {
        Self::open_as(data, Setup::default(), now, random)
    }

    /// Opens a data folder: reads every case from the log, and takes in what a former process did not get to.
    pub fn open_as(
        data: &Path,
        setup: Setup,
        now: Now,
        random: Box<dyn Random + Send>,
    ) -> Result<Self, OpenError> {
        let office = Office::open(data, setup, now, random)?;
        let board = Board::open(&office, now).map_err(|error| match error {
            LoadError::Ledger(error) => OpenError::Ledger(error),
            LoadError::Rebuild(_) => OpenError::Rebuild,
        })?;
        let (live, _) = broadcast::channel(LIVE_BACKLOG);
        Ok(Self {
            office,
            board: Mutex::new(board),
            live,
            started_ms: now.wall_ms,
        })
    }

    /// Tells of every change, by case.
    pub fn live(&self) -> broadcast::Receiver<Live> {
        self.live.subscribe()
    }

    /// What is due now: alert commands to be run, each once. Phones are told to drop what was closed long ago.
    pub fn tick(&self, now: Now) -> Result<Vec<Summons>, LedgerError> {
        let board = self.board();
        if let Err(error) = board.let_go(&self.office, now) {
            // Alerts come first: what could not be ended now is ended at the next tick.
            tracing::error!(code = "let-go", %error);
        }
        board.tick(&self.office, self.started_ms, now)
    }

    /// Builds every case anew from the log, through the guard, and names those that differ from the board: none should.
    pub fn rebuild(&self) -> Result<Vec<CaseId>, LedgerError> {
        self.board().rebuild(&self.office)
    }

    pub(crate) fn office(&self) -> &Office {
        &self.office
    }

    pub(crate) fn board(&self) -> MutexGuard<'_, Board> {
        // A panic under this lock left the board as it was before: a case is replaced whole or not at all.
        let mut board = self.board.lock().unwrap_or_else(PoisonError::into_inner);
        // The operator shreds in a process of their own; whoever looks at the board next must not see the case any more.
        if let Err(error) = board.forget_shredded(&self.office) {
            tracing::error!(code = "shredded", %error, "the board could not be compared with what was shredded");
        }
        board
    }

    pub(crate) fn announce(&self, case: CaseId) {
        // Nobody listening is no error.
        let _ = self.live.send(Live { case });
    }
}
