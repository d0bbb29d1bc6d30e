//! Works out the flow: which steps are open, and what became of each.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Answer;
use crate::enable::{self, Enabled, View};
use crate::flow::{Alert, Flow, Openness, Step, StepAnswer, StepKind, StepState};
use crate::form::{Entry, Form};
use crate::item::{Item, ItemKind, Words};
use crate::path::AnswerPath;
use crate::plan::{Node, Plan, Shape};
use crate::problems;
use crate::rules::Rules;
use crate::rules::when::Facts;
use crate::sheet::Sheet;
use crate::triage::combinations::Combinations;
use crate::truth::Truths;
use crate::worded::Worded;

/// More combinations of contested gates are not tried: all are looked at at once, which can only show more.
const MAX_COMBINATIONS: usize = 256;

/// Works out the flow of a form.
pub(crate) fn flow(plan: &Plan, items: &[Item], rules: &Rules, form: &Form, sheet: &Sheet) -> Flow {
    let everything = vec![true; plan.nodes.len()];
    let order = enable::order(plan, form, &everything);
    let view = View {
        plan,
        items,
        form,
        picks: &[],
    };
    let enabled = enable::enabled(view, &order);
    let open = openness(view, &order, &enabled);
    let look = Look {
        view,
        enabled: &enabled,
        sheet,
    };
    let mut steps = Vec::new();
    for (number, open) in open.into_iter().enumerate() {
        steps.extend(look.step(number, open).map(|step| (number, step)));
    }
    let mut flow = Flow::default();
    summed_up(&mut flow, view, rules, &enabled, &steps);
    flow.steps = steps.into_iter().map(|(_, step)| step).collect();
    flow
}

/// Everything of a flow but its steps.
pub(crate) fn summed_up(
    flow: &mut Flow,
    view: View,
    rules: &Rules,
    enabled: &Enabled,
    steps: &[(usize, Step)],
) {
    (flow.answered, flow.total, flow.next) = (0, 0, None);
    flow.draft_languages = rules.drafts.iter().cloned().collect();
    flow.missing.clear();
    for (_, step) in steps {
        count(flow, step);
    }
    flow.alerts = alerts(view, rules, enabled);
    flow.unplaced.clone_from(&view.form.unplaced);
    flow.too_many = too_many(view.plan, view.items, view.form);
    flow.problems = problems::find(view, enabled, steps);
}

/// Whether an entry is open, where nothing is contested.
pub(crate) fn open(enabled: &Enabled, number: usize) -> Openness {
    openness_of((enabled.shown(number), enabled.counts(number)))
}

fn openness_of((shown, counts): (Truths, Truths)) -> Openness {
    match (shown.can_be_true(), counts.not_ruled_out()) {
        (true, _) => Openness::Open,
        (false, true) => Openness::Possible,
        (false, false) => Openness::Closed,
    }
}

/// For each entry, whether it is open in at least one combination of the contested gates.
pub(crate) fn openness(view: View, order: &[usize], at_once: &Enabled) -> Vec<Openness> {
    let gates = view.plan.gates();
    let combinations = Combinations::up_to(MAX_COMBINATIONS, view.form, &gates, order.len());
    let entries = 0..view.form.entries.len();
    let mut found: Vec<(Truths, Truths)> = entries
        .map(|number| (at_once.shown(number), at_once.counts(number)))
        .collect();
    if combinations.are_several() {
        found.fill((Truths::NONE, Truths::NONE));
        combinations.each(&mut |picks| {
            let enabled = enable::enabled(View { picks, ..view }, order);
            for (number, (shown, counts)) in found.iter_mut().enumerate() {
                *shown = shown.with(enabled.shown(number));
                *counts = counts.with(enabled.counts(number));
            }
        });
    }
    found.into_iter().map(openness_of).collect()
}

/// What must be said first. All values that may be true are looked at at once: an alert may come once too often, never too seldom.
fn alerts(view: View, rules: &Rules, enabled: &Enabled) -> Vec<Alert> {
    let facts = Facts {
        view,
        enabled,
        totals: &rules.scores,
        items: view.items,
    };
    let holding = rules
        .alerts
        .iter()
        .filter(|rule| rule.when.truth(facts).can_be_true());
    holding
        .map(|rule| {
            let mut paths = BTreeSet::new();
            rule.when.evidence(facts, &mut paths);
            let paths = paths.into_iter().collect();
            Alert {
                rule: rule.id.clone(),
                text: rule.text.plain.clone(),
                translations: rule.text.translations.clone(),
                paths,
                source: rule.source.clone(),
                policy: rule.policy,
            }
        })
        .collect()
}

/// Repeats of a group are counted within what stands above it.
fn too_many(plan: &Plan, items: &[Item], form: &Form) -> Vec<String> {
    let mut found = BTreeMap::new();
    let entries = plan
        .limited()
        .iter()
        .flat_map(|node| form.entries_of(*node));
    for (_, entry) in entries {
        let here = match plan
            .nodes
            .get(entry.node)
            .map_or(Shape::None, |node| node.shape)
        {
            Shape::None => 1,
            Shape::Single | Shape::List | Shape::Multi => form
                .slots_of(entry)
                .iter()
                .filter(|slot| {
                    slot.candidates
                        .iter()
                        .any(|reading| reading.value.is_some())
                })
                .count(),
        };
        *found.entry((entry.node, entry.parent)).or_insert(0) += here;
    }
    let over = found.into_iter().filter_map(|((node, _), count)| {
        let item = plan.item(items, node)?;
        (count > item.max_occurs?).then(|| item.link_id.clone())
    });
    let mut over: Vec<String> = over.collect();
    over.dedup();
    over
}

/// What the steps are made from.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) view: View<'a>,
    pub(crate) enabled: &'a Enabled,
    pub(crate) sheet: &'a Sheet,
}

impl Look<'_> {
    /// The step of an entry; nothing for one that is never shown.
    pub(crate) fn step(self, number: usize, open: Openness) -> Option<Step> {
        let entry = self.view.form.entries.get(number)?;
        let node = self.view.plan.nodes.get(entry.node)?;
        let item = self.view.plan.item(self.view.items, entry.node)?;
        (!node.hidden).then(|| self.shown(number, entry, node, item, open))
    }

    fn shown(self, number: usize, entry: &Entry, node: &Node, item: &Item, open: Openness) -> Step {
        let path = AnswerPath::within(entry.chain.clone(), &item.link_id);
        let answers = self.answers(item, &path);
        let own_words = item.kind == ItemKind::OpenChoice;
        let looks = Worded {
            view: self.view,
            enabled: self.enabled,
            number,
            node,
            item,
        };
        Step {
            state: state(item, node.shape, &answers),
            kind: kind(item.kind),
            item: item.kind,
            prefix: item.prefix.clone(),
            text: looks.text(),
            depth: entry.depth,
            options: looks.options(&answers),
            multi_select: node.shape == Shape::Multi,
            repeats: node.shape == Shape::List || (item.kind == ItemKind::Group && item.repeats),
            open_label: own_words.then(|| open_label(item)),
            entry_format: item.entry_format.clone(),
            units: item.units.clone(),
            unit_codes: item.unit_codes.clone(),
            controls: item.controls.clone(),
            help: item.help.clone(),
            required: item.required,
            read_only: item.read_only,
            initial: looks.initial(&answers),
            worked_out: looks.worked_out(&answers),
            not_yet_begun: entry.not_yet_begun,
            open,
            answers,
            path,
        }
    }

    fn answers(self, item: &Item, path: &AnswerPath) -> Vec<StepAnswer> {
        if !item.kind.is_question() {
            return Vec::new();
        }
        let under = self.sheet.under(path);
        under
            .map(|(path, candidates)| StepAnswer {
                path: path.clone(),
                candidates: candidates.to_vec(),
            })
            .collect()
    }
}

/// The file's words for an answer of one's own, or ours.
fn open_label(item: &Item) -> Words {
    if !item.open_label.is_empty() {
        return item.open_label.clone();
    }
    let mut label = Words::from("Other");
    label
        .translations
        .insert("es".to_owned(), "Otra respuesta".to_owned());
    label
}

fn kind(item: ItemKind) -> StepKind {
    match item {
        ItemKind::Group => StepKind::Group,
        ItemKind::Display => StepKind::Guidance,
        ItemKind::Attachment | ItemKind::Reference => StepKind::NotSupported,
        ItemKind::Boolean
        | ItemKind::Decimal
        | ItemKind::Integer
        | ItemKind::Date
        | ItemKind::DateTime
        | ItemKind::Time
        | ItemKind::String
        | ItemKind::Text
        | ItemKind::Url
        | ItemKind::Choice
        | ItemKind::OpenChoice
        | ItemKind::Quantity => StepKind::Question,
    }
}

fn state(item: &Item, shape: Shape, answers: &[StepAnswer]) -> StepState {
    if !item.kind.is_question() {
        return StepState::None;
    }
    if answers.iter().any(|answer| answer.candidates.len() > 1) {
        return StepState::Contested;
    }
    let single = |answer: &StepAnswer| answer.candidates.first().cloned();
    let is_chosen = |answer: &Answer| match shape {
        Shape::Multi => answer.value() == Some(&crate::value::Value::Boolean(true)),
        Shape::Single | Shape::List | Shape::None => answer.value().is_some(),
    };
    let all: Vec<Answer> = answers.iter().filter_map(single).collect();
    if all.iter().any(is_chosen) {
        return StepState::Answered;
    }
    let said = |wanted: &Answer| all.contains(wanted);
    match (
        said(&Answer::Declined),
        said(&Answer::Unsure),
        said(&Answer::NotNow),
    ) {
        (true, _, _) => StepState::Declined,
        (false, true, _) => StepState::Unsure,
        (false, false, true) => StepState::NotNow,
        (false, false, false) => StepState::Unanswered,
    }
}

/// Read-only items are worked out, not asked; nothing in a repeat that has not begun is missing.
fn count(flow: &mut Flow, step: &Step) {
    let asked = step.kind == StepKind::Question && !step.read_only;
    if !(asked && step.is_open()) {
        return;
    }
    flow.total += 1;
    let has_value = matches!(step.state, StepState::Answered | StepState::Contested);
    if has_value {
        flow.answered += 1;
    } else if step.required && !step.not_yet_begun {
        flow.missing.push(step.path.clone());
    }
    if step.state == StepState::Unanswered && flow.next.is_none() {
        flow.next = Some(step.path.clone());
    }
}
