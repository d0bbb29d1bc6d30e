//! What is only seen once everything was read: what is missing, what stands too often, and what was answered although it does not apply.

use std::collections::{BTreeMap, BTreeSet};

use super::Status;
use super::standing::{Laid, Standing};
use crate::answer::Answer;
use crate::fault::{Fault, FaultKind};
use crate::flow::{Openness, Problem};
use crate::path::AnswerPath;
use crate::protocol::Protocol;
use crate::read::place::{Notes, Place};
use crate::sheet::Sheet;
use crate::value::Value;

/// Notes it.
pub(super) fn check(notes: &mut Notes, protocol: &Protocol, sheet: &Sheet, status: Option<Status>) {
    let laid = Laid::new(protocol, sheet);
    let flow = protocol.flow(sheet);
    for link_id in &flow.too_many {
        let most = protocol.find(link_id).and_then(|item| item.max_occurs);
        let message = format!("more often than the {} allowed", most.unwrap_or(1));
        notes.fault(&at(link_id), FaultKind::TooMuch, message);
    }
    problems(notes, &flow.problems);
    not_applying(notes, &laid, sheet);
    if !status.is_some_and(Status::is_ended) {
        return;
    }
    for path in &flow.missing {
        notes.fault(
            &at_path(path),
            FaultKind::Missing,
            "required, and without an answer in a response that says it is complete",
        );
    }
    too_few(notes, &laid, sheet);
}

/// What the file's own rules say of the answers, and limits that had to be worked out first.
fn problems(notes: &mut Notes, problems: &[Problem]) {
    let of = |fault: &Fault| (fault.link_id.clone(), fault.message.clone());
    let said: BTreeSet<_> = notes.faults.iter().map(of).collect();
    for problem in problems {
        let place = problem.path.as_ref().map_or_else(Place::root, at_path);
        if said.contains(&(place.link_id.clone(), problem.words.plain.clone())) {
            continue;
        }
        let words = problem.words.plain.clone();
        if problem.only_warns {
            notes.warn(&place, FaultKind::NotAllowed, words);
        } else {
            notes.fault(&place, FaultKind::NotAllowed, words);
        }
    }
}

fn not_applying(notes: &mut Notes, laid: &Laid, sheet: &Sheet) {
    for standing in &laid.entries {
        if values(sheet, standing) == 0 {
            continue;
        }
        let message = match standing.open {
            Openness::Open => continue,
            Openness::Possible => {
                "answered, although a question before it was passed over: it counts, and stands beside the items"
            }
            Openness::Closed => {
                "answered, although its conditions do not hold: it does not count, and is left out of the response"
            }
        };
        notes.warn(&at_path(&standing.path), FaultKind::NotAllowed, message);
    }
}

/// Repeats of a group are counted within what stands above it.
fn too_few(notes: &mut Notes, laid: &Laid, sheet: &Sheet) {
    let mut found = BTreeMap::new();
    for standing in laid
        .entries
        .iter()
        .filter(|standing| standing.open == Openness::Open)
    {
        let Some(least) = standing.item.min_occurs else {
            continue;
        };
        let mut above = standing.path.ancestors();
        let here = if standing.item.kind.is_question() {
            let count = values(sheet, standing);
            // Required and without an answer, or with too few: both are said already.
            if count > 0 || standing.item.required {
                continue;
            }
            0
        } else if let Some(((link_id, _), rest)) = above.split_last()
            && *link_id == standing.item.link_id
        {
            above = rest;
            1
        } else {
            usize::from(!standing.item.repeats)
        };
        let key = (standing.item.link_id.clone(), above.to_vec());
        found.entry(key).or_insert((least, 0)).1 += here;
    }
    for ((link_id, above), (least, count)) in found {
        if count < least {
            let message = format!("stands {count} times, at least {least} needed");
            let path = AnswerPath::within(above, &link_id);
            notes.fault(&at_path(&path), FaultKind::Missing, message);
        }
    }
}

/// How many values a question has.
fn values(sheet: &Sheet, standing: &Standing) -> usize {
    let not_chosen = |answer: &Answer| {
        standing.item.is_multi_select() && answer.value() == Some(&Value::Boolean(false))
    };
    let has_value = |answers: &[Answer]| {
        answers
            .iter()
            .any(|a| a.value().is_some() && !not_chosen(a))
    };
    sheet
        .under(&standing.path)
        .filter(|(_, answers)| has_value(answers))
        .count()
}

/// What is not there has no place in the file: where it belongs is said instead.
fn at_path(path: &AnswerPath) -> Place {
    Place {
        at: path.to_string(),
        link_id: Some(path.link_id().to_owned()),
    }
}

fn at(link_id: &str) -> Place {
    Place {
        at: "item".to_owned(),
        link_id: Some(link_id.to_owned()),
    }
}
