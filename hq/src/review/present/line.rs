//! One question of an assessment with what was answered, settled, taken back.

use mooring_casefile::{AssessmentView, ItemView, SettlementState, SettlementView, ValueView};
use mooring_protocol::Answer;

use super::contest::contest;
use super::reading::Reading;
use crate::review::page::assessment::Line;
use crate::review::page::words::capitalized;

/// The line of a question; none where it has no answer and never had one.
pub(crate) fn line(reading: &Reading<'_>, one: &AssessmentView, item: &ItemView) -> Option<Line> {
    if let Some(contest) = contest(reading, one.id, item) {
        return Some(Line::Contested(contest));
    }
    let value = item.values.first()?;
    let question = item.question.clone();
    if let Some(reason) = &value.retracted {
        let before: Vec<String> = item
            .earlier
            .iter()
            .map(|value| earlier(reading, value))
            .collect();
        let note = format!(
            "{}: {reason}. {}",
            reading.who(&value.stamp),
            before.join("; ")
        );
        return Some(Line::Retracted { question, note });
    }
    Some(Line::Answered {
        question,
        answer: capitalized(&value.words),
        by: by(reading, item),
        earlier: remarks(reading, item),
        news: reading.news(one.id, &item.path),
    })
}

fn by(reading: &Reading<'_>, item: &ItemView) -> String {
    let stays_open = item.values.iter().any(|value| match value.answer {
        Some(Answer::Declined | Answer::NotNow) => true,
        Some(Answer::Value(_) | Answer::Unsure) | None => false,
    });
    let mut by = reading.sources(&item.values);
    if stays_open {
        by.push_str(" · stays open");
    }
    if !item.open && !item.unplaced {
        by.push_str(" · no longer asked, as other answers stand");
    }
    by
}

fn remarks(reading: &Reading<'_>, item: &ItemView) -> Vec<String> {
    let settled = item.settlements.iter().map(|one| settlement(reading, one));
    let before = item.earlier.iter().map(|value| earlier(reading, value));
    settled.chain(before).collect()
}

fn earlier(reading: &Reading<'_>, value: &ValueView) -> String {
    format!("before: {}, {}", value.words, reading.source(value))
}

fn settlement(reading: &Reading<'_>, one: &SettlementView) -> String {
    let counts = match one.state {
        SettlementState::Counts => "settled",
        SettlementState::Contradicted => "settled, but contradicted by another",
        SettlementState::Overtaken => "settled, but another value stands beside it now",
        SettlementState::Replaced => "settled, then decided again",
        SettlementState::NeedsRole => {
            "settled without the role that lowering takes: does not count"
        }
        SettlementState::NotAllowed => "settled by someone with no part in it: does not count",
    };
    format!(
        "{counts}: {}, {}: {}",
        one.words,
        reading.who(&one.stamp),
        one.reason
    )
}
