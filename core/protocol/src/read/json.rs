//! JSON with what `serde_json` lets pass: a name that stands twice in one object is a fault, not a silent overwriting.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

use crate::fault::{Fault, FaultKind};

/// The largest file that is read, in bytes.
pub(crate) const MAX_FILE_BYTES: usize = 16 << 20;

/// Reads a whole file. Nesting beyond `serde_json`'s limit (127 levels, 63 items deep) is refused, so nothing below can overflow.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, Vec<Fault>> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(vec![fault(
            FaultKind::TooMuch,
            format!("the file is larger than {MAX_FILE_BYTES} bytes"),
        )]);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let twice = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let json = Seed {
        at: String::new(),
        twice: &twice,
    }
    .deserialize(&mut reader)
    .and_then(|json| reader.end().map(|()| json));
    let json = json.map_err(|error| vec![not_json(&error)])?;
    let twice = twice.into_inner();
    if twice.is_empty() {
        Ok(json)
    } else {
        Err(twice)
    }
}

fn not_json(error: &serde_json::Error) -> Fault {
    // serde_json's own words name lines and columns and quote nothing but single characters.
    let message = error.to_string();
    let kind = if message.contains("recursion limit") {
        FaultKind::TooMuch
    } else {
        FaultKind::NotJson
    };
    let expected = if kind == FaultKind::TooMuch {
        "nested too deeply"
    } else {
        "no valid JSON"
    };
    fault(kind, format!("{expected}: {message}"))
}

fn fault(kind: FaultKind, message: String) -> Fault {
    Fault {
        at: "file".to_owned(),
        link_id: None,
        kind,
        message,
    }
}

struct Seed<'a> {
    at: String,
    twice: &'a RefCell<Vec<Fault>>,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value)
            .map(Json::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element_seed(Seed {
            at: format!("{}[{}]", self.at, values.len()),
            twice: self.twice,
        })? {
            values.push(value);
        }
        Ok(Json::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.twice.borrow().len() > 1_000 {
                return Err(A::Error::custom("too many names stand twice"));
            }
            let at = if self.at.is_empty() {
                name.clone()
            } else {
                format!("{}.{name}", self.at)
            };
            let value = map.next_value_seed(Seed {
                at: at.clone(),
                twice: self.twice,
            })?;
            if object.insert(name, value).is_some() {
                let message = "this name stands twice in one object".to_owned();
                self.twice.borrow_mut().push(Fault {
                    at,
                    link_id: None,
                    kind: FaultKind::Duplicate,
                    message,
                });
            }
        }
        Ok(Json::Object(object))
    }
}
