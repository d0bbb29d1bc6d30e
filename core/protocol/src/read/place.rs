//! Where in the file we are, and typed reads that note every fault instead of stopping at the first.

use serde_json::{Map, Value as Json};

use crate::fault::{Fault, FaultKind};

/// More faults than this are not listed: a hostile file must not cost memory.
const MAX_FAULTS: usize = 10_000;

/// A place in the file.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) at: String,
    pub(crate) link_id: Option<String>,
}

impl Place {
    pub(crate) fn root() -> Self {
        Self {
            at: String::new(),
            link_id: None,
        }
    }

    /// A member of the object here.
    pub(crate) fn member(&self, name: &str) -> Self {
        let at = if self.at.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.at)
        };
        Self {
            at,
            link_id: self.link_id.clone(),
        }
    }

    /// An element of the array here.
    pub(crate) fn element(&self, index: usize) -> Self {
        Self {
            at: format!("{}[{index}]", self.at),
            link_id: self.link_id.clone(),
        }
    }
}

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Fault>,
}

impl Notes {
    pub(crate) fn fault(&mut self, place: &Place, kind: FaultKind, message: impl Into<String>) {
        push(&mut self.faults, place, kind, message.into());
    }

    pub(crate) fn warn(&mut self, place: &Place, kind: FaultKind, message: impl Into<String>) {
        push(&mut self.warnings, place, kind, message.into());
    }

    /// Notes every member with another name than these.
    pub(crate) fn only(&mut self, object: &Map<String, Json>, allowed: &[&str], place: &Place) {
        for name in object
            .keys()
            .filter(|name| !allowed.contains(&name.as_str()))
        {
            self.fault(
                &place.member(name),
                FaultKind::NotAllowed,
                format!("not known here; expected {}", allowed.join(", ")),
            );
        }
    }

    /// A string member that must be there and say something.
    pub(crate) fn text(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Option<String> {
        if !object.contains_key(name) {
            self.fault(&place.member(name), FaultKind::Missing, "expected a text");
            return None;
        }
        let text = self.string(object, name, place)?;
        if text.trim().is_empty() {
            self.fault(
                &place.member(name),
                FaultKind::Missing,
                "expected a text that says something",
            );
        }
        Some(text)
    }

    pub(crate) fn wrong(&mut self, place: &Place, expected: &str, found: &Json) {
        self.fault(
            place,
            FaultKind::WrongType,
            format!("expected {expected}, found {}", type_of(found)),
        );
    }

    /// A string member, if it is there.
    pub(crate) fn string(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Option<String> {
        let value = object.get(name)?;
        let text = value.as_str();
        if text.is_none() {
            self.wrong(&place.member(name), "a string", value);
        }
        text.map(str::to_owned)
    }

    /// A boolean member; false if it is not there. `"true"` as a string is read with a warning: real files have it.
    pub(crate) fn boolean(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> bool {
        let Some(value) = object.get(name) else {
            return false;
        };
        if let Some(yes) = value.as_bool() {
            return yes;
        }
        match value.as_str() {
            Some(text @ ("true" | "false")) => {
                let message =
                    format!("expected true or false, found the string \"{text}\"; read as {text}");
                self.warn(&place.member(name), FaultKind::WrongType, message);
                text == "true"
            }
            Some(_) | None => {
                self.wrong(&place.member(name), "true or false", value);
                false
            }
        }
    }

    /// A whole number, not negative, if it is there.
    pub(crate) fn count(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Option<usize> {
        let value = object.get(name)?;
        let count = value.as_u64().and_then(|n| usize::try_from(n).ok());
        if count.is_none() {
            self.wrong(&place.member(name), "a whole number, not negative", value);
        }
        count
    }

    /// The strings of an array member; none if it is not there.
    pub(crate) fn texts(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Vec<String> {
        let Some(value) = object.get(name) else {
            return Vec::new();
        };
        let place = place.member(name);
        let Some(array) = value.as_array() else {
            self.wrong(&place, "an array", value);
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(array.len());
        for (index, element) in array.iter().enumerate() {
            match element.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong(&place.element(index), "a string", element),
            }
        }
        texts
    }

    /// Notes a version that is missing; none for a newer one, of which nothing can be read.
    pub(crate) fn version(&mut self, file: &Map<String, Json>, known: u64) -> Option<()> {
        let place = Place::root().member("version");
        match file.get("version").map(Json::as_u64) {
            Some(Some(found)) if found == known => {}
            Some(Some(newer)) => {
                let message =
                    format!("version {newer} is newer than this software reads ({known})");
                self.fault(&place, FaultKind::NotReadable, message);
                return None;
            }
            Some(None) | None => {
                self.fault(&place, FaultKind::Missing, format!("expected {known}"));
            }
        }
        Some(())
    }

    /// The objects of an array member with their places; what is no object is a fault.
    pub(crate) fn objects<'j>(
        &mut self,
        object: &'j Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Vec<(&'j Map<String, Json>, Place)> {
        let Some(value) = object.get(name) else {
            return Vec::new();
        };
        let place = place.member(name);
        let Some(array) = value.as_array() else {
            self.wrong(&place, "an array", value);
            return Vec::new();
        };
        let mut objects = Vec::with_capacity(array.len());
        for (index, element) in array.iter().enumerate() {
            match element.as_object() {
                Some(object) => objects.push((object, place.element(index))),
                None => self.wrong(&place.element(index), "an object", element),
            }
        }
        objects
    }
}

fn push(list: &mut Vec<Fault>, place: &Place, kind: FaultKind, message: String) {
    if list.len() < MAX_FAULTS {
        let at = if place.at.is_empty() {
            "file".to_owned()
        } else {
            place.at.clone()
        };
        list.push(Fault {
            at,
            link_id: place.link_id.clone(),
            kind,
            message,
        });
    }
}

pub(crate) fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}
