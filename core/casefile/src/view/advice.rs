//! Advice as a view: how far it came, and whether what it was written on still holds.

use super::AdviceView;
use crate::{
    reading::{Reading, Said},
    record::NewAdvice,
    risk,
};

pub(super) fn view(reading: &Reading<'_>) -> Vec<AdviceView> {
    let mut all: Vec<_> = reading
        .file
        .advice()
        .map(|said| one(reading, &said))
        .collect();
    all.sort_by_key(|advice| (advice.stamp.at.wall_ms, advice.id));
    all
}

fn one(reading: &Reading<'_>, said: &Said<'_, NewAdvice>) -> AdviceView {
    let file = reading.file;
    let mut marks: Vec<_> = file
        .marks_of_advice()
        .filter(|mark| mark.what.advice == said.id)
        .map(|mark| (mark.what.mark, mark.stamp))
        .collect();
    marks.sort_by_key(|(mark, stamp)| (stamp.at.wall_ms, *mark, stamp.change));
    let withdrawal = file
        .withdrawals()
        .find(|withdrawal| withdrawal.what.advice == said.id);
    AdviceView {
        id: said.id,
        stamp: said.stamp,
        text: said.what.text.clone(),
        written_on: said.what.written_on.clone(),
        expires_ms: said.what.expires_ms,
        replaces: said.what.replaces,
        replaced_by: file
            .advice()
            .find(|other| other.what.replaces == Some(said.id))
            .map(|other| other.id),
        withdrawn: withdrawal.map(|withdrawal| (withdrawal.stamp, withdrawal.what.reason.clone())),
        marks,
        overtaken: is_overtaken(reading, said.what),
    }
}

/// Rule 15: whether risk, allergies, medicines or substances changed since.
fn is_overtaken(reading: &Reading<'_>, advice: &NewAdvice) -> Option<bool> {
    if advice.written_on == reading.file.version() {
        return Some(false);
    }
    let then = reading.file.at(&advice.written_on).ok()?;
    let then = then.read(reading.shelf);
    let (before, after) = (risk::derive::derive(&then), risk::derive::derive(reading));
    let risk_changed = before.shown() != after.shown() || before.contested != after.contested;
    Some(risk_changed || facts(&then) != facts(reading))
}

/// The strip facts that advice depends on, in words.
fn facts(reading: &Reading<'_>) -> Vec<(mooring_protocol::StripField, String, Vec<String>)> {
    use mooring_protocol::StripField::{Allergies, Medicines, Substances};
    let strip = super::derive::strip(reading);
    let wanted = strip
        .into_iter()
        .filter(|(field, _)| [Allergies, Medicines, Substances].contains(field));
    let facts =
        wanted.flat_map(|(field, facts)| facts.into_iter().map(move |entry| (field, entry.fact)));
    facts
        .map(|(field, fact)| (field, fact.question, fact.answers))
        .collect()
}
