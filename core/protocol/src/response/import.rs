//! What came of reading a response.

use std::fmt;

use serde_json::{Map, Value as Json};

use super::{Disagreement, Status};
use crate::fault::Fault;
use crate::sheet::Sheet;

/// What a response says of whom it is about and who filled it in: carried along as it stands.
pub(super) const CARRIED: [&str; 9] = [
    "id",
    "identifier",
    "basedOn",
    "partOf",
    "subject",
    "encounter",
    "authored",
    "author",
    "source",
];

/// The members above the items that are carried along from the response that was read to the one that is written.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Header(pub(super) Map<String, Json>);

impl Header {
    /// The members.
    pub fn members(&self) -> &Map<String, Json> {
        &self.0
    }
}

// It names people.
impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Header({} members)", self.0.len())
    }
}

/// What a response says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The answers. What does not fit stands here too, at a path of no question, so that no level is complete beside it.
    pub sheet: Sheet,
    /// How far the response says that it is; nothing if it does not say.
    pub status: Option<Status>,
    /// Whom it is about, who filled it in and when.
    pub header: Header,
    /// What is wrong with it, each with its place.
    pub faults: Vec<Fault>,
    /// What was read otherwise than it stands, and how.
    pub warnings: Vec<Fault>,
    /// Answers that fit no question, or not their own, as they came.
    pub strays: Vec<Stray>,
    /// Totals that the answers do not bear out.
    pub disagreements: Vec<Disagreement>,
}

/// An answer that does not fit, as it came.
#[derive(Clone, PartialEq, Eq)]
pub struct Stray {
    /// Its place in the response.
    pub at: String,
    /// The linkId that it stood at.
    pub link_id: String,
    /// The `answer` element.
    pub answer: Json,
}

// What a person said is never printed.
impl fmt::Debug for Stray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stray({} {})", self.at, self.link_id)
    }
}
