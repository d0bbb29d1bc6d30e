//! The steps of an assessment, in one language.

use super::{Reader, count};
use mooring_protocol::{
    Alert, Answer, AnswerPath, HelpKind, ItemKind, Openness, StepKind, StepState, Value,
};

/// One thing to see or to answer.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own, as the file has them"
)]
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Step {
    /// Where its answer goes.
    pub path: AnswerPath,
    /// The question before it, which is where "back" leads; nothing at the first.
    pub back: Option<AnswerPath>,
    /// The question's linkId.
    pub link: String,
    /// What kind of step.
    pub kind: StepKind,
    /// The item's type.
    pub item: ItemKind,
    /// What stands before the text, as `1.`.
    pub prefix: String,
    /// The text.
    pub text: String,
    /// How deep it is nested; 0 at the top.
    pub depth: i64,
    /// The options it offers.
    pub options: Vec<StepOption>,
    /// Whether several options may be chosen.
    pub multi_select: bool,
    /// Whether it may stand, or be answered, several times.
    pub repeats: bool,
    /// The words for an answer of one's own; nothing where only the options count.
    pub open_label: Option<String>,
    /// How to write the answer, as "dd.mm.yyyy"; empty where the file does not say.
    pub entry_format: String,
    /// Units to choose from.
    pub units: Vec<String>,
    /// How a screen should show it.
    pub controls: Vec<String>,
    /// Words to say, what to watch for.
    pub help: Vec<Hint>,
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
    /// What the form works out for it, in words; never a number while a part is missing.
    pub worked_out: Option<String>,
    /// What became of it.
    pub state: StepState,
    /// True in a group that repeats and has no repeat yet: answering makes the first.
    pub not_yet_begun: bool,
}

/// One option of a question.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct StepOption {
    /// What names it in the path of an answer.
    pub key: String,
    /// The value to answer with.
    pub value: Value,
    /// The words.
    pub words: String,
    /// What stands before them.
    pub prefix: String,
}

/// An answer at one path of a step.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct StepAnswer {
    /// The path.
    pub path: AnswerPath,
    /// Every value that may be true.
    pub candidates: Vec<Answer>,
}

/// A hint that belongs to a question.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Hint {
    /// What kind of hint.
    pub kind: HelpKind,
    /// The words.
    pub words: String,
}

/// What must be said before anything else ("Step back, leave, get help").
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Warning {
    /// The rule's id.
    pub rule: String,
    /// The words.
    pub text: String,
    /// The answers that called for it.
    pub paths: Vec<AnswerPath>,
    /// Where it comes from.
    pub source: String,
    /// Whether it is policy, not published.
    pub policy: bool,
}

impl Reader<'_> {
    pub(crate) fn steps(&self, steps: Vec<mooring_protocol::Step>) -> Vec<Step> {
        let mut back = None;
        let mut shown = Vec::with_capacity(steps.len());
        for step in steps {
            let asked = step.kind == StepKind::Question && step.open != Openness::Closed;
            let here = asked.then(|| step.path.clone());
            shown.push(self.step(step, back.clone()));
            back = here.or(back);
        }
        shown
    }

    fn step(&self, step: mooring_protocol::Step, back: Option<AnswerPath>) -> Step {
        let mooring_protocol::Step {
            path,
            kind,
            item,
            prefix,
            text,
            depth,
            options,
            multi_select,
            repeats,
            open_label,
            entry_format,
            units,
            unit_codes: _,
            controls,
            help,
            required,
            read_only,
            open,
            initial,
            answers,
            worked_out,
            state,
            not_yet_begun,
        } = step;
        Step {
            back,
            link: path.link_id().to_owned(),
            text: self.words(&text),
            depth: count(depth),
            options: options
                .into_iter()
                .map(|option| self.option(option))
                .collect(),
            help: help
                .iter()
                .map(|help| Hint {
                    kind: help.kind,
                    words: self.words(&help.words),
                })
                .collect(),
            answers: answers.into_iter().map(step_answer).collect(),
            path,
            kind,
            item,
            prefix: self.words(&prefix),
            multi_select,
            repeats,
            open_label: open_label.map(|label| self.words(&label)),
            entry_format: self.words(&entry_format),
            units,
            controls,
            required,
            read_only,
            open,
            initial,
            worked_out: worked_out.map(|worked_out| worked_out.words()),
            state,
            not_yet_begun,
        }
    }

    fn option(&self, option: mooring_protocol::StepOption) -> StepOption {
        let mooring_protocol::StepOption {
            key,
            value,
            words,
            prefix,
        } = option;
        StepOption {
            key,
            value,
            words: self.words(&words),
            prefix,
        }
    }
}

fn step_answer(answer: mooring_protocol::StepAnswer) -> StepAnswer {
    let mooring_protocol::StepAnswer { path, candidates } = answer;
    StepAnswer { path, candidates }
}

pub(super) fn warning(alert: Alert, language: &str) -> Warning {
    let text = alert.text_in(language).to_owned();
    let Alert {
        rule,
        text: _, // It is said in the screen's language, with
        translations: _,
        paths,
        source,
        policy,
    } = alert;
    Warning {
        rule,
        text,
        paths,
        source,
        policy,
    }
}
