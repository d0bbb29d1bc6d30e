//! One question with several answers, and the place that a settlement names.

use mooring_casefile::{AssessmentId, ChangeId, ItemView, Place, Shelf, ValueStanding, ValueView};
use mooring_protocol::AnswerPath;

use super::reading::Reading;
use crate::review::page::contest::{Candidate, Contest, SettleForm, Settling, Stands};
use crate::review::page::words::capitalized;

/// A value that counts, and whether it is the one that makes the level.
pub(crate) struct Counting<'a> {
    pub(crate) value: &'a ValueView,
    pub(crate) governs: bool,
}

/// The values that count at a place: those that stand and those that are held. Where all come to the same level, none governs.
pub(crate) fn counting<'a>(
    reading: &Reading<'_>,
    assessment: AssessmentId,
    item: &'a ItemView,
) -> Vec<Counting<'a>> {
    let held = item
        .earlier
        .iter()
        .filter(|value| value.standing == ValueStanding::Held);
    let all: Vec<&ValueView> = held.chain(&item.values).collect();
    if all.len() < 2 {
        return all
            .into_iter()
            .map(|value| Counting {
                value,
                governs: false,
            })
            .collect();
    }
    let place = Place::answer(assessment, item.path.clone());
    let seen = item.to_settle();
    let shelf: &dyn Shelf = reading.page.shelf.as_ref();
    // A value governs if nothing would be lowered by choosing it.
    let governs = |value: &ValueView| {
        !reading
            .page
            .file
            .settling_lowers(&place, &seen, value.id, shelf)
    };
    let governing: Vec<bool> = all.iter().map(|value| governs(value)).collect();
    let differ = governing.contains(&false);
    let values = all.into_iter().zip(governing);
    values
        .map(|(value, governs)| Counting {
            value,
            governs: governs && differ,
        })
        .collect()
}

/// The contest at a place, if people differ there or an earlier value is held.
pub(crate) fn contest(
    reading: &Reading<'_>,
    assessment: AssessmentId,
    item: &ItemView,
) -> Option<Contest> {
    let is_held = item
        .earlier
        .iter()
        .any(|value| value.standing == ValueStanding::Held);
    if !item.contested && !is_held {
        return None;
    }
    let mut values = counting(reading, assessment, item);
    values.sort_by_key(|one| !one.governs);
    Some(Contest {
        question: item.question.clone(),
        news: reading.news(assessment, &item.path),
        stands: if item.contested {
            Stands::Contested
        } else {
            Stands::Unconfirmed
        },
        values: values.iter().map(|one| candidate(reading, one)).collect(),
        needs: needs(reading, &values),
        settling: settling(
            reading,
            &format!("{assessment}/{}", item.path),
            &item.to_settle(),
        ),
    })
}

/// The place named in a form: `<assessment>/<path>`.
pub(crate) fn place_of(key: &str) -> Option<Place> {
    let (assessment, path) = key.split_once('/')?;
    let path: AnswerPath = path.parse().ok()?;
    Some(Place::answer(AssessmentId::parse(assessment).ok()?, path))
}

fn candidate(reading: &Reading<'_>, one: &Counting<'_>) -> Candidate {
    let mut by = reading.source(one.value);
    if one.value.standing == ValueStanding::Held {
        by.push_str(" · changed since, not confirmed");
    }
    Candidate {
        answer: capitalized(&one.value.words),
        by,
        governs: one.governs,
        choice: one.value.id.to_string(),
    }
}

fn needs(reading: &Reading<'_>, values: &[Counting<'_>]) -> String {
    if !values.iter().any(|one| one.governs) {
        return "The level is the same either way: either author may settle it, or someone with the role.".to_owned();
    }
    let mut lower: Vec<String> = Vec::new();
    for one in values.iter().filter(|one| !one.governs) {
        let name = reading.name(one.value.stamp.who.person);
        if !lower.contains(&name) {
            lower.push(name);
        }
    }
    format!(
        "Upward, either author may settle it. Downward it takes a psychiatrist, or a clinician other than {}. \
         A value that is not named here reopens it.",
        lower.join(" and ")
    )
}

fn settling(reading: &Reading<'_>, key: &str, seen: &[ChangeId]) -> Settling {
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
            pressed: reading.pressed == key,
        }),
    }
}
