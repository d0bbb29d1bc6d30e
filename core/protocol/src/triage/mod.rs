//! From answers to a level for each domain, with the reasons in words. Derived when read, never stored.

use std::collections::BTreeMap;

pub(crate) mod combinations;
pub(crate) mod derive;

use crate::item::translation;
use crate::level::{Domain, Level, ShownLevel};
use crate::path::AnswerPath;

/// What the rules need to know of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Person {
    /// Whether they are under age; nothing if nobody knows.
    pub minor: Option<bool>,
}

/// What the answers say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Triage {
    /// A level for each domain that the rules speak of, worst first; at equal levels medical first.
    pub domains: Vec<DomainLevel>,
    /// What to do at these levels, as the rules give it, most urgent first.
    pub guidance: Vec<Advice>,
}

/// The level of one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainLevel {
    /// The domain.
    pub domain: Domain,
    /// The worst level that the answers endorse.
    pub level: Level,
    /// Whether something that matters to this domain is unanswered, refused or put off.
    pub at_least: bool,
    /// Every rule that holds, worst first.
    pub reasons: Vec<Reason>,
    /// What matters to this domain and is not answered.
    pub missing: Vec<AnswerPath>,
}

impl DomainLevel {
    /// The level as it is shown.
    pub const fn shown(&self) -> ShownLevel {
        ShownLevel {
            level: self.level,
            at_least: self.at_least,
        }
    }
}

/// A rule that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule's id.
    pub rule: String,
    /// The level that it gives.
    pub level: Level,
    /// The reason in words.
    pub text: String,
    /// The same in other languages, by language code.
    pub translations: BTreeMap<String, String>,
    /// The answers that made it hold.
    pub paths: Vec<AnswerPath>,
    /// Where the rule comes from.
    pub source: String,
    /// Whether it is policy, not published triage.
    pub policy: bool,
}

impl Reason {
    /// The words in this language, or in the file's own where there is no translation.
    pub fn text_in(&self, language: &str) -> &str {
        translation(&self.translations, language).unwrap_or(&self.text)
    }
}

/// What to do at a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The level from which on it is said.
    pub level: Level,
    /// The domain that it is for.
    pub domain: Domain,
    /// The words.
    pub text: String,
    /// The same in other languages, by language code.
    pub translations: BTreeMap<String, String>,
    /// Where it comes from.
    pub source: String,
    /// Whether it is policy, not published.
    pub policy: bool,
}

impl Advice {
    /// The words in this language, or in the file's own where there is no translation.
    pub fn text_in(&self, language: &str) -> &str {
        translation(&self.translations, language).unwrap_or(&self.text)
    }
}
