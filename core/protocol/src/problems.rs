//! Answers that are not as their item, or a rule of the file, wants them. They are kept and shown; nothing is refused here.

use std::cmp::Ordering;

use crate::accept::Wrong;
use crate::answer::Answer;
use crate::checking;
use crate::compare;
use crate::enable::{Enabled, View};
use crate::flow::{Problem, Step, StepAnswer};
use crate::formula::{Formula, Formulas};
use crate::item::{AnswerOption, Constraint, Item, Words};
use crate::path::{AnswerPath, Leaf};
use crate::plan::Shape;
use crate::value::Value;
use crate::worked;

/// All of them, in the order of the form.
pub(crate) fn find(view: View, enabled: &Enabled, steps: &[(usize, Step)]) -> Vec<Problem> {
    let mut found = Vec::new();
    for (number, step) in steps.iter().filter(|(_, step)| !step.answers.is_empty()) {
        let Some(node) = view.form.entries.get(*number).map(|entry| entry.node) else {
            continue;
        };
        if let Some(item) = view.plan.item(view.items, node)
            && let Some(node) = view.plan.nodes.get(node)
        {
            let answers = step.answers.iter();
            let wrong = answers.filter_map(|answer| wrong(item, node.shape, answer));
            let wrong = wrong
                .chain(too_few(item, node.shape, step))
                .chain(not_alone(item, step));
            let beyond = beyond(view, enabled, *number, &node.formulas, &step.answers);
            found.extend(wrong.chain(beyond).map(|wrong| Problem {
                path: Some(step.path.clone()),
                key: String::new(),
                words: Words::from(wrong.to_string().as_str()),
                only_warns: false,
            }));
        }
    }
    for (number, entry) in view.form.entries.iter().enumerate() {
        let Some(node) = view.plan.nodes.get(entry.node) else {
            continue;
        };
        let stands = enabled.shown(number).can_be_true();
        let rules = node.formulas.constraints.iter().filter(|_| stands);
        let path = AnswerPath::within(entry.chain.clone(), &node.link_id);
        found.extend(
            rules.filter_map(|rule| broken(view, enabled, Some(number), rule, Some(&path))),
        );
    }
    let of_file = view.plan.formulas.constraints.iter();
    found.extend(of_file.filter_map(|rule| broken(view, enabled, None, rule, None)));
    found
}

/// A least or greatest value that has to be worked out, and is not kept to.
fn beyond(
    view: View,
    enabled: &Enabled,
    number: usize,
    formulas: &Formulas,
    answers: &[StepAnswer],
) -> Option<Wrong> {
    let limit = |formula: &Option<Formula>| {
        let values = worked::values(view, enabled, number, formula.as_ref()?)?;
        values.into_iter().next()
    };
    let stored = || {
        let candidates = answers.iter().flat_map(|answer| &answer.candidates);
        candidates.filter_map(Answer::value)
    };
    let is = |limit: &Value, order| stored().any(|v| compare::order(v, limit) == Some(order));
    if let Some(least) = limit(&formulas.least).filter(|least| is(least, Ordering::Less)) {
        let least = least.words();
        return Some(Wrong::BelowLeast { least });
    }
    let greatest = limit(&formulas.greatest).filter(|most| is(most, Ordering::Greater))?;
    let greatest = greatest.words();
    Some(Wrong::AboveGreatest { greatest })
}

/// A rule that says no. One that can't be worked out, or not yet, says nothing.
fn broken(
    view: View,
    enabled: &Enabled,
    entry: Option<usize>,
    (constraint, formula): &(Constraint, Formula),
    path: Option<&AnswerPath>,
) -> Option<Problem> {
    (worked::truth(view, enabled, entry, formula) == Some(false)).then(|| Problem {
        path: path.cloned(),
        key: constraint.key.clone(),
        words: constraint.human.clone(),
        only_warns: constraint.only_warns,
    })
}

/// What is wrong with a stored answer; it may have come from elsewhere, or from an earlier version of the form.
fn wrong(item: &Item, shape: Shape, answer: &StepAnswer) -> Option<Wrong> {
    match (shape, answer.path.leaf()) {
        (Shape::Multi, Leaf::Option(key)) if is_chosen(answer) => {
            let known = item.options.iter().any(|option| option.key() == *key);
            let free = crate::item::value_of_key(key)
                .is_some_and(|value| checking::one(item, Answer::Value(value)).is_ok());
            (!known && !free).then_some(Wrong::NotAnOption {
                options: item.options.len(),
            })
        }
        (Shape::Multi, _) => None,
        (Shape::Single | Shape::List | Shape::None, _) => answer
            .candidates
            .iter()
            .find_map(|answer| checking::one(item, answer.clone()).err()),
    }
}

/// Both were said, and both count: whoever asked looks again.
fn not_alone(item: &Item, step: &Step) -> Option<Wrong> {
    let chosen: Vec<String> = step
        .answers
        .iter()
        .filter(|answer| is_chosen(answer))
        .filter_map(|answer| match answer.path.leaf() {
            Leaf::Option(key) => Some(key.clone()),
            Leaf::Whole | Leaf::Instance(_) => None,
        })
        .collect();
    let alone = |option: &AnswerOption| option.stands_alone && chosen.contains(&option.key());
    (chosen.len() > 1 && item.options.iter().any(alone)).then_some(Wrong::NotAlone)
}

fn is_chosen(answer: &StepAnswer) -> bool {
    answer
        .candidates
        .contains(&Answer::Value(Value::Boolean(true)))
}

fn too_few(item: &Item, shape: Shape, step: &Step) -> Option<Wrong> {
    let least = item.min_occurs?;
    let chosen = |answer: &&StepAnswer| match shape {
        Shape::Multi => is_chosen(answer),
        Shape::Single | Shape::List | Shape::None => answer
            .candidates
            .iter()
            .any(|answer| answer.value().is_some()),
    };
    let count = step.answers.iter().filter(chosen).count();
    (count > 0 && count < least).then_some(Wrong::TooFew { least })
}
