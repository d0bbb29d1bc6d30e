//! The composition of a value set: what it includes, code by code or by other sets in the file, and what it takes away again.

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::AnswerOption;
use crate::read::place::{Notes, Place};
use crate::read::value_set::{self, Contained, ValueSet};
use crate::value::Coding;

/// The options of a composition. What can't be worked out takes nothing away: an option too many is seen, one too few is not.
pub(super) fn composed(
    notes: &mut Notes,
    compose: &Map<String, Json>,
    place: &Place,
    contained: &Contained,
    deeper: usize,
) -> ValueSet {
    let mut set = ValueSet {
        options: Vec::new(),
        complete: true,
    };
    for (include, at) in notes.objects(compose, "include", place) {
        let part = part(notes, include, &at, contained, deeper);
        set.complete &= part.complete;
        for option in part.options {
            if !set.options.iter().any(|known| same(known, &option)) {
                set.options.push(option);
            }
        }
    }
    for (exclude, at) in notes.objects(compose, "exclude", place) {
        let out = excluded(notes, exclude, &at, contained, deeper);
        set.options.retain(|option| !out.takes(option));
    }
    set
}

fn same(a: &AnswerOption, b: &AnswerOption) -> bool {
    a.value == b.value
}

/// One `include`: the codes of a system, those that other sets hold, or those that are in both.
fn part(
    notes: &mut Notes,
    include: &Map<String, Json>,
    at: &Place,
    contained: &Contained,
    deeper: usize,
) -> ValueSet {
    if include.contains_key("filter") {
        let message = "a filter can't be worked out here: options may be too many";
        notes.warn(&at.member("filter"), FaultKind::NotSupported, message);
    }
    let by_system = include
        .contains_key("system")
        .then(|| of_system(notes, include, at, contained));
    let mut named = others(notes, include, at, contained, deeper).into_iter();
    let Some(mut set) = by_system.or_else(|| named.next()) else {
        notes.warn(
            at,
            FaultKind::Missing,
            "neither a system nor a value set is named: options are missing here",
        );
        return ValueSet::default();
    };
    for other in named {
        // Of a set that is not whole nobody knows what it does not hold.
        if other.complete {
            set.options
                .retain(|option| other.options.iter().any(|known| same(known, option)));
        }
        set.complete &= other.complete;
    }
    set
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

/// The sets in the file that are named here.
fn others(
    notes: &mut Notes,
    holder: &Map<String, Json>,
    at: &Place,
    contained: &Contained,
    deeper: usize,
) -> Vec<ValueSet> {
    let names = holder.get("valueSet").and_then(Json::as_array);
    let names = names.into_iter().flatten().filter_map(Json::as_str);
    let mut found = Vec::new();
    for name in names {
        let below = deeper.checked_sub(1).zip(contained.set(name));
        found.push(if let Some((deeper, (object, place))) = below {
            value_set::value_set(notes, object, place, contained, deeper)
        } else {
            let message =
                format!("the value set {name} is not in this file: options are missing here");
            notes.warn(&at.member("valueSet"), FaultKind::Missing, message);
            ValueSet::default()
        });
    }
    found
}

/// What an `exclude` takes away.
#[derive(Default)]
struct Excluded {
    codes: Vec<Coding>,
    /// All codes of this system.
    system: Option<String>,
}

impl Excluded {
    fn takes(&self, option: &AnswerOption) -> bool {
        option.coding().is_some_and(|coding| {
            self.codes.iter().any(|out| out.means(coding))
                || self.system.as_ref() == Some(&coding.system)
        })
    }
}

fn excluded(
    notes: &mut Notes,
    exclude: &Map<String, Json>,
    at: &Place,
    contained: &Contained,
    deeper: usize,
) -> Excluded {
    if exclude.contains_key("filter") {
        let message = "a filter can't be worked out here: what it takes away is offered";
        notes.warn(&at.member("filter"), FaultKind::NotSupported, message);
        return Excluded::default();
    }
    if exclude.contains_key("valueSet") {
        let sets = others(notes, exclude, at, contained, deeper).into_iter();
        let options = sets.flat_map(|set| set.options);
        return Excluded {
            codes: options
                .filter_map(|option| option.coding().cloned())
                .collect(),
            system: None,
        };
    }
    let system = notes.string(exclude, "system", at).unwrap_or_default();
    if !exclude.contains_key("concept") {
        return Excluded {
            codes: Vec::new(),
            system: Some(system).filter(|system| !system.is_empty()),
        };
    }
    let concepts = notes.objects(exclude, "concept", at).into_iter();
    let code = |concept: &Map<String, Json>| {
        Some(Coding {
            system: system.clone(),
            code: concept.get("code")?.as_str()?.to_owned(),
            display: String::new(),
        })
    };
    Excluded {
        codes: concepts.filter_map(|(concept, _)| code(concept)).collect(),
        system: None,
    }
}
