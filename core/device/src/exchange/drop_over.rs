//! Dropping what is over for this phone: what HQ ended, once HQ has everything of it; what HQ shredded, at once.

use crate::device::Open;
use crate::error::Result;
use crate::vault::sql::audit::{self, Act};
use crate::vault::sql::{assignments, dropped, push};
use mooring_casefile::{CaseId, Now};
use mooring_exchange::Access;

/// A case that this phone holds no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    /// Which.
    pub case: CaseId,
    /// Why, and how many changes went that HQ never had: tell the person, for nobody has them now.
    pub why: Over,
}

/// Why a case was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// HQ ended it for this phone, and has everything of it.
    Ended,
    /// HQ shredded it.
    Shredded {
        /// How many changes went with it that HQ never had.
        unsent: u64,
    },
}

impl Open {
    /// Drops what is over. Nothing is over that HQ still lacks a change of, unless it was shredded there.
    pub(crate) fn drop_over(&mut self, now: Now) -> Result<Vec<Dropped>> {
        let over = self
            .vault
            .look(|connection| Ok(assignments::over(connection)?))?;
        let dropped: Vec<_> = over.into_iter().filter_map(due).collect();
        if dropped.is_empty() {
            return Ok(dropped);
        }
        self.vault.write(now, |tx| {
            for one in &dropped {
                dropped::case(tx, one.case)?;
                let act = match one.why {
                    Over::Ended => Act::Drop(one.case),
                    Over::Shredded { .. } => {
                        // It may hold changes of the case; what else is in it is packed again.
                        push::drop_any(tx)?;
                        Act::Shred(one.case)
                    }
                };
                audit::put(tx, now.wall_ms, act)?;
            }
            Ok(())
        })?;
        for one in &dropped {
            self.cases.remove(&one.case);
            self.visit.cases.remove(&one.case);
            self.visit.glass.remove(&one.case);
        }
        // Should this fail, the pages are overwritten all the same with the next checkpoint, at the latest when the vault is closed.
        self.vault.checkpoint()?;
        Ok(dropped)
    }
}

fn due((case, access, unsent): (CaseId, Access, u64)) -> Option<Dropped> {
    let why = match access {
        Access::Open | Access::Standby => return None,
        Access::Ended if unsent > 0 => return None,
        Access::Ended => Over::Ended,
        Access::Shredded => Over::Shredded { unsent },
    };
    Some(Dropped { case, why })
}
