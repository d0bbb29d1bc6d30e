//! Every assessment, question by question, in the order of its protocol.

use mooring_casefile::{AssessmentView, ItemView, ValueView};
use mooring_protocol::{Answer, AnswerPath, Flow, Leaf, Pair, Score, Step, StepKind, Value};

use super::contest::contest;
use super::level::badge;
use super::line::line;
use super::reading::Reading;
use crate::review::page::assessment::{Assessment, Line};
use crate::review::page::words::capitalized;

/// One assessment.
pub(crate) fn assessment(reading: &Reading<'_>, one: &AssessmentView) -> Assessment {
    Assessment {
        id: format!("a-{}", one.id),
        title: one.title.clone().unwrap_or_else(|| one.key.clone()),
        span: span(reading, one),
        notes: notes(reading, one),
        progress: format!("{} of {} answered", one.answered, one.total),
        scores: worked_out(one),
        lines: lines(reading, one),
        missing: one.missing.iter().map(|path| question(one, path)).collect(),
    }
}

fn span(reading: &Reading<'_>, one: &AssessmentView) -> String {
    let entered = one
        .items
        .iter()
        .flat_map(|item| &item.values)
        .map(|value| value.stamp.at);
    let began = reading.at(one.started.at);
    match entered
        .filter(|at| at.is_known())
        .max_by_key(|at| at.wall_ms)
    {
        Some(last) if reading.at(last) != began => format!("{began} to {}", reading.at(last)),
        _ => began,
    }
}

fn notes(reading: &Reading<'_>, one: &AssessmentView) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(level) = one.level {
        notes.push(format!("by itself: {}", badge(level).words));
    }
    if let Some(later) = one
        .replaced_by
        .and_then(|id| reading.page.view.assessment(id))
    {
        notes.push(format!(
            "a later one counts in its place: {}",
            reading.who(&later.started)
        ));
    }
    match (&one.title, one.not_validated) {
        (None, _) => notes.push(
            "headquarters does not have this protocol: its level counts as not known".to_owned(),
        ),
        (Some(_), true) => notes.push("our own wording, not a validated instrument".to_owned()),
        (Some(_), false) => {}
    }
    notes
}

/// Totals, and how something was before and after.
fn worked_out(one: &AssessmentView) -> Vec<String> {
    let pairs = one.pairs.iter().filter_map(Pair::words);
    one.scores.iter().map(score_words).chain(pairs).collect()
}

fn score_words(score: &Score) -> String {
    let title = if score.title.plain.is_empty() {
        &score.name
    } else {
        &score.title.plain
    };
    format!("{title}: {}", score.words())
}

fn question(one: &AssessmentView, path: &AnswerPath) -> String {
    let item = one
        .items
        .iter()
        .find(|item| item.path.base() == path.base());
    item.map_or_else(|| path.link_id().to_owned(), |item| item.question.clone())
}

// With the protocol, its headings and order; without it, what there is.
fn lines(reading: &Reading<'_>, one: &AssessmentView) -> Vec<Line> {
    let Some(flow) = &one.flow else {
        return one
            .items
            .iter()
            .filter_map(|item| line(reading, one, item))
            .collect();
    };
    let mut lines = with_headings(reading, one, flow);
    let rest = one.items.iter().filter(|item| item.unplaced);
    lines.extend(rest.filter_map(|item| line(reading, one, item)));
    lines
}

fn with_headings(reading: &Reading<'_>, one: &AssessmentView, flow: &Flow) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut heading: Option<String> = None;
    for step in &flow.steps {
        match step.kind {
            StepKind::Group if !step.text.plain.is_empty() => {
                heading = Some(step.text.plain.clone());
            }
            StepKind::Group | StepKind::Guidance => {}
            StepKind::Question | StepKind::NotSupported => {
                let own = of_step(reading, one, step);
                if !own.is_empty() {
                    lines.extend(heading.take().map(Line::Group));
                    lines.extend(own);
                }
            }
        }
    }
    lines
}

fn of_step(reading: &Reading<'_>, one: &AssessmentView, step: &Step) -> Vec<Line> {
    let items: Vec<&ItemView> = one
        .items
        .iter()
        .filter(|item| !item.unplaced && item.path.base() == step.path.base())
        .collect();
    let (options, others): (Vec<&ItemView>, Vec<&ItemView>) = items
        .into_iter()
        .partition(|item| is_plain_option(reading, one, item));
    let mut lines: Vec<Line> = chosen(reading, one, step, &options).into_iter().collect();
    lines.extend(
        others
            .into_iter()
            .filter_map(|item| line(reading, one, item)),
    );
    lines
}

fn is_plain_option(reading: &Reading<'_>, one: &AssessmentView, item: &ItemView) -> bool {
    matches!(item.path.leaf(), Leaf::Option(_)) && contest(reading, one.id, item).is_none()
}

// The chosen options of a question as one line: "tablets; a rope".
fn chosen(
    reading: &Reading<'_>,
    one: &AssessmentView,
    step: &Step,
    options: &[&ItemView],
) -> Option<Line> {
    let yes = |value: &ValueView| value.answer == Some(Answer::Value(Value::Boolean(true)));
    let chosen: Vec<&&ItemView> = options
        .iter()
        .filter(|item| item.values.iter().any(yes))
        .collect();
    let answer: Vec<String> = chosen
        .iter()
        .map(|item| option_words(step, &item.path))
        .collect();
    let values = chosen.iter().flat_map(|item| &item.values);
    (!chosen.is_empty()).then(|| Line::Answered {
        question: step.text.plain.clone(),
        answer: capitalized(&answer.join("; ")),
        by: reading.sources(values),
        earlier: Vec::new(),
        news: reading.news(one.id, &step.path),
    })
}

fn option_words(step: &Step, path: &AnswerPath) -> String {
    let Leaf::Option(key) = path.leaf() else {
        return String::new();
    };
    let known = step.options.iter().find(|option| option.key == *key);
    // Words of one's own are their own key, after the letter of their kind.
    known.map_or_else(
        || key.strip_prefix('s').unwrap_or(key).to_owned(),
        |option| option.words.plain.clone(),
    )
}
