//! When a case must have been opened, and which rungs of the ladder are due. Pure: what is due is a value, run elsewhere.

use mooring_casefile::CaseId;
use mooring_protocol::{ShownLevel, pack};

const MINUTE_MS: i64 = 60_000;

/// A case that waits to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Watch {
    /// Which.
    pub(crate) case: CaseId,
    /// What governs.
    pub(crate) level: ShownLevel,
    /// Since when: what arrived then, or rose then, nobody at HQ has opened.
    pub(crate) since_ms: i64,
}

/// A rung that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DueRung {
    /// Which case.
    pub(crate) case: CaseId,
    /// What governs.
    pub(crate) level: ShownLevel,
    /// Since when it waits.
    pub(crate) since_ms: i64,
    /// Which rung, from 0.
    pub(crate) rung: u32,
}

impl Watch {
    /// When somebody must have opened it.
    pub(crate) fn due_ms(&self) -> i64 {
        self.rung_due_ms(0)
    }

    /// When a rung is due: the first at the level's deadline, each further one after as long again.
    pub(crate) fn rung_due_ms(&self, rung: u32) -> i64 {
        let minutes = i64::from(pack::deadlines().minutes(self.level));
        self.since_ms + minutes * MINUTE_MS * (i64::from(rung) + 1)
    }

    /// The rungs of a ladder of this many that are due now.
    pub(crate) fn due_rungs(&self, ladder: u32, now_ms: i64) -> Vec<DueRung> {
        let Self {
            case,
            level,
            since_ms,
        } = *self;
        (0..ladder)
            .filter(|rung| self.rung_due_ms(*rung) <= now_ms)
            .map(|rung| DueRung {
                case,
                level,
                since_ms,
                rung,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use mooring_protocol::Level;

    use super::*;

    #[track_caller]
    fn check(level: Level, after_minutes: i64, ladder: u32, due: &[u32]) {
        let shown = ShownLevel {
            level,
            at_least: false,
        };
        let watch = Watch {
            case: CaseId::derive(0, [1; 10]),
            level: shown,
            since_ms: 1_000,
        };
        let rungs = watch.due_rungs(ladder, 1_000 + after_minutes * MINUTE_MS);
        assert_eq!(rungs.iter().map(|rung| rung.rung).collect::<Vec<_>>(), due);
    }

    #[test]
    fn each_rung_is_due_a_deadline_after_the_one_before() {
        let imminent = i64::from(pack::deadlines().imminent);
        check(Level::Imminent, imminent - 1, 2, &[]);
        check(Level::Imminent, imminent, 2, &[0]);
        check(Level::Imminent, 2 * imminent, 2, &[0, 1]);
        check(Level::Imminent, 20 * imminent, 2, &[0, 1]);
        check(Level::Imminent, 20 * imminent, 0, &[]);
    }

    #[test]
    fn a_worse_level_is_due_earlier() {
        let minutes = |level, at_least| pack::deadlines().minutes(ShownLevel { level, at_least });
        assert!(minutes(Level::Imminent, false) < minutes(Level::High, false));
        assert!(minutes(Level::High, false) < minutes(Level::Moderate, false));
        assert!(minutes(Level::Moderate, false) < minutes(Level::Low, false));
        assert_eq!(
            minutes(Level::Low, true),
            minutes(Level::High, false),
            "not yet known is as urgent as high"
        );
    }
}
