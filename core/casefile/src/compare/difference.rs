//! What changed for the person's care between two versions. How far advice came, reviews and openings are no part of it.

use std::collections::{BTreeMap, BTreeSet};

use mooring_protocol::{AnswerPath, ShownLevel};

use super::{by, said, standing};
use crate::{
    file::CaseFile,
    ids::{AssessmentId, RecordId},
    moment::Stamp,
    record::{Accepted, Place},
    run::Half,
    shelf::Shelf,
    view::{AssessmentView, CaseView, ItemView, ValueStanding, ValueView},
};

/// What changed between two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Each change in words; none if nothing clinical changed.
    pub lines: Vec<Difference>,
    /// Whether the level rose: then an older version can't be signed as such.
    pub level_rose: bool,
    /// The level then.
    pub was: ShownLevel,
    /// The level now.
    pub is: ShownLevel,
}

impl Changes {
    /// Whether nothing clinical changed.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which assessment, if in one.
    pub assessment: Option<AssessmentId>,
    /// At which path, if at one.
    pub path: Option<AnswerPath>,
    /// In words: "Intention to act: was yes (J. Okafor 02:34), now also no (L. Brandt 02:36)".
    pub words: String,
}

impl CaseFile {
    /// The clinical difference from an earlier version to this one.
    pub fn difference(&self, then: &Self, shelf: &dyn Shelf) -> Changes {
        let (before, after) = (then.view(shelf), self.view(shelf));
        let (was, is) = (before.risk.shown(), after.risk.shown());
        let lines = Lines {
            shelf,
            before: &before,
            after: &after,
            found: Vec::new(),
        }
        .find();
        let level_rose = is.queue_rank() < was.queue_rank() || is.level > was.level;
        Changes {
            lines,
            level_rose,
            was,
            is,
        }
    }
}

struct Lines<'a> {
    shelf: &'a dyn Shelf,
    before: &'a CaseView,
    after: &'a CaseView,
    found: Vec<Difference>,
}

impl Lines<'_> {
    fn find(mut self) -> Vec<Difference> {
        self.case();
        for now in &self.after.assessments {
            self.assessment(self.before.assessment(now.id), now);
        }
        self.records();
        let (was, is) = (
            self.before.risk.shown().words(),
            self.after.risk.shown().words(),
        );
        if was != is {
            self.add(format!("Level: was {was}, now {is}"));
        }
        if self.before.unreadable != self.after.unreadable {
            self.add("Something was written by a newer version and can't be shown here".to_owned());
        }
        self.found
    }

    fn add(&mut self, words: String) {
        self.found.push(Difference {
            assessment: None,
            path: None,
            words,
        });
    }

    fn case(&mut self) {
        let (before, after) = (self.before, self.after);
        if before.title != after.title {
            self.add(format!("Title: was {}, now {}", before.title, after.title));
        }
        let ids = |view: &CaseView| {
            view.minor_values
                .iter()
                .map(|value| (value.id, value.standing as u8))
                .collect::<Vec<_>>()
        };
        if ids(before) != ids(after) {
            let words = |view: &CaseView| {
                let standing = view
                    .minor_values
                    .iter()
                    .filter(|value| value.standing == ValueStanding::Stands);
                let all: Vec<_> = standing.map(|value| said(self.shelf, value)).collect();
                if all.is_empty() {
                    "not known".to_owned()
                } else {
                    all.join(" and ")
                }
            };
            let line = format!("A minor: was {}, now {}", words(before), words(after));
            self.add(line);
        }
    }

    fn assessment(&mut self, before: Option<&AssessmentView>, now: &AssessmentView) {
        let title = now.title.as_deref().unwrap_or(&now.key);
        if before.is_none() {
            let words = format!("{title}: begun ({})", by(self.shelf, &now.started));
            self.found.push(Difference {
                assessment: Some(now.id),
                path: None,
                words,
            });
        }
        let old = before.map_or(&[][..], |before| &before.items);
        let old: BTreeMap<_, _> = old.iter().map(|item| (&item.path, item)).collect();
        for item in &now.items {
            if let Some(words) = self.item(old.get(&item.path).copied(), item) {
                let path = Some(item.path.clone());
                self.found.push(Difference {
                    assessment: Some(now.id),
                    path,
                    words,
                });
            }
        }
    }

    fn item(&self, before: Option<&ItemView>, now: &ItemView) -> Option<String> {
        let old = before.map_or(&[][..], |before| &before.values);
        let (old_ids, new_ids) = (ids(old), ids(&now.values));
        let question = &now.question;
        if old_ids == new_ids {
            let let_go = before.is_some_and(|before| held(before) != held(now));
            return let_go.then(|| format!("{question}: {}", held_words(self.shelf, before, now)));
        }
        if old.is_empty() {
            return Some(format!("{question}: now {}", standing(self.shelf, now)));
        }
        let was = before.map_or_else(String::new, |before| standing(self.shelf, before));
        if old_ids.is_subset(&new_ids) {
            let new = now
                .values
                .iter()
                .filter(|value| !old_ids.contains(&value.id));
            let new: Vec<_> = new.map(|value| said(self.shelf, value)).collect();
            return Some(format!(
                "{question}: was {was}, now also {}",
                new.join(" and ")
            ));
        }
        Some(format!(
            "{question}: was {was}, now {}",
            standing(self.shelf, now)
        ))
    }

    fn records(&mut self) {
        let (before, after) = (self.before, self.after);
        let known = known(before);
        let mut new: Vec<(Stamp, String)> = Vec::new();
        for one in &after.assessments {
            for settled in one
                .items
                .iter()
                .flat_map(|item| item.settlements.iter().map(move |settled| (item, settled)))
            {
                let (item, settled) = settled;
                if !known.contains(&(settled.id, settled.half)) {
                    new.push((
                        settled.stamp,
                        format!("{}: settled as {}", item.question, settled.words),
                    ));
                }
            }
        }
        let is_new = |id, half| !known.contains(&(id, half));
        for one in after
            .acceptances
            .iter()
            .filter(|one| is_new(one.id, one.half))
        {
            let what = match one.what.accepted {
                Accepted::Assessment { .. } => "A later assessment was accepted",
                Accepted::Override { .. } => "A lower level by judgment was accepted",
            };
            new.push((one.stamp, what.to_owned()));
        }
        for one in after
            .overrides
            .iter()
            .filter(|one| is_new(one.id, one.half))
        {
            let level = ShownLevel {
                level: one.what.said.level,
                at_least: false,
            }
            .words();
            let domain = one.what.said.domain.words();
            new.push((
                one.stamp,
                format!("{domain}: {level} by judgment: {}", one.what.said.reason),
            ));
        }
        for one in after.events.iter().filter(|one| is_new(one.id, one.half)) {
            new.push((one.stamp, format!("On the visit: {}", one.what.text)));
        }
        for one in after.asks.iter().filter(|one| is_new(one.id, one.half)) {
            new.push((one.stamp, format!("The team asks: {}", one.what.question)));
        }
        new.sort();
        for (stamp, words) in new {
            let words = format!("{words} ({})", by(self.shelf, &stamp));
            self.add(words);
        }
    }
}

fn ids(values: &[ValueView]) -> BTreeSet<crate::ids::ChangeId> {
    values.iter().map(|value| value.id).collect()
}

fn held(item: &ItemView) -> BTreeSet<crate::ids::ChangeId> {
    let held = item
        .earlier
        .iter()
        .filter(|value| value.standing == ValueStanding::Held);
    held.map(|value| value.id).collect()
}

fn held_words(shelf: &dyn Shelf, before: Option<&ItemView>, now: &ItemView) -> String {
    let old = before.map_or_else(BTreeSet::new, held);
    let (kept, gone): (Vec<_>, Vec<_>) = now
        .earlier
        .iter()
        .partition(|value| value.standing == ValueStanding::Held);
    let let_go: Vec<_> = gone
        .iter()
        .filter(|value| old.contains(&value.id))
        .map(|value| said(shelf, value))
        .collect();
    if let_go.is_empty() {
        let held: Vec<_> = kept.iter().map(|value| said(shelf, value)).collect();
        return format!("earlier {} governs again", held.join(" and "));
    }
    format!(
        "earlier {} let go, now {}",
        let_go.join(" and "),
        standing(shelf, now)
    )
}

/// The clinical records that a version holds.
fn known(view: &CaseView) -> BTreeSet<(RecordId, Half)> {
    let settled = view
        .assessments
        .iter()
        .flat_map(|one| &one.items)
        .flat_map(|item| &item.settlements);
    let mut known: BTreeSet<_> = settled.map(|one| (one.id, one.half)).collect();
    known.extend(view.acceptances.iter().map(|one| (one.id, one.half)));
    known.extend(view.overrides.iter().map(|one| (one.id, one.half)));
    known.extend(view.events.iter().map(|one| (one.id, one.half)));
    known.extend(view.asks.iter().map(|one| (one.id, one.half)));
    known
}

impl Difference {
    /// Where it is, if at one place.
    pub fn place(&self) -> Option<Place> {
        Some(Place::answer(self.assessment?, self.path.clone()?))
    }
}
