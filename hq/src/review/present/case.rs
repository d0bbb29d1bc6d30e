//! The page of one case, put together.

use std::collections::BTreeMap;

use super::governs::held_short;
use super::hours::Hours;
use super::level::badge;
use super::reading::Reading;
use super::{
    acceptance, advice, assessment, case_path, changes, governs, holders, pending, reader, reviews,
    strip, timeline,
};
use crate::review::act::Overlay;
use crate::review::page::case::CasePage;
use crate::review::page::changes::Changes;
use crate::review::page::review_form::ReviewForm;
use crate::{ReviewState, Session};

/// The page, with what was typed before and what became of the last act.
pub(crate) fn case_page(
    hours: Hours,
    by: &Session,
    page: &crate::CasePage,
    typed: &BTreeMap<String, String>,
    overlay: Overlay,
) -> CasePage {
    let reading = Reading {
        hours,
        by,
        page,
        typed,
        pressed: &overlay.pressed,
    };
    CasePage {
        base: case_path(page.case),
        reader: reader(by),
        person: page.row.title.clone(),
        badge: badge(page.risk.shown()),
        held: page.risk.held.as_ref().map(|held| held_short(hours, held)),
        sub: sub(&reading),
        since_review: since_review(&reading),
        strip: strip::strip(&reading),
        governs: governs::governs(&reading),
        accepts: acceptance::acceptances(&reading),
        assessments: page
            .view
            .assessments
            .iter()
            .map(|one| assessment::assessment(&reading, one))
            .collect(),
        moments: timeline::moments(&reading),
        pending: pending::pending(&reading),
        reviews: reviews::past(&reading),
        advice: advice::panel(&reading),
        holders: holders::holders(&reading),
        review: review_form(&reading, &overlay),
        notices: overlay.notices,
        stale: overlay.stale,
    }
}

// Where things are: from receipts and arrivals, never from hope.
fn sub(reading: &Reading<'_>) -> Vec<String> {
    let Reading { hours, page, .. } = reading;
    let mut parts: Vec<String> = page.row.place.clone().into_iter().collect();
    if page.row.on_scene {
        parts.push("on scene".to_owned());
    }
    parts.push(format!("last arrival {}", hours.at(page.received_ms)));
    for phone in &page.phones {
        parts.push(match phone.heard_ms {
            Some(ms) => format!(
                "{}'s phone was last heard from at {}",
                phone.name,
                hours.at(ms)
            ),
            None => format!("{}'s phone has not been heard from", phone.name),
        });
    }
    parts.push(match page.openings.first() {
        Some(first) => format!(
            "opened by {} {}",
            reading.name(first.person),
            hours.at(first.at_ms)
        ),
        None => "opened by nobody yet".to_owned(),
    });
    parts
}

fn since_review(reading: &Reading<'_>) -> Option<Changes> {
    let ReviewState::Changed { by, at_ms, mine } = &reading.page.row.review else {
        return None;
    };
    let at = reading.hours.at(*at_ms);
    let whose = if *mine {
        "your review".to_owned()
    } else {
        format!("the review by {by}")
    };
    Some(Changes {
        title: format!("Changed since {whose}, {at}"),
        body: "That signature stands for what was shown then. This is what is different now."
            .to_owned(),
        lines: changes::lines(&reading.page.since_review),
    })
}

fn review_form(reading: &Reading<'_>, overlay: &Overlay) -> ReviewForm {
    let page = reading.page;
    ReviewForm {
        shown: page.shown.to_string(),
        stamp: page.shown_words.clone(),
        impression: reading.typed("impression"),
        medication: reading.typed("medication"),
        plan: reading.typed("plan"),
        feedback: reading.typed("feedback"),
        kept: page
            .draft
            .saved_ms
            .filter(|_| has_text(reading))
            .map(|ms| format!("Kept at headquarters {}", reading.hours.at(ms))),
        older: overlay.older.clone(),
        closed: page.may.sign.as_ref().err().cloned(),
    }
}

// What is merely selected in a list is no text that anyone would miss.
fn has_text(reading: &Reading<'_>) -> bool {
    const SELECTED: [&str; 4] = [
        "advice_minutes",
        "advice_replaces",
        "judge_domain",
        "judge_level",
    ];
    let mut typed = reading.typed.iter();
    typed.any(|(name, text)| !SELECTED.contains(&name.as_str()) && !text.is_empty())
}
