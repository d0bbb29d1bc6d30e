//! The board: every case as it stands now, merged from the log, with what the queue shows of it.
//!
//! It holds nothing that is not on disk, and can be built anew from the log at any time.

mod alarm;
mod deadline;
mod let_go;
mod load;
mod merge;
mod order;
mod prove;
mod prove_sealed;
mod rebuild;
mod shelf;
mod survey;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use mooring_casefile::{Actor, CaseFile, CaseId, Now, PersonId, Roles};

pub use alarm::Summons;
use deadline::Watch;
pub(crate) use load::{LoadError, load};
pub(crate) use merge::has_all;
pub(crate) use order::rank;
pub use prove::{Doubt, Unproven};
pub use rebuild::Rebuilt;
pub use shelf::Shelves;
pub use survey::{HeldRun, Opening, Unfinished};
pub(crate) use survey::{OpenAsk, ReviewState, Survey};
pub(crate) use write::{By, WriteError};

use crate::ledger::LedgerError;
use crate::office::Office;

/// Every case, and who writes here.
#[derive(Default)]
pub(crate) struct Board {
    cases: BTreeMap<CaseId, OnBoard>,
    /// Cases whose log does not rebuild. Damage stays in its case: what arrives for them is kept and not merged.
    damaged: BTreeSet<CaseId>,
    shelves: Arc<Shelves>,
    /// One actor for each process start and member of staff; new roles are a new actor, because roles stick to actors.
    actors: BTreeMap<(PersonId, Roles), Actor>,
}

/// One case on the board.
struct OnBoard {
    file: Arc<CaseFile>,
    survey: Survey,
}

impl Board {
    /// Builds the board from the log, and takes in what a former process appended and did not get to.
    pub(crate) fn open(office: &Office, now: Now) -> Result<Self, LoadError> {
        let mut board = Self::default();
        board.refresh_shelves(office)?;
        for case in office.readable_cases()? {
            match board.reload(office, case) {
                Err(LoadError::Rebuild(case)) => {
                    tracing::error!(code = "rebuild", %case, "this case cannot be shown; its log is kept as it is");
                    board.damaged.insert(case);
                }
                done => done?,
            }
        }
        board.take_in(
            office,
            &office.ledger.undecided_cases()?.into_iter().collect(),
            now,
        )?;
        Ok(board)
    }

    /// Lets go of cases that were shredded, by another process perhaps: nothing of them stays in memory.
    pub(crate) fn forget_shredded(&mut self, office: &Office) -> Result<(), LedgerError> {
        for case in office.shredded_cases()? {
            self.cases.remove(&case);
            self.damaged.remove(&case);
        }
        Ok(())
    }

    /// Reads one case from the log again.
    pub(crate) fn reload(&mut self, office: &Office, case: CaseId) -> Result<(), LoadError> {
        let file = Arc::new(load::load(office, case)?);
        self.put(case, file);
        self.survey(office, case)
    }

    /// Reads names and new protocols. Cases that name a protocol that was not here are worked out again.
    pub(crate) fn refresh_shelves(&mut self, office: &Office) -> Result<(), LoadError> {
        let shelves = Arc::new(self.shelves.refreshed(office)?);
        let grew = shelves.protocols() > self.shelves.protocols();
        self.shelves = shelves;
        if grew {
            let unsure: Vec<CaseId> = self
                .surveys()
                .filter(|survey| survey.lacks_protocols())
                .map(|survey| survey.case)
                .collect();
            for case in unsure {
                self.survey(office, case)?;
            }
        }
        Ok(())
    }

    pub(crate) fn shelves(&self) -> Arc<Shelves> {
        Arc::clone(&self.shelves)
    }

    pub(crate) fn file(&self, case: CaseId) -> Option<Arc<CaseFile>> {
        self.cases
            .get(&case)
            .map(|on_board| Arc::clone(&on_board.file))
    }

    pub(crate) fn surveys(&self) -> impl Iterator<Item = &Survey> {
        self.cases.values().map(|on_board| &on_board.survey)
    }

    pub(crate) fn survey_of(&self, case: CaseId) -> Option<&Survey> {
        self.cases.get(&case).map(|on_board| &on_board.survey)
    }

    fn watches(&self) -> impl Iterator<Item = Watch> {
        self.surveys().filter_map(Survey::watch)
    }

    fn put(&mut self, case: CaseId, file: Arc<CaseFile>) {
        let survey = self
            .cases
            .remove(&case)
            .map_or_else(|| Survey::new(case), |on_board| on_board.survey);
        self.cases.insert(case, OnBoard { file, survey });
    }
}
