//! One item of the file, with everything in it.

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::{AnswerForm, AnswerOption, Help, HelpKind, Item, ItemKind, Words};
use crate::json;
use crate::read::known::{self, Known};
use crate::read::place::{Notes, Place};
use crate::read::value_set::ValueSets;
use crate::read::{condition, expression, extension, options};
use crate::value::{Coding, Value};

/// More options than this in all items together are refused.
const MAX_OPTIONS: usize = 100_000;

/// What the reading of every item needs.
pub(super) struct Reader<'a> {
    pub(super) notes: &'a mut Notes,
    pub(super) known: &'a Known,
    pub(super) sets: &'a ValueSets,
    pub(super) options: usize,
}

impl Reader<'_> {
    /// The items below an element.
    pub(super) fn items(&mut self, holder: &Map<String, Json>, place: &Place) -> Vec<Item> {
        let list = self.notes.objects(holder, "item", place);
        list.into_iter()
            .filter_map(|(object, place)| self.item(object, place))
            .collect()
    }

    fn item(&mut self, object: &Map<String, Json>, mut place: Place) -> Option<Item> {
        place.link_id = object
            .get("linkId")
            .and_then(Json::as_str)
            .map(str::to_owned);
        modifiers(self.notes, object, &place);
        let kind = kind(self.notes, object, &place);
        let text = extension::words(self.notes, object, "text", &place);
        let conditions = condition::conditions(self.notes, object, &place, self.known);
        let behavior = condition::behavior(self.notes, object, &place, conditions.len());
        let expressions = expression::of_item(self.notes, object, &place);
        let children = self.items(object, &place);
        let (kind, link_id) = (kind?, place.link_id.clone()?);
        let (options, options_known) = self.options_of(object, kind, &place);
        let (help, items) = help(children, kind);
        let units = self.units(object, &place);
        Some(Item {
            link_id,
            prefix: extension::words(self.notes, object, "prefix", &place),
            text,
            kind,
            required: self.notes.boolean(object, "required", &place),
            repeats: self.notes.boolean(object, "repeats", &place),
            read_only: self.notes.boolean(object, "readOnly", &place),
            hidden: hidden(object),
            max_length: self.notes.count(object, "maxLength", &place),
            min_length: count(object, "minLength"),
            max_decimals: count(object, "maxDecimalPlaces"),
            pattern: self.pattern(object, &place),
            min_value: self.limit(object, "minValue", kind, &place),
            max_value: self.limit(object, "maxValue", kind, &place),
            min_occurs: count(object, "questionnaire-minOccurs"),
            max_occurs: count(object, "questionnaire-maxOccurs"),
            options,
            options_known,
            initial: self.initial(object, kind, &place),
            conditions,
            behavior,
            expressions,
            controls: controls(object),
            open_label: said(self.notes, object, "sdc-questionnaire-openLabel", &place),
            entry_format: said(self.notes, object, "entryFormat", &place),
            units: units.iter().map(|unit| unit.words().to_owned()).collect(),
            unit_codes: units,
            codes: codes(object),
            help,
            items,
        })
    }

    /// The options, up to a limit for the whole file: one value set may stand behind thousands of questions.
    fn options_of(
        &mut self,
        object: &Map<String, Json>,
        kind: ItemKind,
        place: &Place,
    ) -> (Vec<AnswerOption>, bool) {
        if self.options > MAX_OPTIONS {
            return (Vec::new(), false);
        }
        let (options, known) = options::options(self.notes, object, kind, place, self.sets);
        self.options += options.len();
        if self.options > MAX_OPTIONS {
            self.notes.fault(
                place,
                FaultKind::TooMuch,
                format!("more than {MAX_OPTIONS} options in all"),
            );
        }
        (options, known)
    }

    /// The units to choose from: named one by one, or in a value set.
    fn units(&mut self, object: &Map<String, Json>, place: &Place) -> Vec<Coding> {
        let mut units = units(object);
        let Some((_, address)) = extension::hl7(object, "questionnaire-unitValueSet") else {
            return units;
        };
        let found = address.as_str().and_then(|address| self.sets.find(address));
        if found.is_none_or(|set| !set.complete) {
            let at = place.member("extension(questionnaire-unitValueSet)");
            let message = "units are missing here: not all of their value set is in this file";
            self.notes.warn(&at, FaultKind::Missing, message);
        }
        let options = found.into_iter().flat_map(|set| &set.options);
        units.extend(options.filter_map(|option| option.coding().cloned()));
        units
    }

    /// A least or greatest value. One that can't be read does not limit: it is a warning, and every value is taken.
    fn limit(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        kind: ItemKind,
        place: &Place,
    ) -> Option<Value> {
        let (found, raw) = extension::hl7(object, name)?;
        if raw.is_object() && found != "Quantity" {
            // It has to be worked out, and stands among the expressions.
            return None;
        }
        let limit = json::read_value(found, raw)
            .ok()
            .and_then(|value| condition::fit(kind, value));
        if limit.is_none() {
            let message = format!(
                "{name} does not fit a question of type {}; it does not limit",
                kind.code()
            );
            self.notes
                .warn(&place.member("extension"), FaultKind::NotSupported, message);
        }
        limit
    }

    /// The form of an answer. A pattern that is malformed or too costly does not limit.
    fn pattern(&mut self, object: &Map<String, Json>, place: &Place) -> Option<AnswerForm> {
        let (_, raw) = extension::hl7(object, "regex")?;
        let pattern = raw.as_str().and_then(AnswerForm::parse);
        if pattern.is_none() {
            let message = "the pattern is malformed, or could take too long; it does not limit";
            self.notes.warn(
                &place.member("extension(regex)"),
                FaultKind::NotSupported,
                message,
            );
        }
        pattern
    }

    fn initial(&mut self, object: &Map<String, Json>, kind: ItemKind, place: &Place) -> Vec<Value> {
        let list = self.notes.objects(object, "initial", place);
        let mut values = Vec::new();
        for (initial, at) in list {
            let value = extension::value(initial)
                .and_then(|(found, raw)| json::read_value(found, raw).ok());
            match value.and_then(|value| condition::fit(kind, value)) {
                Some(value) => values.push(value),
                // It is only offered, never counted: an agency's form must not fail on it.
                None => self.notes.warn(
                    &at,
                    FaultKind::WrongType,
                    format!(
                        "not a value for a question of type {}; nothing is filled in",
                        kind.code()
                    ),
                ),
            }
        }
        values
    }
}

/// FHIR: who does not understand a modifier extension must not use the element.
pub(crate) fn modifiers(notes: &mut Notes, object: &Map<String, Json>, place: &Place) {
    if object.contains_key("modifierExtension") {
        notes.fault(
            &place.member("modifierExtension"),
            FaultKind::NotReadable,
            "it changes the meaning in a way not known here",
        );
    }
}

fn kind(notes: &mut Notes, object: &Map<String, Json>, place: &Place) -> Option<ItemKind> {
    let at = place.member("type");
    let Some(code) = notes.string(object, "type", place) else {
        if !object.contains_key("type") {
            notes.fault(&at, FaultKind::Missing, "every item needs a type");
        }
        return None;
    };
    let kind = known::kind(object);
    if code == known::CODING {
        let message = "a type of FHIR R5, read as the choice of R4";
        notes.warn(&at, FaultKind::NotSupported, message);
    }
    match kind {
        None => notes.fault(
            &at,
            FaultKind::NotAllowed,
            format!("'{code}' is no item type of FHIR R4"),
        ),
        Some(kind) if !kind.is_supported() => {
            notes.warn(
                &at,
                FaultKind::NotSupported,
                format!("a question of type {code} is shown, but can't be answered here"),
            );
        }
        Some(_) => {}
    }
    kind
}

/// Display items under a question or group that only help with it, apart from the items proper.
fn help(children: Vec<Item>, holder: ItemKind) -> (Vec<Help>, Vec<Item>) {
    let mut help = Vec::new();
    let mut items = Vec::new();
    for child in children {
        let kind = child.controls.iter().find_map(|control| help_kind(control));
        match kind {
            Some(kind)
                if child.kind == ItemKind::Display
                    && child.conditions.is_empty()
                    && holder != ItemKind::Display =>
            {
                help.push(Help {
                    kind,
                    words: child.text,
                });
            }
            Some(_) | None => items.push(child),
        }
    }
    (help, items)
}

fn help_kind(control: &str) -> Option<HelpKind> {
    match control {
        "prompt" => Some(HelpKind::Say),
        "help" => Some(HelpKind::Watch),
        "flyover" => Some(HelpKind::Explain),
        "legal" => Some(HelpKind::Legal),
        _ => None,
    }
}

fn hidden(object: &Map<String, Json>) -> bool {
    extension::hl7(object, "questionnaire-hidden").and_then(|(_, yes)| yes.as_bool()) == Some(true)
}

fn count(object: &Map<String, Json>, name: &str) -> Option<usize> {
    extension::hl7(object, name).and_then(|(_, count)| usize::try_from(count.as_u64()?).ok())
}

fn controls(object: &Map<String, Json>) -> Vec<String> {
    let controls = extension::all(object)
        .filter(|(url, _)| extension::name(url) == "questionnaire-itemControl");
    let codings = controls
        .filter_map(|(_, extension)| extension::value(extension)?.1.get("coding")?.as_array());
    codings
        .flatten()
        .filter_map(|coding| coding.get("code")?.as_str().map(str::to_owned))
        .collect()
}

/// The words of an extension, with their translations.
fn said(notes: &mut Notes, object: &Map<String, Json>, name: &str, place: &Place) -> Words {
    let mut named = extension::all(object).filter(|(url, _)| extension::name(url) == name);
    named.next().map_or_else(Words::default, |(_, found)| {
        extension::words(notes, found, "valueString", &place.member("extension"))
    })
}

fn units(object: &Map<String, Json>) -> Vec<Coding> {
    let is_unit = |url: &str| {
        matches!(
            extension::name(url),
            "questionnaire-unit" | "questionnaire-unitOption"
        )
    };
    let units = extension::all(object).filter(|(url, _)| is_unit(url));
    units
        .filter_map(|(_, extension)| json::coding(extension::value(extension)?.1))
        .collect()
}

fn codes(object: &Map<String, Json>) -> Vec<String> {
    let codes = object.get("code").and_then(Json::as_array);
    let codings = codes.into_iter().flatten().filter_map(json::coding);
    codings
        .map(|coding| format!("{}|{}", coding.system, coding.code))
        .collect()
}
