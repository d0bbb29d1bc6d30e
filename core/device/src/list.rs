//! The list of cases, worst first.

use crate::device::Device;
use crate::error::Result;
use crate::vault::sql::audit::Act;
use crate::vault::sql::cases::{self, CaseRow};
use mooring_casefile::Now;

impl Device {
    /// All cases on this phone. The level shown is the one that was derived when the case last changed here.
    pub fn list(&mut self, now: Now) -> Result<Vec<CaseRow>> {
        let (open, _) = self.opened(now)?;
        open.vault
            .read(now, Act::List, |connection| Ok(cases::list(connection)?))
    }
}
