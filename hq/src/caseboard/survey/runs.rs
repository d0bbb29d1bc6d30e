//! Runs that arrived and are not in the case: waiting for what they build on, or held for a person.

use mooring_casefile::{ChangeId, DeviceId, HeldReason, PersonId};

use crate::ledger::{Fate, RunRow};

/// A run that arrived and is not in the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRun {
    /// From whom.
    pub person: PersonId,
    /// From which phone.
    pub device: DeviceId,
    /// A stable code; `waiting` for a run that waits.
    pub code: String,
    /// Why, in words.
    pub words: String,
    /// When it arrived.
    pub at_ms: i64,
    /// Its last change: what a review names.
    pub last: ChangeId,
}

pub(super) fn waiting(rows: &[RunRow]) -> Vec<HeldRun> {
    let waits = rows
        .iter()
        .filter(|row| matches!(row.fate, Fate::Waiting | Fate::Received));
    waits
        .map(|row| {
            of(
                row,
                "waiting",
                "it builds on something that has not arrived yet".into(),
            )
        })
        .collect()
}

pub(super) fn held(rows: &[RunRow]) -> Vec<HeldRun> {
    let held = rows.iter().filter_map(|row| match &row.fate {
        Fate::Held(code) => Some(of(row, code, words(code))),
        Fate::Received | Fate::Merged | Fate::Waiting => None,
    });
    held.collect()
}

fn of(row: &RunRow, code: &str, words: String) -> HeldRun {
    HeldRun {
        person: row.run.person,
        device: row.run.device,
        code: code.to_owned(),
        words,
        at_ms: row.received_ms,
        last: row.run.last_change,
    }
}

const REASONS: [HeldReason; 11] = [
    HeldReason::Oversized,
    HeldReason::NotAChange,
    HeldReason::NotAsAnnounced,
    HeldReason::OtherCase,
    HeldReason::ForeignHalf,
    HeldReason::ActorTaken,
    HeldReason::Fork,
    HeldReason::Time,
    HeldReason::Layout,
    HeldReason::SecondBeginning,
    HeldReason::Unloadable,
];

/// Why HQ holds a run for reasons of its own.
const BY_HQ: [(&str, &str); 2] = [
    (
        Fate::UNSIGNED,
        "written without unlocking the phone: nobody vouches for it until the phone is unlocked and sends it again",
    ),
    (
        Fate::REVOKED,
        "sent by a phone after it was revoked: somebody else may have written it",
    ),
];

fn words(code: &str) -> String {
    if let Some((_, words)) = BY_HQ.iter().find(|(known, _)| *known == code) {
        return (*words).to_owned();
    }
    let known = REASONS.iter().find(|reason| reason.code() == code);
    known
        .map_or("it cannot be read back from HQ's own disk", |reason| {
            reason.words()
        })
        .to_owned()
}
