//! The list of cases, worst first.

use crate::device::Device;
use crate::error::Result;
use crate::lease::Standing;
use crate::vault::sql::audit::Act;
use crate::vault::sql::cases::{self, CaseRow};
use mooring_casefile::Now;

impl Device {
    /// All cases on this phone, or this visit's where the lease is over. The level shown is the one that was derived when the case last changed here.
    pub fn list(&mut self, now: Now) -> Result<Vec<CaseRow>> {
        let (open, _) = self.opened(now)?;
        let mut rows = open
            .vault
            .read(now, Act::List, |connection| Ok(cases::list(connection)?))?;
        if open.standing(now) != Standing::Reads {
            let mut of_this_visit = Vec::new();
            for row in rows {
                if open.is_of_this_visit(row.case, now)? {
                    of_this_visit.push(row);
                }
            }
            rows = of_this_visit;
        }
        Ok(rows)
    }
}
