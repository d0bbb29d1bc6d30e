//! A first walk over the file: which linkIds there are and of what type, so that conditions can point forwards.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::ItemKind;
use crate::read::place::{Notes, Place, type_of};

/// More items than this are refused.
pub(crate) const MAX_ITEMS: usize = 20_000;
/// A longer linkId is refused: it is part of every stored answer.
const MAX_LINK_ID_BYTES: usize = 1_024;

/// What each linkId is; nothing where the item's type is not known.
pub(super) type Known = BTreeMap<String, Option<ItemKind>>;

/// Notes every item without a linkId, and every linkId that stands twice.
pub(super) fn walk(
    notes: &mut Notes,
    object: &Map<String, Json>,
    place: &Place,
    known: &mut Known,
    count: &mut usize,
) {
    let items = object.get("item").and_then(Json::as_array);
    for (index, item) in items.into_iter().flatten().enumerate() {
        // What is no object is noted by the second walk.
        let Some(item) = item.as_object() else {
            continue;
        };
        *count += 1;
        if *count == MAX_ITEMS + 1 {
            notes.fault(
                place,
                FaultKind::TooMuch,
                format!("more than {MAX_ITEMS} items"),
            );
        }
        if *count > MAX_ITEMS {
            return;
        }
        let place = place.member("item").element(index);
        note(notes, item, &place, known);
        walk(notes, item, &place, known, count);
    }
}

fn note(notes: &mut Notes, item: &Map<String, Json>, place: &Place, known: &mut Known) {
    let at = place.member("linkId");
    let link_id = match item.get("linkId") {
        None => return notes.fault(&at, FaultKind::Missing, "every item needs a linkId"),
        Some(Json::String(text)) if text.trim().is_empty() => {
            return notes.fault(&at, FaultKind::Missing, "a linkId can't be empty");
        }
        Some(Json::String(text)) => text,
        Some(other) => {
            return notes.fault(
                &at,
                FaultKind::WrongType,
                format!("expected a string, found {}", type_of(other)),
            );
        }
    };
    let at = Place {
        link_id: Some(link_id.clone()),
        ..at
    };
    if link_id.len() > MAX_LINK_ID_BYTES {
        notes.fault(
            &Place {
                link_id: None,
                ..at
            },
            FaultKind::TooMuch,
            format!("a linkId longer than {MAX_LINK_ID_BYTES} bytes"),
        );
        return;
    }
    let kind = kind(item);
    if known.insert(link_id.clone(), kind).is_some() {
        let message = format!("the linkId '{link_id}' stands twice; each item needs its own");
        notes.fault(&at, FaultKind::Duplicate, message);
    }
}

/// The type of FHIR R5 that R4 has two of.
pub(super) const CODING: &str = "coding";

/// The item's type. R5's `coding` is R4's `choice`, or its `open-choice` where words of one's own may be the answer.
pub(super) fn kind(item: &Map<String, Json>) -> Option<ItemKind> {
    let member = |name| item.get(name).and_then(Json::as_str);
    let code = match member("type")? {
        CODING if member("answerConstraint") == Some("optionsOrString") => "open-choice",
        CODING => "choice",
        code => code,
    };
    ItemKind::CODES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, kind)| *kind)
}
