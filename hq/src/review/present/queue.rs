//! The lists of cases, row by row in the order of the board.

use super::governs::held_short;
use super::hours::Hours;
use super::level::badge;
use super::{case_path, reader};
use crate::refused::day;
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
        gone: queue
            .shredded
            .iter()
            .map(|gone| format!("A case was shredded on {}.", day(gone.at_ms)))
            .collect(),
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

#[cfg(test)]
mod tests {
    use mooring_casefile::{CaseId, Risk};
    use mooring_protocol::{Level, ShownLevel};

    use super::super::hours::Zone;
    use super::*;
    use crate::{Deadline, OpenAsk, Opening};

    const MINUTE: i64 = 60_000;
    /// 2026-11-23 02:51 UTC
    const HOURS: Hours = Hours {
        now_ms: 1_795_402_260_000,
        zone: Zone::Utc,
    };

    fn plain() -> crate::QueueRow {
        let level = Level::High;
        let risk = Risk {
            level,
            at_least: false,
            contested: false,
            held: None,
            domains: vec![],
            reasons: vec![],
            waiting_overrides: vec![],
            beside: vec![],
            unfinished: vec![],
            unknown_protocols: vec![],
        };
        crate::QueueRow {
            case: CaseId::derive(0, [0; 10]),
            title: "M., 34".to_owned(),
            place: Some("Stairwell".to_owned()),
            on_scene: true,
            level: ShownLevel {
                level,
                at_least: false,
            },
            risk,
            reasons: vec!["Intention to act".to_owned(), "Thoughts".to_owned()],
            contested: false,
            unfinished: None,
            asks: vec![],
            review: ReviewState::Unreviewed,
            waiting_since_ms: HOURS.now_ms - 8 * MINUTE,
            findings_ms: Some(HOURS.now_ms - 9 * MINUTE),
            opened: None,
            deadline: None,
            waiting_runs: 0,
            held_runs: 0,
            team: vec![],
            team_ids: vec![],
        }
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut crate::QueueRow), flag: Option<&str>) {
        let mut one = plain();
        change(&mut one);
        let said: Vec<String> = flags(HOURS, &one)
            .into_iter()
            .map(|flag| flag.words)
            .collect();
        assert_eq!(said.first().map(String::as_str), flag);
    }

    #[test]
    fn a_row_says_where_how_old_and_how_long() {
        let row = row(HOURS, &plain());
        assert_eq!(row.place, "Stairwell · on scene");
        assert_eq!(row.findings.as_deref(), Some("9 min"));
        assert_eq!(
            (row.wait.as_str(), row.at_hq.as_str()),
            ("waits 8 min", "at HQ 02:43")
        );
        assert_eq!(row.why, ["Intention to act"]);
        assert!(row.flags.is_empty());
    }

    #[test]
    fn two_answers_are_the_violet_flag() {
        let mut one = plain();
        one.contested = true;
        let expected = Flag {
            words: "two answers differ".to_owned(),
            tone: FlagTone::Contested,
        };
        assert_eq!(flags(HOURS, &one), [expected]);
    }

    #[test]
    fn a_case_that_nobody_opened_says_when_it_was_or_is_due() {
        let due = |overdue| {
            Some(Deadline {
                due_ms: HOURS.now_ms - MINUTE,
                overdue,
                rungs_run: 0,
            })
        };
        check(
            |one| one.deadline = due(false),
            Some("not opened yet, due 02:50"),
        );
        check(
            |one| one.deadline = due(true),
            Some("not opened yet, was due 02:50"),
        );
        check(
            |one| {
                one.deadline = due(true);
                one.opened = Some(Opening {
                    person: mooring_casefile::PersonId::new([1; 16]),
                    at_ms: HOURS.now_ms,
                });
            },
            None,
        );
    }

    #[test]
    fn an_unfinished_interview_says_how_far_it_is_and_after_a_while_for_how_long() {
        let unfinished = |flagged| {
            Some(crate::Unfinished {
                title: "Interview".to_owned(),
                started_ms: HOURS.now_ms - 25 * MINUTE,
                answered: 4,
                total: 9,
                flagged,
            })
        };
        check(
            |one| one.unfinished = unfinished(false),
            Some("Interview unfinished: 4 of 9"),
        );
        check(
            |one| one.unfinished = unfinished(true),
            Some("Interview unfinished: 4 of 9, for 25 min"),
        );
    }

    #[test]
    fn a_question_a_change_and_a_held_part_are_flagged() {
        let ask = OpenAsk {
            id: mooring_casefile::RecordId::derive(0, [0; 10]),
            question: "Home?".to_owned(),
            call_back: None,
            at_ms: HOURS.now_ms - 10 * MINUTE,
            by: "J. Okafor".to_owned(),
            on_scene: true,
        };
        check(|one| one.asks = vec![ask], Some("asks you since 02:41"));
        let changed = |mine| ReviewState::Changed {
            by: "Dr. B. Lind".to_owned(),
            at_ms: 0,
            mine,
        };
        check(
            |one| one.review = changed(true),
            Some("changed since your review"),
        );
        check(
            |one| one.review = changed(false),
            Some("changed since the review by Dr. B. Lind"),
        );
        check(|one| one.waiting_runs = 2, Some("2 parts on the way"));
        check(|one| one.held_runs = 1, Some("1 part held for a person"));
    }
}
