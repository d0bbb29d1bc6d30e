//! What governs and why.

use mooring_casefile::{DomainRisk, Held, RiskReason, Stamp};

use super::contest::counting;
use super::hours::Hours;
use super::judgment;
use super::level::badge;
use super::reading::Reading;
use crate::review::page::governs::{DomainRow, Governs, Why};
use crate::review::page::words::counted;

/// The panel.
pub(crate) fn governs(reading: &Reading<'_>) -> Governs {
    let risk = &reading.page.risk;
    Governs {
        held: risk
            .held
            .iter()
            .map(|held| held_words(reading, held))
            .collect(),
        contested: risk.contested,
        domains: risk
            .domains
            .iter()
            .map(|one| domain(reading, one))
            .collect(),
        judgment: judgment::form(reading),
        open: open(reading),
    }
}

/// "was High, 02:34": beside a level, where there is room for no more.
pub(crate) fn held_short(hours: Hours, held: &Held) -> String {
    let was = held.was.words();
    match held.values.first() {
        Some(newest) if newest.stamp.at.is_known() => {
            format!("was {was}, {}", hours.at_s(newest.stamp.at.unix_s))
        }
        Some(_) | None => format!("was {was}"),
    }
}

/// "Was High, 02:34": what a lowering edit has not yet brought down.
pub(crate) fn held_words(reading: &Reading<'_>, held: &Held) -> String {
    let Some(newest) = held.values.first() else {
        return format!("Was {}.", held.was.words());
    };
    let author = reading.name(newest.stamp.who.person);
    format!(
        "Was {was}, {at}: {question}: {words}. The answers as they are now would say {alone}. {was} goes on governing until {author} \
         confirms the change with a reason, or until someone with the role settles it.",
        was = held.was.words(),
        at = reading.at(newest.stamp.at),
        question = newest.question,
        words = newest.words,
        alone = held.alone.words(),
    )
}

fn domain(reading: &Reading<'_>, one: &DomainRisk) -> DomainRow {
    let reasons = reading
        .page
        .risk
        .reasons
        .iter()
        .filter(|reason| reason.domain == one.domain);
    DomainRow {
        name: one.domain.words().to_owned(),
        badge: badge(one.shown()),
        reasons: reasons.map(|reason| why(reading, reason)).collect(),
    }
}

fn why(reading: &Reading<'_>, reason: &RiskReason) -> Why {
    let mut by = vec![reading.all(&stamps(reading, reason))];
    if reason.overridden.is_some() {
        by.push("by judgment".to_owned());
    } else if reason.reason.policy {
        by.push("policy, not published triage".to_owned());
    }
    by.retain(|part| !part.is_empty());
    Why {
        words: reason.reason.text.clone(),
        by: by.join(" · "),
    }
}

// Who gave the values that make the reason hold: not whoever differs from them, and not what was let go.
fn stamps(reading: &Reading<'_>, reason: &RiskReason) -> Vec<Stamp> {
    let Some(one) = reason
        .assessment
        .and_then(|id| reading.page.view.assessment(id))
    else {
        return reason.stamps.clone();
    };
    let mut stamps: Vec<Stamp> = Vec::new();
    for item in one
        .items
        .iter()
        .filter(|item| reason.paths().contains(&item.path))
    {
        let all = counting(reading, one.id, item);
        let differ = all.iter().any(|one| one.governs);
        stamps.extend(
            all.iter()
                .filter(|one| one.governs || !differ)
                .map(|one| one.value.stamp),
        );
    }
    stamps
}

fn open(reading: &Reading<'_>) -> Vec<String> {
    let risk = &reading.page.risk;
    let mut lines: Vec<String> = Vec::new();
    if risk.at_least {
        let missing: usize = reading
            .page
            .view
            .assessments
            .iter()
            .map(|one| one.missing.len())
            .sum();
        if missing > 0 {
            lines.push(format!(
                "{} missing. A missing answer never lowers a level; it can only raise it.",
                counted(missing, "answer")
            ));
        }
    }
    if !risk.unknown_protocols.is_empty() {
        lines.push("Headquarters does not have every protocol that was used here; what those answers say counts as not known.".to_owned());
    }
    lines
}
