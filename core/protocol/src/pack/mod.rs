//! What holds for a whole pack: which protocols there are and in what order, numbers to call, deadlines, and the escalation ladder.

mod deadlines;
mod ladder;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::fault::Faults;
use crate::flow::is_draft;
use crate::item::Words;

pub use deadlines::Deadlines;
pub use ladder::{Climb, ClimbStep, Ladder, Means, Rung, Trigger, Works};

const STARTER: &[u8] = include_bytes!("../../packs/pack.json");
static STARTER_DEADLINES: LazyLock<Deadlines> =
    LazyLock::new(|| starter().map_or(Deadlines::STRICTEST, |pack| pack.deadlines));

/// A pack's index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its title.
    pub title: Words,
    /// Languages whose wording no clinician has reviewed yet.
    pub drafts: BTreeSet<String>,
    /// Sources and reservations, for people.
    pub notes: Vec<String>,
    /// Where it is used, by a code of its own (`US`); numbers are chosen by it. Nothing if the agency has not said yet.
    pub region: Option<String>,
    /// Minutes until a case must be opened.
    pub deadlines: Deadlines,
    /// The protocols, in the order in which a visit comes to them.
    pub protocols: Vec<Entry>,
    /// Whom one can reach.
    pub contacts: Vec<Contact>,
    /// The ladders.
    pub ladders: Vec<Ladder>,
}

/// A protocol of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key: the Questionnaire's id, and the beginning of its files' names.
    pub key: String,
    /// When in a visit it is for.
    pub category: Category,
    /// Whether it opens as a guide without unlocking: it is to be read then, and holds nothing about anybody.
    pub open_while_locked: bool,
}

/// When in a visit a protocol is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Before anybody speaks.
    BeforeContact,
    /// Whether bodies are in danger: the team's, the person's, others'.
    Safety,
    /// What is asked.
    Interview,
    /// What is done together.
    Guide,
    /// Leaving, and afterwards.
    After,
}

impl Category {
    /// Every category, in the order of a visit.
    pub const ALL: [Self; 5] = [
        Self::BeforeContact,
        Self::Safety,
        Self::Interview,
        Self::Guide,
        Self::After,
    ];

    /// The category as files name it.
    pub const fn token(self) -> &'static str {
        match self {
            Self::BeforeContact => "before-contact",
            Self::Safety => "safety",
            Self::Interview => "interview",
            Self::Guide => "guide",
            Self::After => "after",
        }
    }
}

/// Somebody who can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: String,
    /// Who it is.
    pub title: Words,
    /// Whether danger to life begins here.
    pub emergency: bool,
    /// Whether it is for the person too: a number to leave with them.
    pub for_person: bool,
    /// The number by region; `any` holds everywhere. Empty until the agency fills it in.
    pub numbers: BTreeMap<String, String>,
    /// When somebody last made sure, as a date; nothing if nobody did.
    pub checked_on: Option<String>,
}

impl Contact {
    /// The number for this region.
    pub fn dial(&self, region: Option<&str>) -> Option<&str> {
        let own = region.and_then(|region| self.numbers.get(region));
        own.or_else(|| self.numbers.get("any")).map(String::as_str)
    }
}

impl Pack {
    /// Reads an index. A malformed one is refused with every fault listed.
    pub fn parse(bytes: &[u8]) -> Result<Self, Faults> {
        read::pack(bytes)
    }

    /// Whether its words in this language, or what stands in for them, are a draft.
    pub fn is_draft(&self, language: &str) -> bool {
        is_draft(&self.drafts, language)
    }

    /// The guides that open without unlocking, in order.
    pub fn guides(&self) -> impl Iterator<Item = &Entry> {
        self.protocols
            .iter()
            .filter(|entry| entry.open_while_locked)
    }

    /// The numbers to leave with the person, for this pack's region.
    pub fn numbers_for_person(&self) -> impl Iterator<Item = (&Contact, &str)> {
        let contacts = self.contacts.iter().filter(|contact| contact.for_person);
        contacts.filter_map(|contact| Some((contact, contact.dial(self.region.as_deref())?)))
    }
}

/// The starter pack's index.
pub fn starter() -> Result<Pack, Faults> {
    Pack::parse(STARTER)
}

/// The starter pack's deadlines.
pub fn deadlines() -> Deadlines {
    *STARTER_DEADLINES
}
