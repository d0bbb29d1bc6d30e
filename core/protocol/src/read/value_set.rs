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

/// How many value sets may name each other in a row: one that names itself ends there.
const DEEPEST: usize = 8;

/// The options of one value set.
#[derive(Debug, Default)]
pub(super) struct ValueSet {
    pub(super) options: Vec<AnswerOption>,
    /// Whether all of its codes are in the file.
    pub(super) complete: bool,
}

/// Every value set in the file, by `#id` and by address.
#[derive(Debug, Default)]
pub(super) struct ValueSets(BTreeMap<String, ValueSet>, BTreeMap<String, String>);

impl ValueSets {
    /// The value set at this address, with or without a version behind it.
    pub(super) fn find(&self, address: &str) -> Option<&ValueSet> {
        let plain = address.split('|').next().unwrap_or(address);
        self.0.get(self.1.get(plain)?)
    }
}

/// The scores of codes.
pub(super) type Weights<'j> = BTreeMap<&'j str, Decimal>;
/// The contained code systems by their address, with the scores that they give.
pub(super) type Systems<'j> = BTreeMap<&'j str, (&'j Map<String, Json>, Weights<'j>)>;

/// What is contained in the file, before it is read.
pub(super) struct Contained<'j> {
    pub(super) systems: Systems<'j>,
    sets: Vec<(&'j Map<String, Json>, Place)>,
}

impl<'j> Contained<'j> {
    /// The value set at this address, with or without a version behind it.
    pub(super) fn set(&self, address: &str) -> Option<&(&'j Map<String, Json>, Place)> {
        let plain = address.split('|').next().unwrap_or(address);
        self.sets.iter().find(|(object, _)| {
            let is = |name: &str, of: &str| object.get(name).and_then(Json::as_str) == Some(of);
            is("url", plain) || plain.strip_prefix('#').is_some_and(|id| is("id", id))
        })
    }
}

/// Reads all of them.
pub(super) fn read(notes: &mut Notes, file: &Map<String, Json>) -> ValueSets {
    let contained = notes.objects(file, "contained", &Place::root());
    let of_type = |wanted: &'static str| {
        contained.iter().filter(move |(object, _)| {
            object.get("resourceType").and_then(Json::as_str) == Some(wanted)
        })
    };
    let contained = Contained {
        systems: of_type("CodeSystem")
            .filter_map(|(object, _)| {
                Some((object.get("url")?.as_str()?, (*object, weights(object))))
            })
            .collect(),
        sets: of_type("ValueSet").cloned().collect(),
    };
    let mut sets = ValueSets::default();
    for (object, place) in &contained.sets {
        let id = notes.string(object, "id", place).unwrap_or_default();
        let set = value_set(notes, object, place, &contained, DEEPEST);
        let key = format!("#{id}");
        for name in [Some(key.as_str()), object.get("url").and_then(Json::as_str)]
            .into_iter()
            .flatten()
        {
            sets.1.insert(name.to_owned(), key.clone());
        }
        if sets.0.insert(key, set).is_some() {
            notes.fault(
                place,
                FaultKind::Duplicate,
                format!("two contained value sets have the id '{id}'"),
            );
        }
    }
    sets
}

/// An expansion says what the codes are; where there is none, the composition does. `deeper` is how far sets may still name others.
pub(super) fn value_set(
    notes: &mut Notes,
    object: &Map<String, Json>,
    place: &Place,
    contained: &Contained,
    deeper: usize,
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
        Some(compose) => {
            compose::composed(notes, compose, &place.member("compose"), contained, deeper)
        }
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
