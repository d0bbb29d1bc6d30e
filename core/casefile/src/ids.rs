//! The identities of a case file's parts: parsed once at the edge, plain bytes inside; none is ever made up here.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::{Builder, Uuid};

/// The text was not the identity that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid id")]
pub struct BadId;

macro_rules! serde_as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

macro_rules! uuid_id {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The `UUIDv7` of this clock reading and these ten chance bytes; the caller owns the clock and the chance.
            pub fn derive(wall_ms: i64, chance: [u8; 10]) -> Self {
                let ms = u64::try_from(wall_ms).unwrap_or(0);
                Self(Builder::from_unix_timestamp_millis(ms, &chance).into_uuid())
            }

            /// Wraps a UUID that is already known to be one of these.
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }

            /// Its sixteen bytes, as wire formats carry them.
            pub const fn bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }

            /// Reads the hyphenated lower-case form and no other, so that one thing has one name.
            ///
            /// # Errors
            /// [`BadId`] for anything else.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let id = Uuid::try_parse(text).map_err(|_| BadId)?;
                let canonical = id.hyphenated().to_string() == text;
                if canonical { Ok(Self(id)) } else { Err(BadId) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }

        serde_as_text!($name);
    };
}

macro_rules! byte_id {
    ($name:ident, $length:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// Wraps the bytes.
            pub const fn new(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            pub const fn bytes(self) -> [u8; $length] {
                self.0
            }

            /// The bytes, borrowed.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }

            /// Reads lower-case hexadecimal of exactly the right length.
            ///
            /// # Errors
            /// [`BadId`] for anything else.
            pub fn parse(text: &str) -> Result<Self, BadId> {
                let mut bytes = [0; $length];
                parse_hex(text, &mut bytes)?;
                Ok(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
            }
        }

        serde_as_text!($name);
    };
}

uuid_id!(CaseId, "One crisis episode of one person.");
uuid_id!(AssessmentId, "One administration of one protocol version.");
uuid_id!(
    RecordId,
    "One immutable record: a settlement, an ask, a review, advice."
);
byte_id!(DeviceId, 16, "An enrolled phone, or headquarters itself.");
byte_id!(PersonId, 16, "A member of staff.");
byte_id!(
    Actor,
    16,
    "One process run of one writer: random at every process start, so that a restored phone can't reuse its numbers."
);
byte_id!(
    ChangeId,
    32,
    "The hash of one change. Together with a path it is the identity of a value."
);

byte_id!(
    Digest,
    32,
    "A SHA-256: of an assessment's values as a person saw them, or of the text that a review signs."
);

impl DeviceId {
    /// Headquarters' own writing. It alone writes HQ halves, and it never writes field halves.
    pub const HQ: Self = Self(*b"headquarters\0\0\0\0");
}

pub(crate) fn parse_hex(text: &str, into: &mut [u8]) -> Result<(), BadId> {
    let digits = text.as_bytes();
    if digits.len() != into.len() * 2 {
        return Err(BadId);
    }
    for (byte, pair) in into.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair
            .iter()
            .try_fold(0, |sum, digit| Some(sum << 4 | nibble(*digit)?))
            .ok_or(BadId)?;
    }
    Ok(())
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Actor, CaseId, ChangeId};

    #[test]
    fn an_id_reads_back_what_it_wrote() {
        let case = CaseId::derive(1_764_000_000_000, [7; 10]);
        assert_eq!(CaseId::parse(&case.to_string()), Ok(case));
        let change = ChangeId::new([0xa7; 32]);
        assert_eq!(ChangeId::parse(&change.to_string()), Ok(change));
    }

    #[test]
    fn an_id_has_one_spelling() {
        let case = CaseId::derive(1_764_000_000_000, [0xab; 10]).to_string();
        assert!(CaseId::parse(&case.to_uppercase()).is_err());
        assert!(CaseId::parse(&case.replace('-', "")).is_err());
        assert!(Actor::parse(&"AB".repeat(16)).is_err());
        assert!(Actor::parse("ab").is_err());
    }

    #[test]
    fn ids_sort_by_their_clock() {
        assert!(CaseId::derive(1_000, [255; 10]) < CaseId::derive(1_001, [0; 10]));
    }
}
