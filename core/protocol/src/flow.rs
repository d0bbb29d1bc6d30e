//! What to ask: the steps in order, which are open, what is answered and what is missing. It never blocks.

use std::collections::BTreeMap;

use crate::answer::Answer;
use crate::decimal::Decimal;
use crate::item::{Help, ItemKind, Words, base_language, translation};
use crate::path::AnswerPath;
use crate::value::{Coding, Value};

/// An assessment as a screen shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flow {
    /// What must be said before anything else ("Step back, leave, get help").
    pub alerts: Vec<Alert>,
    /// Everything there is, in the order of the file; hidden items are left out.
    pub steps: Vec<Step>,
    /// How many open questions have an answer.
    pub answered: usize,
    /// How many questions are open.
    pub total: usize,
    /// The open questions that want an answer and have none.
    pub missing: Vec<AnswerPath>,
    /// The first open question without any answer: where to go on.
    pub next: Option<AnswerPath>,
    /// Items, by their linkId, that stand, or are answered, more often than their file allows: everything is kept and shown.
    pub too_many: Vec<String>,
    /// Answers that are not as their item, or a rule of the file, wants them: everything is kept and shown.
    pub problems: Vec<Problem>,
    /// Answers that fit no question of this protocol: kept and shown, and no level is complete while they stand.
    pub unplaced: Vec<AnswerPath>,
    /// Languages whose wording was drafted by a machine and reviewed by no clinician: "draft wording" stands wherever they do.
    pub draft_languages: Vec<String>,
}

impl Flow {
    /// Whether the words in this language, or what stands in for them, are a draft.
    pub fn is_draft(&self, language: &str) -> bool {
        is_draft(self.draft_languages.iter(), language)
    }
}

/// Words of `es` are shown to whoever wants `es-MX`, so their draft is one as well.
pub(crate) fn is_draft<'d>(drafts: impl IntoIterator<Item = &'d String>, language: &str) -> bool {
    let base = base_language(language);
    drafts.into_iter().any(|draft| base_language(draft) == base)
}

/// A warning that comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The rule's id.
    pub rule: String,
    /// The words.
    pub text: String,
    /// The same in other languages, by language code.
    pub translations: BTreeMap<String, String>,
    /// The answers that called for it.
    pub paths: Vec<AnswerPath>,
    /// Where it comes from.
    pub source: String,
    /// Whether it is policy, not published.
    pub policy: bool,
}

impl Alert {
    /// The words in this language, or in the file's own where there is no translation.
    pub fn text_in(&self, language: &str) -> &str {
        translation(&self.translations, language).unwrap_or(&self.text)
    }
}

/// One thing to see or to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where its answer goes; pass its ancestors to `accept`.
    pub path: AnswerPath,
    /// What kind of step.
    pub kind: StepKind,
    /// The item's type.
    pub item: ItemKind,
    /// What stands before the text, as `1.`.
    pub prefix: Words,
    /// The text.
    pub text: Words,
    /// How deep it is nested; 0 at the top.
    pub depth: usize,
    /// The options it offers.
    pub options: Vec<StepOption>,
    /// Whether several options may be chosen.
    pub multi_select: bool,
    /// Whether it may stand, or be answered, several times.
    pub repeats: bool,
    /// The words for an answer of one's own; nothing where only the options count.
    pub open_label: Option<Words>,
    /// How to write the answer, as "dd.mm.yyyy"; empty where the file does not say.
    pub entry_format: Words,
    /// Units to choose from.
    pub units: Vec<String>,
    /// The same units with their codes, to answer with.
    pub unit_codes: Vec<Coding>,
    /// How a screen should show it.
    pub controls: Vec<String>,
    /// Words to say, what to watch for.
    pub help: Vec<Help>,
    /// Whether the file wants an answer.
    pub required: bool,
    /// Whether people can't answer it.
    pub read_only: bool,
    /// Whether to ask it.
    pub open: Openness,
    /// What the file fills in from the start: to be offered, never counted as an answer.
    pub initial: Vec<Value>,
    /// The answers at its paths, each with every value that may be true.
    pub answers: Vec<StepAnswer>,
    /// What an expression works out for it. Derived whenever it is read, and never an answer.
    pub worked_out: Option<WorkedOut>,
    /// What became of it.
    pub state: StepState,
    /// True in a group that repeats and has no repeat yet: answering makes the first.
    pub not_yet_begun: bool,
}

impl Step {
    /// The item's linkId.
    pub fn link_id(&self) -> &str {
        self.path.link_id()
    }

    /// Whether to ask it now.
    pub fn is_open(&self) -> bool {
        self.open == Openness::Open
    }
}

/// Answers that are not as the file wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The question; nothing where it concerns the whole form.
    pub path: Option<AnswerPath>,
    /// The key of the file's own rule; empty for what an item says of its answers.
    pub key: String,
    /// What is wrong.
    pub words: Words,
    /// Whether the file only warns of it.
    pub only_warns: bool,
}

/// A value that an expression works out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkedOut {
    /// What it is by the answers so far; empty where nothing can be said.
    pub values: Vec<Value>,
    /// Whether nothing still to come can change it.
    pub complete: bool,
    /// The lowest that it can still be, where it is an incomplete number with such an end.
    pub lowest: Option<Decimal>,
    /// The highest that it can still be.
    pub highest: Option<Decimal>,
    /// Whether an answer that stands at the item says something else.
    pub differs: bool,
}

impl WorkedOut {
    /// It in words: `9`, `at least 4, at most 13`, `not yet known`. An incomplete number is never shown as one.
    pub fn words(&self) -> String {
        if self.complete && !self.values.is_empty() {
            let words: Vec<String> = self.values.iter().map(Value::words).collect();
            return words.join(", ");
        }
        match (&self.lowest, &self.highest) {
            (Some(low), Some(high)) => format!("at least {low}, at most {high}"),
            (Some(low), None) => format!("at least {low}"),
            (None, Some(high)) => format!("at most {high}"),
            (None, None) if self.complete => String::new(),
            (None, None) => "not yet known".to_owned(),
        }
    }
}

/// What kind of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// A heading.
    Group,
    /// Something to read or to say.
    Guidance,
    /// Something to answer.
    Question,
    /// A question of a type that this version can't take; it is shown, never dropped.
    NotSupported,
}

/// Whether to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Openness {
    /// Ask it: its conditions hold for at least one combination of the values that may be true, or nobody can work them out.
    Open,
    /// Its conditions do not hold, but only because something is unanswered or refused: an answer given here counts.
    Possible,
    /// Its conditions do not hold: an answer given here does not count.
    Closed,
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepState {
    /// Nothing to answer here.
    None,
    /// No answer.
    Unanswered,
    /// A value.
    Answered,
    /// The person did not want to answer.
    Declined,
    /// The person was not sure.
    Unsure,
    /// Passed over for now.
    NotNow,
    /// Several values that may be true.
    Contested,
}

/// One option of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepOption {
    /// What names it in the path of an answer.
    pub key: String,
    /// The value to answer with.
    pub value: Value,
    /// The words.
    pub words: Words,
    /// What stands before them.
    pub prefix: String,
}

/// An answer at one path of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepAnswer {
    /// The path.
    pub path: AnswerPath,
    /// Every value that may be true.
    pub candidates: Vec<Answer>,
}
