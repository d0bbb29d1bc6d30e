//! The composition of a value set: what it includes, code by code or by other sets in the file, and what it takes away again.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::AnswerOption;
use crate::read::place::{Notes, Place};
use crate::read::value_set::{self, Contained, InACircle, ValueSet};

/// The sets that a value set names anywhere.
pub(super) fn names(set: &Map<String, Json>) -> impl Iterator<Item = &str> {
    let compose = set.get("compose").and_then(Json::as_object);
    let parts = ["include", "exclude"]
        .into_iter()
        .filter_map(move |part| compose?.get(part)?.as_array());
    parts.flatten().filter_map(Json::as_object).flat_map(named)
}

fn named(part: &Map<String, Json>) -> impl Iterator<Item = &str> {
    let names = part.get("valueSet").and_then(Json::as_array);
    names.into_iter().flatten().filter_map(Json::as_str)
}

/// The options of a composition. What can't be worked out takes nothing away: an option too many is seen, one too few is not.
pub(super) fn composed(
    notes: &mut Notes,
    compose: &Map<String, Json>,
    place: &Place,
    contained: &mut Contained,
) -> ValueSet {
    let mut set = ValueSet {
        options: Vec::new(),
        complete: true,
    };
    let mut offered = BTreeSet::new();
    for (include, at) in notes.objects(compose, "include", place) {
        let part = part(notes, include, &at, contained);
        set.complete &= part.complete;
        if !contained.may_look_at(notes, part.options.len(), &at) {
            break;
        }
        for option in part.options {
            if offered.insert(option.key()) {
                set.options.push(option);
            }
        }
    }
    for (exclude, at) in notes.objects(compose, "exclude", place) {
        if !contained.may_look_at(notes, set.options.len(), &at) {
            break;
        }
        let out = excluded(notes, exclude, &at, contained);
        set.options.retain(|option| !out.takes(option));
    }
    set
}

/// What a set holds, by the names of its options: the words are none of them.
fn keys(set: &ValueSet) -> BTreeSet<String> {
    set.options.iter().map(AnswerOption::key).collect()
}

/// One `include`: the codes of a system, those that other sets hold, or those that are in both.
fn part(
    notes: &mut Notes,
    include: &Map<String, Json>,
    at: &Place,
    contained: &mut Contained,
) -> ValueSet {
    if include.contains_key("filter") {
        let message = "a filter can't be worked out here: options may be too many";
        notes.warn(&at.member("filter"), FaultKind::NotSupported, message);
    }
    let mut set = include
        .contains_key("system")
        .then(|| of_system(notes, include, at, contained));
    for name in named(include).collect::<BTreeSet<_>>() {
        let other = other(notes, name, at, contained, "options are missing here");
        set = Some(match set {
            None => other,
            Some(mut set) => {
                // Of a set that is not whole nobody knows what it does not hold.
                if other.complete {
                    let held = keys(&other);
                    set.options.retain(|option| held.contains(&option.key()));
                }
                set.complete &= other.complete;
                set
            }
        });
    }
    set.unwrap_or_else(|| {
        let message = "neither a system nor a value set is named: options are missing here";
        notes.warn(at, FaultKind::Missing, message);
        ValueSet::default()
    })
}

fn of_system(
    notes: &mut Notes,
    include: &Map<String, Json>,
    at: &Place,
    contained: &Contained,
) -> ValueSet {
    let mut set = ValueSet {
        options: Vec::new(),
        complete: true,
    };
    let system = notes.string(include, "system", at).unwrap_or_default();
    let known = contained.systems.get(system.as_str());
    if include.contains_key("concept") {
        for (concept, at) in notes.objects(include, "concept", at) {
            let weights = known.map(|(_, weights)| weights);
            let option = value_set::option(notes, concept, &system, weights, &at);
            set.options.extend(option);
        }
    } else if let Some((known, weights)) = known {
        value_set::concepts(notes, known, &system, weights, at, &mut set.options);
    } else {
        let message =
            format!("the codes of {system} are not in this file: options are missing here");
        notes.warn(at, FaultKind::Missing, message);
        set.complete = false;
    }
    set
}

/// A copy of the set of this name, as far as it is known.
fn other(
    notes: &mut Notes,
    name: &str,
    at: &Place,
    contained: &mut Contained,
    consequence: &str,
) -> ValueSet {
    let mut missing = |why: &str| {
        let message = format!("the value set {name} {why}: {consequence}");
        notes.warn(&at.member("valueSet"), FaultKind::Missing, message);
        ValueSet::default()
    };
    let (options, complete) = match contained.set(name) {
        None => return missing("is not in this file"),
        Some(Err(InACircle)) => return missing("names this one in turn"),
        Some(Ok(set)) => (set.options.clone(), set.complete),
    };
    if contained.may_look_at(notes, options.len(), at) {
        ValueSet { options, complete }
    } else {
        ValueSet::default()
    }
}

/// What an `exclude` takes away: what is in all of these, as far as that is known.
#[derive(Default)]
struct Excluded {
    system: Option<String>,
    /// The keys of the codes that are listed.
    listed: Option<BTreeSet<String>>,
    /// The keys of the options of each set that is named.
    sets: Vec<BTreeSet<String>>,
}

impl Excluded {
    fn takes(&self, option: &AnswerOption) -> bool {
        let Some(coding) = option.coding() else {
            return false;
        };
        let key = option.key();
        (self.system.is_some() || !self.sets.is_empty())
            && self
                .system
                .as_ref()
                .is_none_or(|system| *system == coding.system)
            && self
                .listed
                .as_ref()
                .is_none_or(|listed| listed.contains(&key))
            && self.sets.iter().all(|set| set.contains(&key))
    }
}

fn excluded(
    notes: &mut Notes,
    exclude: &Map<String, Json>,
    at: &Place,
    contained: &mut Contained,
) -> Excluded {
    if exclude.contains_key("filter") {
        let message = "a filter can't be worked out here: what it takes away is offered";
        notes.warn(&at.member("filter"), FaultKind::NotSupported, message);
        return Excluded::default();
    }
    let system = notes.string(exclude, "system", at);
    let listed = exclude
        .contains_key("concept")
        .then(|| keys(&of_system(notes, exclude, at, contained)));
    let names = named(exclude).collect::<BTreeSet<_>>().into_iter();
    let sets = names.map(|name| {
        let other = other(notes, name, at, contained, "what it takes away is offered");
        keys(&other)
    });
    Excluded {
        sets: sets.collect(),
        system,
        listed,
    }
}
