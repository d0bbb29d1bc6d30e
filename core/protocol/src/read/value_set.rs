//! Value sets and code systems contained in the file.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::decimal::Decimal;
use crate::fault::FaultKind;
use crate::item::{AnswerOption, Words};
use crate::json;
use crate::read::place::{Notes, Place};
use crate::read::{compose, extension};
use crate::value::{Coding, Value};

/// More options than this in all value sets together, each counted wherever a set is named, are refused.
const MOST_OPTIONS: usize = 1_000_000;

/// The options of one value set.
#[derive(Debug, Default)]
pub(super) struct ValueSet {
    pub(super) options: Vec<AnswerOption>,
    /// Whether all of its codes are in the file.
    pub(super) complete: bool,
}

/// Every value set in the file, by `#id` and by address.
#[derive(Debug, Default)]
pub(super) struct ValueSets {
    sets: Vec<ValueSet>,
    names: BTreeMap<String, usize>,
}

impl ValueSets {
    /// The value set at this address, with or without a version behind it.
    pub(super) fn find(&self, address: &str) -> Option<&ValueSet> {
        self.sets.get(number_of(&self.names, address)?)
    }
}

fn number_of(names: &BTreeMap<String, usize>, address: &str) -> Option<usize> {
    let plain = address.split('|').next().unwrap_or(address);
    names.get(plain).copied()
}

/// The scores of codes.
pub(super) type Weights<'j> = BTreeMap<&'j str, Decimal>;
/// The contained code systems by their address, with the scores that they give.
pub(super) type Systems<'j> = BTreeMap<&'j str, (&'j Map<String, Json>, Weights<'j>)>;

/// What a value set may build on: the code systems of the file, and the sets that were read before it.
pub(super) struct Contained<'j> {
    pub(super) systems: Systems<'j>,
    names: BTreeMap<String, usize>,
    read: Vec<Option<ValueSet>>,
    /// How many options may still be looked at.
    left: usize,
}

impl Contained<'_> {
    /// The value set at this address. None where it is not in the file; where it builds on the one that is being read, `Err`.
    pub(super) fn set(&self, address: &str) -> Option<Result<&ValueSet, InACircle>> {
        let set = self.read.get(number_of(&self.names, address)?)?;
        Some(set.as_ref().ok_or(InACircle))
    }

    /// Counts options that are about to be looked at; false once there were too many.
    pub(super) fn may_look_at(&mut self, notes: &mut Notes, count: usize, place: &Place) -> bool {
        let before = self.left;
        self.left = before.saturating_sub(count);
        if before > 0 && self.left == 0 {
            let message = format!("more than {MOST_OPTIONS} options in the value sets in all");
            notes.fault(place, FaultKind::TooMuch, message);
        }
        self.left > 0
    }
}

/// Sets that name each other come to nothing.
pub(super) struct InACircle;

/// Reads all of them, each once: those that others name come first.
pub(super) fn read(notes: &mut Notes, file: &Map<String, Json>) -> ValueSets {
    let contained = notes.objects(file, "contained", &Place::root());
    let of_type = |wanted: &'static str| {
        contained.iter().filter(move |(object, _)| {
            object.get("resourceType").and_then(Json::as_str) == Some(wanted)
        })
    };
    let sets: Vec<_> = of_type("ValueSet").collect();
    let mut contained = Contained {
        systems: of_type("CodeSystem")
            .filter_map(|(object, _)| {
                Some((object.get("url")?.as_str()?, (*object, weights(object))))
            })
            .collect(),
        names: names(notes, &sets),
        read: sets.iter().map(|_| None).collect(),
        left: MOST_OPTIONS,
    };
    for number in order(&sets, &contained.names) {
        let Some((object, place)) = sets.get(number) else {
            continue;
        };
        let set = value_set(notes, object, place, &mut contained);
        if let Some(read) = contained.read.get_mut(number) {
            *read = Some(set);
        }
    }
    ValueSets {
        sets: contained
            .read
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect(),
        names: contained.names,
    }
}

type Sets<'s, 'j> = [&'s (&'j Map<String, Json>, Place)];

/// The number of each set by `#id` and by address.
fn names(notes: &mut Notes, sets: &Sets) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for (number, (object, place)) in sets.iter().enumerate() {
        let id = notes.string(object, "id", place).unwrap_or_default();
        if let Some(address) = object.get("url").and_then(Json::as_str) {
            names.insert(address.to_owned(), number);
        }
        if names.insert(format!("#{id}"), number).is_some() {
            notes.fault(
                place,
                FaultKind::Duplicate,
                format!("two contained value sets have the id '{id}'"),
            );
        }
    }
    names
}

/// Depth first with a stack of its own, so that a long chain of names does not overflow: what a set names comes before it.
fn order(sets: &Sets, names: &BTreeMap<String, usize>) -> Vec<usize> {
    let mut order = Vec::with_capacity(sets.len());
    let mut seen = vec![false; sets.len()];
    for start in 0..sets.len() {
        let mut stack = vec![(start, false)];
        while let Some((number, done)) = stack.pop() {
            if done {
                order.push(number);
                continue;
            }
            match seen.get_mut(number) {
                Some(seen) if !*seen => *seen = true,
                Some(_) | None => continue,
            }
            stack.push((number, true));
            let named = sets
                .get(number)
                .into_iter()
                .flat_map(|(object, _)| compose::names(object));
            stack.extend(
                named
                    .filter_map(|name| number_of(names, name))
                    .map(|number| (number, false)),
            );
        }
    }
    order
}

/// An expansion says what the codes are; where there is none, the composition does.
fn value_set(
    notes: &mut Notes,
    object: &Map<String, Json>,
    place: &Place,
    contained: &mut Contained,
) -> ValueSet {
    let compose = object.get("compose").and_then(Json::as_object);
    if let Some(expansion) = object.get("expansion").and_then(Json::as_object) {
        // An expansion may leave out the score that the composition gives to the same code.
        let includes = compose
            .and_then(|compose| compose.get("include"))
            .and_then(Json::as_array);
        let composed = includes
            .into_iter()
            .flatten()
            .filter_map(Json::as_object)
            .flat_map(weights)
            .collect();
        let mut set = ValueSet {
            options: Vec::new(),
            complete: true,
        };
        expand(
            notes,
            expansion,
            &place.member("expansion"),
            &composed,
            &mut set.options,
        );
        return set;
    }
    match compose {
        Some(compose) => compose::composed(notes, compose, &place.member("compose"), contained),
        None => {
            notes.warn(place, FaultKind::Missing, "a value set without codes");
            ValueSet::default()
        }
    }
}

fn expand(
    notes: &mut Notes,
    holder: &Map<String, Json>,
    place: &Place,
    weights: &Weights,
    options: &mut Vec<AnswerOption>,
) {
    for (concept, at) in notes.objects(holder, "contains", place) {
        let system = notes.string(concept, "system", &at).unwrap_or_default();
        let is_abstract = concept.get("abstract").and_then(Json::as_bool) == Some(true);
        if !is_abstract {
            options.extend(option(notes, concept, &system, Some(weights), &at));
        }
        expand(notes, concept, &at, weights, options);
    }
}

pub(super) fn concepts(
    notes: &mut Notes,
    holder: &Map<String, Json>,
    system: &str,
    weights: &Weights,
    at: &Place,
    options: &mut Vec<AnswerOption>,
) {
    for (concept, _) in notes.objects(holder, "concept", at) {
        options.extend(option(notes, concept, system, Some(weights), at));
        concepts(notes, concept, system, weights, at, options);
    }
}

/// The scores that the codes below carry: an extension, or the property `itemWeight`.
fn weights(holder: &Map<String, Json>) -> Weights<'_> {
    let concepts = holder.get("concept").and_then(Json::as_array);
    let mut found = Weights::new();
    for concept in concepts.into_iter().flatten().filter_map(Json::as_object) {
        found.extend(weights(concept));
        if let (Some(code), Some(weight)) =
            (concept.get("code").and_then(Json::as_str), weight(concept))
        {
            found.insert(code, weight);
        }
    }
    found
}

fn weight(concept: &Map<String, Json>) -> Option<Decimal> {
    extension::score(concept).or_else(|| {
        let properties = concept
            .get("property")?
            .as_array()?
            .iter()
            .filter_map(Json::as_object);
        let mut weights = properties
            .filter(|property| property.get("code").and_then(Json::as_str) == Some("itemWeight"));
        json::decimal(extension::value(weights.next()?)?.1)
    })
}

pub(super) fn option(
    notes: &mut Notes,
    concept: &Map<String, Json>,
    system: &str,
    weights: Option<&Weights>,
    at: &Place,
) -> Option<AnswerOption> {
    let code = notes.string(concept, "code", at).unwrap_or_default();
    let words = extension::words(notes, concept, "display", at);
    if code.is_empty() {
        return None;
    }
    let coding = Coding {
        system: system.to_owned(),
        code: code.clone(),
        display: words.plain.clone(),
    };
    let words = if words.plain.is_empty() {
        Words::from(code.as_str())
    } else {
        words
    };
    let score = extension::score(concept).or_else(|| weights?.get(code.as_str()).cloned());
    Some(AnswerOption {
        value: Value::Coding(coding),
        words,
        score,
        prefix: String::new(),
        initially_selected: false,
        stands_alone: false,
    })
}
