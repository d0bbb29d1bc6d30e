//! What happened. Answers stand with their questions; all else that anyone did stands here.

use mooring_casefile::{TimelineEntry, TimelineKind};

use super::reading::Reading;
use crate::review::page::timeline::Moment;
use crate::review::page::words::capitalized;

/// The moments, oldest first.
pub(crate) fn moments(reading: &Reading<'_>) -> Vec<Moment> {
    let entries = reading.page.view.timeline.iter();
    entries
        .filter_map(|entry| Some(moment(reading, entry, words(reading, entry)?)))
        .collect()
}

fn moment(reading: &Reading<'_>, entry: &TimelineEntry, words: String) -> Moment {
    Moment {
        at: reading.at(entry.at),
        words,
        by: capitalized(&reading.name(entry.stamp.who.person)),
    }
}

fn words(reading: &Reading<'_>, entry: &TimelineEntry) -> Option<String> {
    let said = &entry.words;
    Some(match entry.kind {
        TimelineKind::Answered => return None,
        TimelineKind::Created => format!("Began the case: {said}"),
        TimelineKind::Started => format!("Began: {said}"),
        TimelineKind::Retracted => format!("Took an answer back. {said}"),
        TimelineKind::Confirmed => format!("Confirmed a change. {said}"),
        TimelineKind::Settled => format!("Settled. {said}"),
        TimelineKind::Accepted => format!("Accepted {said}"),
        TimelineKind::Overridden => format!("By judgment: {said}"),
        TimelineKind::Event => event(reading, entry),
        TimelineKind::Asked => format!("Asked headquarters: “{said}”"),
        TimelineKind::Opened => "Opened the case".to_owned(),
        TimelineKind::Reviewed => "Signed a review".to_owned(),
        TimelineKind::Advised => format!("Advised: “{said}”"),
        TimelineKind::Withdrawn => format!("Withdrew an advice: {said}"),
        TimelineKind::Marked => format!("Advice {said}"),
    })
}

// The two kinds that headquarters reads say what they are.
fn event(reading: &Reading<'_>, entry: &TimelineEntry) -> String {
    let mut events = reading.page.view.events.iter();
    let kind = events
        .find(|one| one.stamp.change == entry.stamp.change)
        .map(|one| one.what.kind.as_str());
    let before = match kind {
        Some("on-scene") => "On scene",
        Some("left-scene") => "Left the scene",
        Some(_) | None => return entry.words.clone(),
    };
    if entry.words.is_empty() {
        before.to_owned()
    } else {
        format!("{before}: {}", entry.words)
    }
}
