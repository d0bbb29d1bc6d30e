//! The lists of cases, row by row in the order of the board.

use super::governs::held_short;
use super::hours::Hours;
use super::level::badge;
use super::{case_path, reader};
use crate::review::page::queue::{Flag, FlagTone, List, QueuePage, QueueRow};
use crate::review::page::words::{age, counted};
use crate::{Queue, ReviewState, Session};

/// A list.
pub(crate) fn queue_page(hours: Hours, by: &Session, queue: &Queue, list: List) -> QueuePage {
    QueuePage {
        list,
        reader: reader(by),
        notices: Vec::new(),
        read_at: hours.at(queue.at_ms),
        last_arrival: queue.last_arrival_ms.map(|ms| hours.at(ms)),
        rows: queue.rows.iter().map(|one| row(hours, one)).collect(),
    }
}

fn row(hours: Hours, one: &crate::QueueRow) -> QueueRow {
    let scene = if one.on_scene {
        Some("on scene".to_owned())
    } else {
        None
    };
    QueueRow {
        href: case_path(one.case),
        badge: badge(one.level),
        held: one.risk.held.as_ref().map(|held| held_short(hours, held)),
        person: one.title.clone(),
        place: one
            .place
            .clone()
            .into_iter()
            .chain(scene)
            .collect::<Vec<_>>()
            .join(" · "),
        why: why(one),
        flags: flags(hours, one),
        findings: one.findings_ms.map(|ms| age(hours.since(ms))),
        at_hq: format!("at HQ {}", hours.at(one.waiting_since_ms)),
        wait: format!("waits {}", age(hours.since(one.waiting_since_ms))),
        team: one.team.clone(),
    }
}

// Only what makes the level that governs; all else stands on the page of the case.
fn why(one: &crate::QueueRow) -> Vec<String> {
    let governing = one
        .risk
        .reasons
        .iter()
        .filter(|reason| reason.reason.level == one.risk.level);
    let mut why: Vec<String> = Vec::new();
    for words in governing.map(|reason| &reason.reason.text) {
        if !why.contains(words) {
            why.push(words.clone());
        }
    }
    if why.is_empty() {
        one.reasons.iter().take(1).cloned().collect()
    } else {
        why
    }
}

fn flags(hours: Hours, one: &crate::QueueRow) -> Vec<Flag> {
    let mut flags = Vec::new();
    if one.contested {
        flags.push(Flag {
            words: "two answers differ".to_owned(),
            tone: FlagTone::Contested,
        });
    }
    let plain = [
        one.asks
            .first()
            .map(|ask| format!("asks you since {}", hours.at(ask.at_ms))),
        one.unfinished
            .as_ref()
            .map(|unfinished| unfinished_words(hours, unfinished)),
        deadline(hours, one),
        changed(one),
        (one.waiting_runs > 0).then(|| format!("{} on the way", counted(one.waiting_runs, "part"))),
        (one.held_runs > 0)
            .then(|| format!("{} held for a person", counted(one.held_runs, "part"))),
    ];
    flags.extend(plain.into_iter().flatten().map(|words| Flag {
        words,
        tone: FlagTone::Plain,
    }));
    flags
}

fn unfinished_words(hours: Hours, one: &crate::Unfinished) -> String {
    let so_far = format!(
        "{} unfinished: {} of {}",
        one.title, one.answered, one.total
    );
    if one.flagged {
        format!("{so_far}, for {}", age(hours.since(one.started_ms)))
    } else {
        so_far
    }
}

// Beside every deadline, what became of it.
fn deadline(hours: Hours, one: &crate::QueueRow) -> Option<String> {
    let due = one.deadline.as_ref().filter(|_| one.opened.is_none())?;
    Some(if due.overdue {
        format!("not opened yet, was due {}", hours.at(due.due_ms))
    } else {
        format!("not opened yet, due {}", hours.at(due.due_ms))
    })
}

fn changed(one: &crate::QueueRow) -> Option<String> {
    match &one.review {
        ReviewState::Unreviewed | ReviewState::Current { .. } => None,
        ReviewState::Changed { mine: true, .. } => Some("changed since your review".to_owned()),
        ReviewState::Changed { by, .. } => Some(format!("changed since the review by {by}")),
    }
}
