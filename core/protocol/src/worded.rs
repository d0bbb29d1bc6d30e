//! What a step says where expressions decide about it: its text, its options, what it offers, and what is worked out.

use crate::answer::Answer;
use crate::decimal::Decimal;
use crate::enable::{Enabled, View};
use crate::flow::{StepAnswer, StepOption, WorkedOut};
use crate::item::{AnswerOption, Item, Words};
use crate::path::Leaf;
use crate::plan::Node;
use crate::value::Value;
use crate::worked::{self, Derived};

/// One item in one repeat.
#[derive(Clone, Copy)]
pub(crate) struct Worded<'a> {
    pub(crate) view: View<'a>,
    pub(crate) enabled: &'a Enabled,
    pub(crate) number: usize,
    pub(crate) node: &'a Node,
    pub(crate) item: &'a Item,
}

impl Worded<'_> {
    /// The text. One that is worked out is in the file's own language; the translations of the plain text stay.
    pub(crate) fn text(self) -> Words {
        let found = self
            .node
            .formulas
            .text
            .as_ref()
            .and_then(|formula| worked::text(self.view, self.enabled, self.number, formula));
        match found.filter(|text| !text.is_empty()) {
            Some(plain) => Words {
                plain,
                translations: self.item.text.translations.clone(),
            },
            None => self.item.text.clone(),
        }
    }

    /// What it offers. A chosen option stays, and so does one of which nobody can say whether it is offered.
    pub(crate) fn options(self, answers: &[StepAnswer]) -> Vec<StepOption> {
        let listed = self.item.options.iter();
        let mut options: Vec<StepOption> = listed
            .filter(|option| self.is_offered(&option.value) || is_chosen(&option.value, answers))
            .map(|option| self.option(option))
            .collect();
        options.extend(self.found_options().into_iter().map(|value| StepOption {
            key: crate::item::option_key(&value),
            words: Words::from(value.words().as_str()),
            value,
            prefix: String::new(),
        }));
        options
    }

    fn is_offered(self, option: &Value) -> bool {
        is_offered(self.view, self.enabled, self.number, self.node, option)
    }

    /// The options that an expression finds.
    fn found_options(self) -> Vec<Value> {
        let Some(formula) = &self.node.formulas.options else {
            return Vec::new();
        };
        let mut values =
            worked::values(self.view, self.enabled, self.number, formula).unwrap_or_default();
        values.truncate(MAX_FOUND_OPTIONS);
        values
    }

    fn option(self, option: &AnswerOption) -> StepOption {
        let mut words = option.words.clone();
        let mut texts = self.node.formulas.option_texts.iter();
        if let Some((_, formula)) = texts.find(|(value, _)| *value == option.value)
            && let Some(text) = worked::text(self.view, self.enabled, self.number, formula)
        {
            words.plain = text;
        }
        StepOption {
            key: option.key(),
            value: option.value.clone(),
            words,
            prefix: option.prefix.clone(),
        }
    }

    /// What the file fills in from the start: offered where nothing is answered, never counted.
    pub(crate) fn initial(self, answers: &[StepAnswer]) -> Vec<Value> {
        match &self.node.formulas.initial {
            Some(formula) if answers.is_empty() => {
                worked::values(self.view, self.enabled, self.number, formula)
                    .filter(|values| !values.is_empty())
                    .unwrap_or_else(|| self.item.initial.clone())
            }
            Some(_) | None => self.item.initial.clone(),
        }
    }

    /// What an expression gives as its value.
    pub(crate) fn worked_out(self, answers: &[StepAnswer]) -> Option<WorkedOut> {
        if self.node.formulas.value_unknown {
            return Some(WorkedOut {
                values: Vec::new(),
                complete: false,
                lowest: None,
                highest: None,
                differs: false,
            });
        }
        let derived = self.enabled.derived(self.number)?;
        let end = |end: Option<i128>| end.and_then(Decimal::checked);
        let range = derived.range.unwrap_or_default();
        Some(WorkedOut {
            values: derived.values.clone(),
            complete: derived.sure,
            lowest: end(range.low),
            highest: end(range.high),
            differs: differs(derived, answers),
        })
    }
}

/// More options than this are not taken from an expression.
const MAX_FOUND_OPTIONS: usize = 1_000;

/// Whether an option is offered: no expression that switches it says no.
pub(crate) fn is_offered(
    view: View,
    enabled: &Enabled,
    number: usize,
    node: &Node,
    option: &Value,
) -> bool {
    let means = |value: &Value| match (value, option) {
        (Value::Coding(a), Value::Coding(b)) => a.means(b),
        (a, b) => a == b,
    };
    let mut switches = node
        .formulas
        .toggles
        .iter()
        .filter(|(options, _)| options.iter().any(means));
    switches.all(|(_, formula)| worked::truth(view, enabled, Some(number), formula) != Some(false))
}

fn is_chosen(option: &Value, answers: &[StepAnswer]) -> bool {
    let key = crate::item::option_key(option);
    answers.iter().any(|answer| match answer.path.leaf() {
        Leaf::Option(chosen) => *chosen == key,
        Leaf::Whole | Leaf::Instance(_) => answer
            .candidates
            .iter()
            .filter_map(Answer::value)
            .any(|value| value == option),
    })
}

/// Whether an answer that stands there is not what is worked out.
fn differs(derived: &Derived, answers: &[StepAnswer]) -> bool {
    let stored = answers.iter().flat_map(|answer| &answer.candidates);
    let same = |value: &Value| {
        derived.values.iter().any(|own| {
            crate::compare::holds(value, crate::item::Operator::Equal, own) == Some(true)
        })
    };
    let mut stored = stored.filter_map(Answer::value);
    derived.sure && stored.any(|value| !same(value))
}
