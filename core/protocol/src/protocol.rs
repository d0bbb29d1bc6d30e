//! One protocol: a Questionnaire with its rules, read, checked and ready to be asked.

use serde_json::Value as Json;
use uuid::Uuid;

use crate::accept::AnswerFault;
use crate::answer::Answer;
use crate::fault::{Fault, Faults};
use crate::flow::Flow;
use crate::hash::ProtocolHash;
use crate::item::Item;
use crate::path::AnswerPath;
use crate::score::Score;
use crate::sheet::Sheet;
use crate::strip::{StripFact, StripField};
use crate::triage::{Person, Triage};

/// A protocol, ready to be asked.
#[derive(Debug, Clone)]
pub struct Protocol {
    questionnaire: Vec<u8>,
    rules: Option<Vec<u8>>,
    hash: ProtocolHash,
    key: String,
    title: String,
    version: String,
    not_validated: bool,
    items: Vec<Item>,
    warnings: Vec<Fault>,
}

impl Protocol {
    /// Reads a protocol. A malformed one is refused with every fault listed.
    pub fn parse(questionnaire: &[u8], rules: Option<&[u8]>) -> Result<Self, Faults> {
        let _ = (questionnaire, rules);
        Err(Faults(Vec::new()))
    }

    /// The hash of both files.
    pub const fn hash(&self) -> ProtocolHash {
        self.hash
    }
    /// A short name: the Questionnaire's id, name, or the first digits of the hash.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// The title for people.
    pub fn title(&self) -> &str {
        &self.title
    }
    /// The Questionnaire's own version.
    pub fn version(&self) -> &str {
        &self.version
    }
    /// Whether "not a validated instrument" must stand wherever it does.
    pub const fn not_validated(&self) -> bool {
        self.not_validated
    }
    /// The files as they came.
    pub fn source(&self) -> (&[u8], Option<&[u8]>) {
        (&self.questionnaire, self.rules.as_deref())
    }
    /// What loaded but could not be understood or worked out.
    pub fn warnings(&self) -> &[Fault] {
        &self.warnings
    }
    /// The items, as a tree.
    pub fn items(&self) -> &[Item] {
        &self.items
    }
    /// The item with this linkId.
    pub fn find(&self, link_id: &str) -> Option<&Item> {
        let _ = link_id;
        None
    }

    /// Parses and checks an answer; several edits for a multi-select or a list.
    pub fn accept(
        &self,
        link_id: &str,
        instance: &[(String, Uuid)],
        raw: &Json,
        fresh: &mut dyn FnMut() -> Uuid,
        current: &Sheet,
    ) -> Result<Vec<(AnswerPath, Answer)>, AnswerFault> {
        let _ = (link_id, instance, raw, fresh, current);
        Ok(Vec::new())
    }
    /// What to ask.
    pub fn flow(&self, sheet: &Sheet) -> Flow {
        let _ = sheet;
        Flow::default()
    }
    /// Totals, as ranges.
    pub fn score(&self, sheet: &Sheet) -> Vec<Score> {
        let _ = sheet;
        Vec::new()
    }
    /// The levels.
    pub fn triage(&self, sheet: &Sheet, person: Person) -> Triage {
        let _ = (sheet, person);
        Triage::default()
    }
    /// The facts of the first strip that this protocol asks for; a field with no facts was not asked.
    pub fn strip(&self, sheet: &Sheet) -> Vec<(StripField, Vec<StripFact>)> {
        let _ = sheet;
        Vec::new()
    }
    /// Whether the answers say that the person is under age; nothing if they don't say.
    pub fn says_minor(&self, sheet: &Sheet) -> Option<bool> {
        let _ = sheet;
        None
    }
    /// A question and its answer in words: "Intention to act on these thoughts: yes".
    pub fn words_for(&self, path: &AnswerPath, answer: &Answer) -> String {
        let _ = path;
        answer.words()
    }
}
