//! Advice and how far it came, from the marks of the phones.

use mooring_casefile::{AdviceView, Mark, Shelf};

use super::changes::lines;
use super::reading::Reading;
use crate::review::page::advice::{Advice, AdvicePanel};
use crate::review::page::words::capitalized;

/// The panel.
pub(crate) fn panel(reading: &Reading<'_>) -> AdvicePanel {
    AdvicePanel {
        sent: reading
            .page
            .view
            .advice
            .iter()
            .rev()
            .map(|one| advice(reading, one))
            .collect(),
        text: reading.typed("advice_text"),
        minutes: reading.typed("advice_minutes"),
        replaces: reading.typed("advice_replaces"),
        reason: reading.typed("withdraw_reason"),
        pressed: reading.pressed == "withdraw",
        closed: reading.page.may.advise.as_ref().err().cloned(),
    }
}

fn advice(reading: &Reading<'_>, one: &AdviceView) -> Advice {
    let over = over(reading, one);
    Advice {
        id: one.id.to_string(),
        text: one.text.clone(),
        by: capitalized(&reading.who(&one.stamp)),
        trail: trail(reading, one),
        outdated: if over.is_some() {
            Vec::new()
        } else {
            outdated(reading, one)
        },
        over,
    }
}

fn trail(reading: &Reading<'_>, one: &AdviceView) -> Vec<String> {
    let mut steps: Vec<String> = [Mark::Delivered, Mark::Read, Mark::ActedOn]
        .into_iter()
        .filter_map(|mark| {
            let (_, stamp) = one.marks.iter().find(|(found, _)| *found == mark)?;
            Some(format!("{} {}", mark_words(mark), reading.at(stamp.at)))
        })
        .collect();
    match one.furthest() {
        None => steps.push("queued: on no phone yet".to_owned()),
        Some(Mark::Delivered) => steps.push("not yet read".to_owned()),
        Some(Mark::Read) => steps.push("not yet acted on".to_owned()),
        Some(Mark::ActedOn) => {}
    }
    steps.extend(
        one.expires_ms
            .map(|until| format!("until {}", reading.hours.at(until))),
    );
    steps
}

fn mark_words(mark: Mark) -> &'static str {
    match mark {
        Mark::Delivered => "delivered",
        Mark::Read => "read",
        Mark::ActedOn => "acted on",
    }
}

fn over(reading: &Reading<'_>, one: &AdviceView) -> Option<String> {
    if let Some((stamp, reason)) = &one.withdrawn {
        return Some(format!("withdrawn by {}: {reason}", reading.who(stamp)));
    }
    if one.replaced_by.is_some() {
        return Some("replaced".to_owned());
    }
    (!one.stands_at(reading.hours.now_ms)).then(|| "expired".to_owned())
}

fn outdated(reading: &Reading<'_>, one: &AdviceView) -> Vec<String> {
    match one.overtaken {
        Some(false) => return Vec::new(),
        None => {
            return vec!["Headquarters can't tell what was known when it was written.".to_owned()];
        }
        Some(true) => {}
    }
    let file = &reading.page.file;
    let shelf: &dyn Shelf = reading.page.shelf.as_ref();
    let since = file
        .at(&one.written_on)
        .map(|then| lines(&file.difference(&then, shelf).lines));
    vec![since.unwrap_or_default().join("; ")]
}
