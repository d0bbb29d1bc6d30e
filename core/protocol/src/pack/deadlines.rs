//! Within how many minutes headquarters must have opened a case. Policy, to be set by the agency.

use crate::level::{Level, ShownLevel};

/// Minutes until somebody at headquarters must have opened a case, by level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// At imminent.
    pub imminent: u32,
    /// At high, and while a level is not yet known.
    pub high: u32,
    /// At moderate.
    pub moderate: u32,
    /// At low, and where nothing is endorsed.
    pub low: u32,
}

impl Deadlines {
    /// What holds where no pack can be read: the shortest for all.
    pub(super) const STRICTEST: Self = Self {
        imminent: 5,
        high: 5,
        moderate: 5,
        low: 5,
    };

    /// The deadline of a level as it is shown. What is not yet known may be high, so it has high's.
    pub const fn minutes(&self, shown: ShownLevel) -> u32 {
        match (shown.level, shown.at_least) {
            (Level::Imminent, _) => self.imminent,
            (Level::High, _) | (Level::Moderate | Level::Low | Level::NothingEndorsed, true) => {
                self.high
            }
            (Level::Moderate, false) => self.moderate,
            (Level::Low | Level::NothingEndorsed, false) => self.low,
        }
    }
}
