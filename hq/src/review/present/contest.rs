//! One question with several answers, and the place that a settlement names.

use mooring_casefile::{AssessmentId, ItemView, Place, Shelf, ValueStanding, ValueView};
use mooring_protocol::AnswerPath;

use super::reading::Reading;
use crate::review::page::contest::{Candidate, Contest, SettleForm, Settling, Stands};
use crate::review::page::words::capitalized;

/// The contest at a place, if people differ there or an earlier value is held.
pub(crate) fn contest(
    reading: &Reading<'_>,
    assessment: AssessmentId,
    item: &ItemView,
) -> Option<Contest> {
    let held: Vec<&ValueView> = item
        .earlier
        .iter()
        .filter(|value| value.standing == ValueStanding::Held)
        .collect();
    if !item.contested && held.is_empty() {
        return None;
    }
    let place = Place::answer(assessment, item.path.clone());
    let mut all: Vec<&ValueView> = held.iter().copied().chain(&item.values).collect();
    let seen = item.to_settle();
    let governing: Vec<bool> = all
        .iter()
        .map(|value| governs(reading, &place, &seen, value))
        .collect();
    // Where every value comes to the same level, none is heavier than another.
    let differ = governing.iter().any(|governs| !governs);
    let is_governing = |value: &ValueView| differ && governs(reading, &place, &seen, value);
    all.sort_by_key(|value| !is_governing(value));
    let key = format!("{assessment}/{}", item.path);
    Some(Contest {
        question: item.question.clone(),
        stands: if item.contested {
            Stands::Contested
        } else {
            Stands::Unconfirmed
        },
        values: all
            .iter()
            .map(|value| candidate(reading, value, is_governing(value)))
            .collect(),
        needs: needs(reading, &all, is_governing),
        settling: settling(reading, &key, &seen),
    })
}

/// The place named in a form: `<assessment>/<path>`.
pub(crate) fn place_of(key: &str) -> Option<Place> {
    let (assessment, path) = key.split_once('/')?;
    let path: AnswerPath = path.parse().ok()?;
    Some(Place::answer(AssessmentId::parse(assessment).ok()?, path))
}

// A value governs if nothing would be lowered by choosing it.
fn governs(
    reading: &Reading<'_>,
    place: &Place,
    seen: &[mooring_casefile::ChangeId],
    value: &ValueView,
) -> bool {
    let shelf: &dyn Shelf = reading.page.shelf.as_ref();
    !reading
        .page
        .file
        .settling_lowers(place, seen, value.id, shelf)
}

fn candidate(reading: &Reading<'_>, value: &ValueView, governs: bool) -> Candidate {
    let mut by = reading.who(&value.stamp);
    if value.standing == ValueStanding::Held {
        by.push_str(" · changed since, not confirmed");
    }
    Candidate {
        answer: capitalized(&value.words),
        by,
        governs,
        choice: value.id.to_string(),
    }
}

fn needs(
    reading: &Reading<'_>,
    values: &[&ValueView],
    is_governing: impl Fn(&ValueView) -> bool,
) -> String {
    let mut lower: Vec<String> = Vec::new();
    for value in values.iter().filter(|value| !is_governing(value)) {
        let name = reading.name(value.stamp.who.person);
        if !lower.contains(&name) {
            lower.push(name);
        }
    }
    if lower.len() == values.len() {
        return "The level is the same either way: either author may settle it, or someone with the role.".to_owned();
    }
    format!(
        "Upward, either author may settle it. Downward it takes a psychiatrist, or a clinician other than {}. A value that is not named here reopens it.",
        lower.join(" and ")
    )
}

fn settling(reading: &Reading<'_>, key: &str, seen: &[mooring_casefile::ChangeId]) -> Settling {
    match &reading.page.may.settle {
        Err(why) => Settling::Closed(why.clone()),
        Ok(()) => Settling::Open(SettleForm {
            key: key.to_owned(),
            seen: seen
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            chosen: reading.typed(&format!("choice|{key}")),
            reason: reading.typed(&format!("reason|{key}")),
        }),
    }
}
