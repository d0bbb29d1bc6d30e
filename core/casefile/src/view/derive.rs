//! From what was read to a view.

use std::collections::{BTreeMap, BTreeSet};

use mooring_protocol::{Answer, StripField};

use super::{
    AcceptanceView, CaseView, Entry, OverrideView, StripEntry, advice, assessment, timeline,
};
use crate::{
    file::CaseFile,
    history::Stored,
    moment::Stamp,
    reading::{Reading, Said, SlotReading},
    record::{Acceptance, Accepted, Place},
    risk::{Risk, derive, held},
    run::Half,
    shelf::Shelf,
};

impl CaseFile {
    /// Everything known of the case.
    pub fn view(&self, shelf: &dyn Shelf) -> CaseView {
        let reading = self.read(shelf);
        let risk = derive::derive(&reading);
        let held = held::values(&reading)
            .into_iter()
            .map(|held| (held.place, held.id))
            .collect();
        let (standing, earlier) =
            assessment::values(&reading, Some(&reading.minor), &Place::Minor, &held);
        let waiting = |id| risk.waiting_overrides.iter().any(|one| one.id == id);
        let overrides = self.overrides().map(|said| {
            entry(said, |what| OverrideView {
                said: what.clone(),
                waiting: waiting(said.id),
            })
        });
        let assessments = reading
            .assessments
            .iter()
            .map(|one| assessment::view(&reading, one, &held));
        CaseView {
            case: self.case(),
            version: self.version(),
            title: self.title(),
            created: self.created(),
            minor: reading.person_all.minor,
            minor_values: standing.into_iter().chain(earlier).collect(),
            strip: strip(&reading),
            assessments: assessments.collect(),
            events: by_time(self.events().map(|said| entry(said, Clone::clone))),
            asks: by_time(self.asks().map(|said| entry(said, Clone::clone))),
            overrides: by_time(overrides),
            acceptances: by_time(
                self.acceptances()
                    .map(|said| entry(said, |_| acceptance(&reading, &said, &risk))),
            ),
            reviews: by_time(self.reviews().map(|said| entry(said, Clone::clone))),
            advice: advice::view(&reading),
            openings: by_time(self.openings().map(|said| entry(said, |_| ())))
                .iter()
                .map(|one| one.stamp)
                .collect(),
            timeline: timeline::view(&reading),
            unreadable: self.unreadable(),
            risk,
        }
    }

    /// What the team calls the case.
    pub fn title(&self) -> String {
        let slot = self.read_title();
        let titles: BTreeSet<_> = slot
            .standing()
            .filter_map(|write| write.value.answer())
            .map(Answer::words)
            .collect();
        titles.into_iter().collect::<Vec<_>>().join(" / ")
    }

    /// Who began the case: the writer of the field half's first change.
    pub fn created(&self) -> Option<Stamp> {
        let history = self.history(Half::Field);
        let first = history.changes().find(|(_, entry)| entry.deps.is_empty())?;
        self.stamp(Half::Field, *first.0)
    }

    fn unreadable(&self) -> usize {
        let values = self
            .history(Half::Field)
            .slots()
            .flat_map(|(_, writes)| writes);
        self.unreadable_records() + values.filter(|write| write.value == Stored::TooNew).count()
    }
}

fn acceptance(reading: &Reading<'_>, said: &Said<'_, Acceptance>, risk: &Risk) -> AcceptanceView {
    let allowed = reading.file.may_accept(said.what, &said.stamp.who);
    let as_seen = match &said.what.accepted {
        Accepted::Assessment { later, earlier } => {
            let all = earlier
                .iter()
                .all(|seen| reading.replaced.contains_key(&seen.assessment));
            all && reading.is_as_seen(later)
        }
        Accepted::Override { id, seen, .. } => {
            seen.iter().all(|seen| reading.is_as_seen(seen))
                && !risk.waiting_overrides.iter().any(|one| one.id == *id)
        }
    };
    let (accepted, reason) = (said.what.accepted.clone(), said.what.reason.clone());
    AcceptanceView {
        accepted,
        reason,
        counts: allowed && as_seen,
    }
}

fn entry<T, V>(said: Said<'_, T>, what: impl FnOnce(&T) -> V) -> Entry<V> {
    Entry {
        id: said.id,
        stamp: said.stamp,
        half: said.half,
        what: what(said.what),
    }
}

fn by_time<V>(entries: impl Iterator<Item = Entry<V>>) -> Vec<Entry<V>> {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_by_key(|entry| (entry.stamp.at.wall_ms, entry.id, entry.stamp.change));
    entries
}

/// The first strip: every field, with the facts of all assessments that count.
pub(super) fn strip(reading: &Reading<'_>) -> Vec<(StripField, Vec<StripEntry>)> {
    let mut fields: BTreeMap<StripField, Vec<StripEntry>> =
        StripField::ALL.map(|field| (field, Vec::new())).into();
    for one in reading.counting() {
        let facts = one
            .protocol()
            .map_or(Vec::new(), |protocol| protocol.strip(&one.now));
        for (field, fact) in facts
            .into_iter()
            .flat_map(|(field, facts)| facts.into_iter().map(move |fact| (field, fact)))
        {
            let slot = one.slots.get(&fact.path);
            let writes = slot.into_iter().flat_map(SlotReading::standing);
            let stamps = writes
                .filter_map(|write| reading.file.write_stamp(write))
                .collect();
            fields.entry(field).or_default().push(StripEntry {
                assessment: one.id,
                fact,
                stamps,
            });
        }
    }
    fields.into_iter().collect()
}
