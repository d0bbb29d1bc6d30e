//! What is wrong with a protocol's files: every fault, each with its place and what was expected there.

use std::fmt;

/// What kind of fault, for whoever sorts or counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The bytes are no JSON.
    NotJson,
    /// Larger, deeper or more than this software reads.
    TooMuch,
    /// Another kind of resource, or a version that is not read here.
    NotReadable,
    /// Something that must be there is missing.
    Missing,
    /// There, but of the wrong type.
    WrongType,
    /// There, but not one of the values allowed.
    NotAllowed,
    /// Two things have one name.
    Duplicate,
    /// It points at something that does not exist.
    NoSuchTarget,
    /// Loaded, but this software cannot work it out: it counts as unknown, never as zero or false.
    NotSupported,
}

/// One fault, or one warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The place in the file, as `item[3].item[0].enableWhen[1].question`.
    pub at: String,
    /// The item's linkId, if it stands in an item that has one.
    pub link_id: Option<String>,
    /// What kind.
    pub kind: FaultKind,
    /// What is wrong and what was expected, in words.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.at)?;
        if let Some(link_id) = &self.link_id {
            write!(f, " ('{link_id}')")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Every fault of a file that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.0.iter().enumerate() {
            let line = if n == 0 { "" } else { "\n" };
            write!(f, "{line}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
