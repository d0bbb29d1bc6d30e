//! From the log to a case file: the document is a cache, and can be built anew at any time.

use mooring_casefile::{Attribution, CaseFile, CaseId, Half, Merge, Stored, StoredHalf};

use crate::ledger::{LedgerError, RunRow};
use crate::office::Office;

/// Why a case file could not be had from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoadError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log of this case does not make a case file.
    #[error("the log of case {0} does not rebuild")]
    Rebuild(CaseId),
}

/// Who a row says wrote it: filled in when its signature was checked.
pub(super) fn attribution(row: &RunRow) -> Attribution {
    Attribution {
        device: row.run.device,
        person: row.run.person,
        roles: row.run.roles,
    }
}

/// Opens a case file from the runs that are in the feed: they passed the guard when they came.
pub(crate) fn load(office: &Office, case: CaseId) -> Result<CaseFile, LoadError> {
    let mut stored = Stored {
        case,
        field: StoredHalf::default(),
        hq: StoredHalf::default(),
        who: Vec::new(),
    };
    for row in office.ledger.merged(case)? {
        let run = office.open_run(&row.run)?;
        stored.who.push((run.half, run.actor, attribution(&row)));
        match run.half {
            Half::Field => stored.field.changes.extend(run.changes),
            Half::Hq => stored.hq.changes.extend(run.changes),
        }
    }
    CaseFile::open(&stored).map_err(|_| LoadError::Rebuild(case))
}

/// Builds a case file run by run through the guard, as if everything arrived now.
pub(super) fn rebuild(office: &Office, case: CaseId) -> Result<CaseFile, LoadError> {
    let mut file = CaseFile::new(case);
    for row in office.ledger.merged(case)? {
        match file.merge(&office.open_run(&row.run)?, &attribution(&row)) {
            Merge::Merged(_) | Merge::Known => {}
            Merge::Waiting { .. } | Merge::Held(_) => return Err(LoadError::Rebuild(case)),
        }
    }
    Ok(file)
}
