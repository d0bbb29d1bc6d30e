//! Which earlier values hold a level up (rule 4).

use mooring_protocol::Answer;

use super::{DomainRisk, Held, HeldValue};
use crate::{
    history::Write,
    reading::{
        AssessmentReading, Reading, SlotReading, Standing,
        assessment::{Levels, is_lower},
    },
    record::Place,
};

/// The worst domain whose earlier level governs, with the values that hold it.
pub(super) fn find(reading: &Reading<'_>, domains: &[DomainRisk]) -> Option<Held> {
    let held = domains
        .iter()
        .filter(|one| one.level > one.alone.level)
        .max_by_key(|one| one.level)?;
    let mut values = values(reading);
    values.sort_by_key(|value| std::cmp::Reverse((value.stamp.at.wall_ms, value.id)));
    Some(Held {
        domain: held.domain,
        was: held.shown(),
        alone: held.alone,
        values,
    })
}

/// Values that are held and make a difference; if none does so alone, all that are held.
pub(crate) fn values(reading: &Reading<'_>) -> Vec<HeldValue> {
    let mut all = all_held(reading);
    // A value can be held twice over: replaced, and closed by a gate.
    all.sort_by(|one, two| sorting(one).cmp(&sorting(two)));
    all.dedup_by(|one, two| (&one.value.place, one.value.id) == (&two.value.place, two.value.id));
    let matter: Vec<_> = all
        .iter()
        .filter(|held| held.matters)
        .map(|held| held.value.clone())
        .collect();
    let lowered = reading
        .counting()
        .any(|one| is_lower(&now(reading, one), &governing(reading, one)));
    if matter.is_empty() && lowered {
        all.into_iter().map(|held| held.value).collect()
    } else {
        matter
    }
}

fn sorting(held: &Candidate) -> (&Place, crate::ids::ChangeId, bool) {
    // What matters comes first, so that it is the one of two that stays.
    (&held.value.place, held.value.id, !held.matters)
}

struct Candidate {
    value: HeldValue,
    matters: bool,
}

fn all_held(reading: &Reading<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    for one in reading.counting() {
        for (path, slot) in &one.slots {
            for write in held_in(slot) {
                let answer = write.value.answer().cloned();
                let matters = answer.as_ref().is_some_and(|answer| {
                    one.would_lower(path, std::slice::from_ref(answer), reading.person_all)
                        && !stands(slot, write)
                });
                let place = Place::answer(one.id, (*path).clone());
                let question = question(one, path);
                found.extend(candidate(
                    reading,
                    place,
                    question,
                    write,
                    answer.as_ref(),
                    matters,
                ));
            }
        }
    }
    for one in reading.counting() {
        for (path, write) in one.hidden.iter().flat_map(|hidden| &hidden.values) {
            let place = Place::answer(one.id, (*path).clone());
            let answer = write.value.answer();
            let matters = is_lower(
                &one.levels(&one.all, reading.person_all),
                &one.governing_levels(reading.person_all),
            );
            found.extend(candidate(
                reading,
                place,
                question(one, path),
                write,
                answer,
                matters,
            ));
        }
    }
    for write in held_in(&reading.minor) {
        let answer = write.value.answer();
        let matters = reading.person_now != reading.person_all;
        found.extend(candidate(
            reading,
            Place::Minor,
            "A minor".to_owned(),
            write,
            answer,
            matters,
        ));
    }
    found
}

fn held_in<'a>(slot: &SlotReading<'a>) -> impl Iterator<Item = &'a Write> {
    let held =
        |standing: &Standing| matches!(standing, Standing::HeldByEdit | Standing::HeldByAuthor(_));
    slot.values
        .iter()
        .filter(move |(_, standing)| held(standing))
        .map(|(write, _)| *write)
}

fn stands(slot: &SlotReading<'_>, write: &Write) -> bool {
    slot.standing()
        .any(|other| other.value.says_the_same(&write.value))
}

fn candidate(
    reading: &Reading<'_>,
    place: Place,
    question: String,
    write: &Write,
    answer: Option<&Answer>,
    matters: bool,
) -> Option<Candidate> {
    let stamp = reading.file.write_stamp(write)?;
    let words = answer.map(Answer::words)?;
    Some(Candidate {
        value: HeldValue {
            place,
            id: write.change,
            stamp,
            question,
            words,
        },
        matters,
    })
}

fn now(reading: &Reading<'_>, one: &AssessmentReading<'_>) -> Levels {
    one.levels(&one.now, reading.person_now)
}

fn governing(reading: &Reading<'_>, one: &AssessmentReading<'_>) -> Levels {
    one.governing_levels(reading.person_all)
}

/// The question at a path, or its linkId where the protocol is not here.
pub(crate) fn question(one: &AssessmentReading<'_>, path: &mooring_protocol::AnswerPath) -> String {
    let item = one
        .protocol()
        .and_then(|protocol| protocol.find(path.link_id()));
    let text = item
        .map(|item| item.text.plain.clone())
        .filter(|text| !text.is_empty());
    text.unwrap_or_else(|| path.link_id().to_owned())
}
