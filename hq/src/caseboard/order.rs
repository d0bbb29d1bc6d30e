//! The order in which cases wait: most severe first, then what can't wait (SAFETY rule 21).

use mooring_protocol::ShownLevel;

/// What decides a case's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// What governs, as it is shown.
    pub(crate) level: ShownLevel,
    /// A team that has not left the scene has asked and has no answer yet.
    pub(crate) asked: Asked,
    /// An assessment is under way.
    pub(crate) progress: Progress,
    /// Since when it waits.
    pub(crate) waiting_since_ms: i64,
}

/// Whether a team waits for an answer on the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// It does.
    OnScene,
    /// It does not.
    Not,
}

/// How far the assessments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// One is under way.
    Unfinished,
    /// None is.
    Finished,
}

/// Sorts the smaller first: severity, then a team that asks from the scene, then unfinished, then longest waiting.
pub(crate) fn rank(place: &Place) -> (u8, Asked, Progress, i64) {
    (
        place.level.queue_rank(),
        place.asked,
        place.progress,
        place.waiting_since_ms,
    )
}

#[cfg(test)]
mod tests {
    use mooring_protocol::Level::{self, High, Imminent, Low, Moderate, NothingEndorsed};

    use super::*;

    const EXACT: bool = false;
    const AT_LEAST: bool = true;

    fn place(
        level: Level,
        at_least: bool,
        asked: Asked,
        progress: Progress,
        waiting_since_ms: i64,
    ) -> Place {
        Place {
            level: ShownLevel { level, at_least },
            asked,
            progress,
            waiting_since_ms,
        }
    }

    #[test]
    fn severity_then_a_question_from_the_scene_then_unfinished_then_longest_waiting() {
        use Asked::{Not, OnScene};
        use Progress::{Finished, Unfinished};
        let in_order = [
            place(Imminent, EXACT, Not, Finished, 900),
            place(High, EXACT, OnScene, Finished, 800),
            place(High, AT_LEAST, Not, Unfinished, 600),
            place(High, EXACT, Not, Unfinished, 700),
            place(High, EXACT, Not, Finished, 100),
            place(High, EXACT, Not, Finished, 200),
            place(NothingEndorsed, AT_LEAST, Not, Unfinished, 500),
            place(Moderate, EXACT, OnScene, Unfinished, 0),
            place(Moderate, EXACT, Not, Finished, 0),
            place(Low, EXACT, OnScene, Finished, 0),
            place(NothingEndorsed, EXACT, OnScene, Finished, 0),
        ];
        for first in 0..in_order.len() {
            for second in first + 1..in_order.len() {
                assert!(
                    rank(&in_order[first]) < rank(&in_order[second]),
                    "{first} before {second}"
                );
            }
        }
    }
}
