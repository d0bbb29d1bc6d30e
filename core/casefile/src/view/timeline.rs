//! All that happened, by the time at which it was entered.

use super::{TimelineEntry, TimelineKind};
use crate::{
    history::{Slot, Stored, Write},
    reading::{Reading, Said},
    record::{Accepted, ConfirmKind, Mark, Place, Record},
    risk::held::question,
    run::Half,
};

pub(super) fn view(reading: &Reading<'_>) -> Vec<TimelineEntry> {
    let mut all = Vec::new();
    if let Some(stamp) = reading.file.created() {
        all.push(TimelineEntry {
            at: stamp.at,
            stamp,
            half: Half::Field,
            kind: TimelineKind::Created,
            words: reading.file.title(),
        });
    }
    for one in &reading.assessments {
        let title = one
            .protocol()
            .map_or(one.key, |protocol| protocol.title())
            .to_owned();
        let (stamp, kind) = (one.started, TimelineKind::Started);
        all.push(TimelineEntry {
            at: stamp.at,
            stamp,
            half: Half::Field,
            kind,
            words: title,
        });
    }
    for (slot, writes) in reading.file.history(Half::Field).slots() {
        all.extend(
            writes
                .iter()
                .filter_map(|write| written(reading, slot, write)),
        );
    }
    all.extend(
        reading
            .file
            .said()
            .filter_map(|said| stated(reading, &said)),
    );
    all.sort_by(|one, two| {
        let key = |entry: &TimelineEntry| (entry.at.wall_ms, entry.stamp.change);
        key(one)
            .cmp(&key(two))
            .then_with(|| one.words.cmp(&two.words))
    });
    all
}

fn written(reading: &Reading<'_>, slot: &Slot, write: &Write) -> Option<TimelineEntry> {
    let stamp = reading.file.write_stamp(write)?;
    let what = match slot {
        Slot::Title => return None,
        Slot::Minor => "A minor".to_owned(),
        Slot::Answer(assessment, path) => {
            reading.find(*assessment).map(|one| question(one, path))?
        }
    };
    let (kind, words) = match &write.value {
        Stored::Answer(answer, _) => (
            TimelineKind::Answered,
            format!("{what}: {}", answer.words()),
        ),
        Stored::Retracted(reason) => (TimelineKind::Retracted, format!("{what}: {reason}")),
        Stored::TooNew => (
            TimelineKind::Answered,
            format!("{what}: written by a newer version"),
        ),
    };
    Some(TimelineEntry {
        at: stamp.at,
        stamp,
        half: Half::Field,
        kind,
        words,
    })
}

fn stated(reading: &Reading<'_>, said: &Said<'_, Record>) -> Option<TimelineEntry> {
    let (kind, words) = match said.what {
        Record::Confirmation(new) => {
            let undone = if new.kind == ConfirmKind::Undo {
                "undone"
            } else {
                &new.reason
            };
            (
                TimelineKind::Confirmed,
                format!("{}: {undone}", place(reading, &new.place)),
            )
        }
        Record::Settlement(new) => (
            TimelineKind::Settled,
            format!("{}: {}", place(reading, &new.place), new.reason),
        ),
        Record::Acceptance(new) => {
            let what = match &new.accepted {
                Accepted::Assessment { .. } => "a later assessment",
                Accepted::Override { .. } => "a lower level by judgment",
            };
            (TimelineKind::Accepted, format!("{what}: {}", new.reason))
        }
        Record::Override(new) => {
            let level = mooring_protocol::ShownLevel {
                level: new.level,
                at_least: false,
            };
            let words = format!("{}: {} ({})", new.domain.words(), level.words(), new.reason);
            (TimelineKind::Overridden, words)
        }
        Record::Event(new) => (TimelineKind::Event, new.text.clone()),
        Record::Ask(new) => (TimelineKind::Asked, new.question.clone()),
        Record::Mark(new) => (TimelineKind::Marked, mark(new.mark).to_owned()),
        Record::Review(new) => (TimelineKind::Reviewed, new.impression.clone()),
        Record::Advice(new) => (TimelineKind::Advised, new.text.clone()),
        Record::Withdrawal(new) => (TimelineKind::Withdrawn, new.reason.clone()),
        Record::Opening(_) => (TimelineKind::Opened, String::new()),
        Record::TooNew => return None,
    };
    Some(TimelineEntry {
        at: said.stamp.at,
        stamp: said.stamp,
        half: said.half,
        kind,
        words,
    })
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Delivered => "delivered",
        Mark::Read => "read",
        Mark::ActedOn => "acted on",
    }
}

/// A place in words.
pub(crate) fn place(reading: &Reading<'_>, place: &Place) -> String {
    match place {
        Place::Minor => "A minor".to_owned(),
        Place::Answer { assessment, path } => {
            let one = reading.find(*assessment);
            one.map_or_else(|| path.link_id().to_owned(), |one| question(one, path))
        }
    }
}
