//! The lists of cases, row by row in the order of the board.

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
        rows: queue.rows.iter().map(|one| row(hours, by, one)).collect(),
    }
}

fn row(hours: Hours, by: &Session, one: &crate::QueueRow) -> QueueRow {
    let scene = if one.on_scene {
        Some("on scene".to_owned())
    } else {
        None
    };
    QueueRow {
        href: case_path(one.case),
        badge: badge(one.level),
        held: one.held_level.clone(),
        person: one.title.clone(),
        place: one
            .place
            .clone()
            .into_iter()
            .chain(scene)
            .collect::<Vec<_>>()
            .join(" · "),
        why: one.reasons.clone(),
        flags: flags(hours, by, one),
        findings: one.findings_ms.map(|ms| age(hours.since(ms))),
        wait: format!(
            "at HQ {}, waits {}",
            hours.at(one.waiting_since_ms),
            age(hours.since(one.waiting_since_ms))
        ),
        team: one.team.clone(),
    }
}

fn flags(hours: Hours, reader: &Session, one: &crate::QueueRow) -> Vec<Flag> {
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
        changed(reader, one),
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

fn changed(reader: &Session, one: &crate::QueueRow) -> Option<String> {
    match &one.review {
        ReviewState::Unreviewed | ReviewState::Current { .. } => None,
        ReviewState::Changed { by, .. } if *by == reader.staff => {
            Some("changed since your review".to_owned())
        }
        ReviewState::Changed { .. } => Some("changed since it was reviewed".to_owned()),
    }
}
