//! The first strip: every field of rule 22, whoever asked or did not.

use mooring_casefile::{ItemView, StripEntry};
use mooring_protocol::{Answer, Leaf, StripField, Value};

use super::asked::asked;
use super::governs::held_short;
use super::level::badge;
use super::reading::Reading;
use crate::ReviewState;
use crate::review::page::strip::{Fact, FactValue, Strip};
use crate::review::page::words::{capitalized, counted};

/// The strip.
pub(crate) fn strip(reading: &Reading<'_>) -> Strip {
    let mut facts: Vec<Fact> = StripField::ALL
        .into_iter()
        .filter_map(|field| fact(reading, field))
        .collect();
    facts.push(since_review(reading));
    Strip {
        asked: asked(reading),
        governs: Some((badge(reading.page.risk.shown()), short_why(reading))),
        facts,
    }
}

/// The facts of one field.
pub(crate) fn entries<'a>(reading: &'a Reading<'_>, field: StripField) -> &'a [StripEntry] {
    let found = reading
        .page
        .view
        .strip
        .iter()
        .find(|(one, _)| *one == field);
    found.map_or(&[], |(_, entries)| entries.as_slice())
}

fn short_why(reading: &Reading<'_>) -> Vec<String> {
    let risk = &reading.page.risk;
    let mut why: Vec<String> = Vec::new();
    let worst = risk
        .reasons
        .iter()
        .filter(|reason| reason.reason.level == risk.level);
    for reason in worst {
        if !why.contains(&reason.reason.text) {
            why.push(reason.reason.text.clone());
        }
    }
    let held = risk
        .held
        .as_ref()
        .map(|held| held_short(reading.hours, held));
    why.extend(held.map(|was| format!("{was}; the change is not confirmed")));
    why
}

fn fact(reading: &Reading<'_>, field: StripField) -> Option<Fact> {
    let label = field.words().to_owned();
    let entries = entries(reading, field);
    let mut values = values(reading, field, entries);
    match field {
        StripField::Question | StripField::CallBack => return None,
        StripField::AskedBy => values.extend(askers(reading)),
        StripField::Age
        | StripField::Medicines
        | StripField::Allergies
        | StripField::Substances
        | StripField::Pregnancy
        | StripField::VitalSigns
        | StripField::History
        | StripField::MeansAtHand
        | StripField::ProtectiveFactors
        | StripField::CapacityAndConsent
        | StripField::LegalAndPolice => {}
    }
    let differ = entries
        .iter()
        .any(|entry| items(reading, entry).any(|item| item.contested));
    Some(Fact {
        label,
        differ,
        values,
    })
}

// The answers behind a fact: one, or the options that were chosen.
fn items<'a>(
    reading: &'a Reading<'_>,
    entry: &'a StripEntry,
) -> impl Iterator<Item = &'a ItemView> {
    let items = reading
        .page
        .view
        .assessment(entry.assessment)
        .map(|one| one.items.as_slice());
    let of_fact = |item: &&ItemView| item.path.base() == entry.fact.path.base();
    let chosen = |item: &&ItemView| match item.path.leaf() {
        Leaf::Option(_) => item
            .values
            .iter()
            .any(|value| value.answer == Some(Answer::Value(Value::Boolean(true)))),
        Leaf::Whole | Leaf::Instance(_) => true,
    };
    items
        .unwrap_or_default()
        .iter()
        .filter(of_fact)
        .filter(chosen)
}

fn values(reading: &Reading<'_>, field: StripField, entries: &[StripEntry]) -> Vec<FactValue> {
    let mut values: Vec<FactValue> = Vec::new();
    for entry in entries {
        let by = reading.sources(items(reading, entry).flat_map(|item| &item.values));
        // Who said several things in a row is named once, after the last of them.
        if let Some(last) = values.last_mut().filter(|last| last.by == by) {
            last.by.clear();
        }
        values.push(FactValue {
            words: words(reading, field, entry),
            by,
        });
    }
    values
}

// An answer that says nothing by itself takes its question along.
fn words(reading: &Reading<'_>, field: StripField, entry: &StripEntry) -> String {
    let differ = items(reading, entry).any(|item| item.contested);
    let answer = capitalized(&entry.fact.answers.join(if differ { " / " } else { "; " }));
    let several = match field {
        StripField::Age
        | StripField::VitalSigns
        | StripField::CapacityAndConsent
        | StripField::LegalAndPolice
        | StripField::AskedBy => entry.fact.question != field.words(),
        StripField::Question
        | StripField::CallBack
        | StripField::Medicines
        | StripField::Allergies
        | StripField::Substances
        | StripField::Pregnancy
        | StripField::History
        | StripField::MeansAtHand
        | StripField::ProtectiveFactors => false,
    };
    if several || ["Yes", "No"].contains(&answer.as_str()) {
        format!("{}: {}", entry.fact.question, entry.fact.answers.join("; "))
    } else {
        answer
    }
}

// Everyone whose answers stand here, with what they are.
fn askers(reading: &Reading<'_>) -> Vec<FactValue> {
    let stamps = reading.page.view.assessments.iter().map(|one| one.started);
    let mut said: Vec<FactValue> = Vec::new();
    for person in stamps.map(|stamp| stamp.who.person) {
        let Some(who) = reading.page.people.get(&person) else {
            continue;
        };
        let value = FactValue {
            words: who.name.clone(),
            by: who.roles_words.clone(),
        };
        if !said.contains(&value) {
            said.push(value);
        }
    }
    said
}

fn since_review(reading: &Reading<'_>) -> Fact {
    let words = match &reading.page.row.review {
        ReviewState::Unreviewed => "not reviewed yet".to_owned(),
        ReviewState::Current { .. } => "nothing clinical changed".to_owned(),
        ReviewState::Changed { .. } => format!(
            "{}, listed above",
            counted(reading.page.since_review.len(), "change")
        ),
    };
    let value = FactValue {
        words,
        by: String::new(),
    };
    Fact {
        label: "Since the last review".to_owned(),
        differ: false,
        values: vec![value],
    }
}
