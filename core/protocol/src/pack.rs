//! What holds for a whole pack: within how many minutes headquarters must have opened a case.

use serde::Deserialize;

use crate::level::{Level, ShownLevel};

const FILE: &str = include_str!("../packs/pack.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    /// The version of the file's format; a test reads the only file there is.
    #[expect(dead_code, reason = "read so that an unknown member is refused")]
    version: u8,
    #[expect(dead_code, reason = "for people")]
    notes: Vec<String>,
    deadline_minutes: Deadlines,
}

/// Minutes until somebody at headquarters must have opened a case, by level. Policy, to be set by the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// The starter pack's deadlines.
pub fn deadlines() -> Deadlines {
    let strictest = Deadlines {
        imminent: 5,
        high: 5,
        moderate: 5,
        low: 5,
    };
    serde_json::from_str::<Pack>(FILE).map_or(strictest, |pack| pack.deadline_minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_the_level_the_shorter_the_deadline() {
        let of = deadlines();
        assert!(
            of.imminent < of.high && of.high < of.moderate && of.moderate < of.low,
            "{of:?}"
        );
        assert_eq!(
            of.minutes(ShownLevel {
                level: Level::Low,
                at_least: true
            }),
            of.high
        );
    }
}
