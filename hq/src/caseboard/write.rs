//! What HQ writes itself: durable in the ledger and in the feed before anyone is told that it is so.

use std::sync::Arc;

use mooring_casefile::{
    Attribution, CaseId, Change, DeviceId, Edit, EditError, Now, PersonId, Roles, Writer,
};

use super::{Board, LoadError};
use crate::ledger::NewRun;
use crate::office::Office;

/// Why HQ's own change was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WriteError {
    /// There is no such case.
    #[error("there is no such case")]
    NoCase,
    /// The case file refused it.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// It could not be kept; the board shows what is on disk.
    #[error(transparent)]
    Load(#[from] LoadError),
}

/// The member of staff for whom HQ writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct By {
    /// Who.
    pub(crate) person: PersonId,
    /// What they are.
    pub(crate) roles: Roles,
}

impl Board {
    /// Writes one edit into the HQ half.
    pub(crate) fn write(
        &mut self,
        office: &Office,
        case: CaseId,
        edit: &Edit,
        by: By,
        now: Now,
    ) -> Result<(), WriteError> {
        let mut file = self.file(case).ok_or(WriteError::NoCase)?.as_ref().clone();
        let who = Attribution {
            device: DeviceId::HQ,
            person: by.person,
            roles: by.roles,
        };
        let actor = *self
            .actors
            .entry((by.person, by.roles))
            .or_insert_with(|| office.make_actor());
        let change = file.apply(edit, &Writer { actor, who }, now)?;
        if let Err(error) = keep(office, change, who, now) {
            // Whether it is on disk is not known. The number must not be used twice, so this actor writes no more.
            self.actors.remove(&(by.person, by.roles));
            self.reload(office, case)?;
            return Err(error.into());
        }
        self.put(case, Arc::new(file));
        self.survey(office, case)?;
        Ok(())
    }
}

fn keep(office: &Office, change: Change, who: Attribution, now: Now) -> Result<(), LoadError> {
    let run = change.into_run();
    let row = NewRun {
        sealed: office.seal_run(&run)?,
        case: run.case,
        half: run.half,
        actor: run.actor,
        first_seq: run.first_seq,
        last_seq: run.last_seq,
        last_change: run.last,
        device: who.device,
        person: who.person,
        roles: who.roles,
        leaf: None,
    };
    office.ledger.append_own(&row, now.wall_ms)?;
    Ok(())
}
