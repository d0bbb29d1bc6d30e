//! What the team wants to know, and where to call back.

use mooring_protocol::StripField;

use super::reading::Reading;
use super::strip::entries;
use crate::review::page::strip::Asked;

/// A question goes to headquarters as a record of its own, or as an answer in the visit's facts.
pub(crate) fn asked(reading: &Reading<'_>) -> Vec<Asked> {
    let number = entries(reading, StripField::CallBack)
        .iter()
        .filter_map(|entry| entry.fact.answers.first())
        .next_back();
    let records = reading.page.row.asks.iter().rev().map(|ask| Asked {
        at: reading.hours.at(ask.at_ms),
        question: ask.question.clone(),
        by: ask.by.clone(),
        call_back: ask.call_back.clone().or_else(|| number.cloned()),
    });
    let answers = entries(reading, StripField::Question)
        .iter()
        .map(|entry| Asked {
            at: entry
                .stamps
                .last()
                .map_or_else(|| "time unknown".to_owned(), |stamp| reading.at(stamp.at)),
            question: entry.fact.answers.join(" / "),
            by: entry
                .stamps
                .last()
                .map(|stamp| reading.name(stamp.who.person))
                .unwrap_or_default(),
            call_back: number.cloned(),
        });
    records.chain(answers).collect()
}
