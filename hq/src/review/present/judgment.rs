//! The form for a level by judgment, and what it posted.

use mooring_protocol::{Domain, Level, ShownLevel};

use super::reading::Reading;
use crate::review::page::judgment::JudgmentForm;

/// Levels that a person can judge, with their tokens. "Nothing endorsed" is what answers say, not people.
const LEVELS: [Level; 4] = [Level::Imminent, Level::High, Level::Moderate, Level::Low];

/// The form, if this reader may judge.
pub(crate) fn form(reading: &Reading<'_>) -> Option<JudgmentForm> {
    reading.page.may.override_level.as_ref().ok()?;
    Some(JudgmentForm {
        domain: reading.typed("judge_domain"),
        level: reading.typed("judge_level"),
        reason: reading.typed("judge_reason"),
        pressed: reading.pressed == "judge",
        domains: Domain::ALL
            .map(|domain| (domain.token(), domain.words()))
            .to_vec(),
        levels: LEVELS
            .map(|level| (shown(level).token(), shown(level).words()))
            .to_vec(),
    })
}

/// The level that a form names.
pub(crate) fn level(token: &str) -> Option<Level> {
    LEVELS
        .into_iter()
        .find(|level| shown(*level).token() == token)
}

fn shown(level: Level) -> ShownLevel {
    ShownLevel {
        level,
        at_least: false,
    }
}
