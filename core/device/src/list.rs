//! The list of cases, worst first.

use crate::device::Device;
use crate::error::Result;
use crate::lease::Standing;
use crate::vault::sql::audit::Act;
use crate::vault::sql::cases::{self, CaseRow};
use mooring_casefile::Now;

/// What stands in the place of a level that may not be read.
const STANDBY: (&str, &str) = ("Held in standby", "standby");

impl Device {
    /// All cases on this phone, or this visit's where the lease is over. The level shown is the one that was derived when the case last
    /// changed here. Those in standby come last, by their names alone.
    pub fn list(&mut self, now: Now) -> Result<Vec<CaseRow>> {
        let (open, _) = self.opened(now)?;
        let rows = open
            .vault
            .read(now, Act::List, |connection| Ok(cases::list(connection)?))?;
        let reads = open.standing(now) == Standing::Reads;
        let (mut readable, mut in_standby) = (Vec::new(), Vec::new());
        for mut row in rows {
            row.standby &= !open.is_broken(row.case, now);
            if row.standby {
                // A lease that is over closes names as well: how it was before says nothing of who holds the phone now.
                in_standby.extend(reads.then(|| sealed(row)));
            } else if reads || open.is_of_this_visit(row.case, now)? {
                readable.push(row);
            }
        }
        // Not in the order of levels that nobody may read.
        in_standby.sort_by_key(|row| row.case);
        readable.extend(in_standby);
        Ok(readable)
    }
}

/// The row without what the glass covers.
fn sealed(row: CaseRow) -> CaseRow {
    let (level, level_token) = STANDBY;
    CaseRow {
        level: level.to_owned(),
        level_token: level_token.to_owned(),
        rank: u8::MAX,
        contested: false,
        ..row
    }
}
