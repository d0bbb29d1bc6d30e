//! One assessment as a view.

use std::collections::BTreeSet;

use mooring_protocol::{
    AnswerPath, Flow, Leaf, Openness, Protocol, Sheet, ShownLevel, Step, StepKind,
};

use super::{AssessmentView, ItemView, SettlementState, SettlementView, ValueStanding, ValueView};
use crate::{
    history::{Stored, Write},
    ids::ChangeId,
    reading::{AssessmentReading, Reading, SlotReading, Standing, Weight},
    record::Place,
    risk::held::question,
};

/// Which replaced values make a difference, and so are shown as held.
pub(super) type HeldValues = BTreeSet<(Place, ChangeId)>;

pub(super) fn view(
    reading: &Reading<'_>,
    one: &AssessmentReading<'_>,
    held: &HeldValues,
) -> AssessmentView {
    let flow = one.protocol().map(|protocol| protocol.flow(&one.now));
    let items = Items { reading, one, held };
    let contested = one.slots.values().any(|slot| slot.contested);
    let levels = one.governing_levels(reading.person_all);
    let shown = levels.values().map(|(level, at_least)| ShownLevel {
        level: *level,
        at_least: *at_least,
    });
    AssessmentView {
        id: one.id,
        key: one.key.to_owned(),
        protocol: one
            .protocols
            .first()
            .map_or(mooring_protocol::ProtocolHash([0; 32]), |(hash, _)| *hash),
        title: one.protocol().map(|protocol| protocol.title().to_owned()),
        not_validated: one
            .protocol()
            .is_none_or(mooring_protocol::Protocol::not_validated),
        started: one.started,
        items: items.all(flow.as_ref()),
        scores: by_protocol(one, Protocol::score),
        stages: by_protocol(one, Protocol::stages),
        pairs: by_protocol(one, Protocol::pairs),
        answered: flow.as_ref().map_or(one.now.len(), |flow| flow.answered),
        total: flow.as_ref().map_or(0, |flow| flow.total),
        missing: flow
            .as_ref()
            .map_or(Vec::new(), |flow| flow.missing.clone()),
        contested,
        level: shown.min_by_key(|shown| (shown.queue_rank(), std::cmp::Reverse(shown.level))),
        replaced_by: reading.replaced.get(&one.id).copied(),
        digest: one.digest,
        flow,
    }
}

/// What its protocol makes of what stands; nothing where the protocol is not here.
fn by_protocol<T>(
    one: &AssessmentReading<'_>,
    derive: impl Fn(&Protocol, &Sheet) -> Vec<T>,
) -> Vec<T> {
    one.protocol()
        .map_or(Vec::new(), |protocol| derive(protocol, &one.now))
}

struct Items<'r> {
    reading: &'r Reading<'r>,
    one: &'r AssessmentReading<'r>,
    held: &'r HeldValues,
}

impl Items<'_> {
    /// Questions in the protocol's order, each followed by the options and repeats that were answered, then the rest.
    fn all(&self, flow: Option<&Flow>) -> Vec<ItemView> {
        let mut items = Vec::new();
        let mut placed: BTreeSet<&AnswerPath> = BTreeSet::new();
        for step in flow
            .into_iter()
            .flat_map(|flow| &flow.steps)
            .filter(|step| is_question(step))
        {
            let own: Vec<_> = self
                .one
                .slots
                .keys()
                .copied()
                .filter(|path| path.base() == step.path.base())
                .collect();
            if own.is_empty() {
                items.push(self.item(&step.path, Some(step)));
            }
            items.extend(own.iter().map(|path| self.item(path, Some(step))));
            placed.extend(own);
        }
        let rest = self.one.slots.keys().filter(|path| !placed.contains(*path));
        items.extend(rest.map(|path| self.item(path, None)));
        items
    }

    fn item(&self, path: &AnswerPath, step: Option<&Step>) -> ItemView {
        let slot = self.one.slots.get(path);
        let place = Place::answer(self.one.id, path.clone());
        let (values, earlier) = values(self.reading, slot, &place, self.held);
        ItemView {
            path: path.clone(),
            question: self.question(path, step),
            prefix: step.map_or(String::new(), |step| step.prefix.plain.clone()),
            depth: step.map_or(0, |step| step.depth),
            open: step.is_some_and(|step| step.open == Openness::Open),
            unplaced: step.is_none(),
            values,
            earlier,
            contested: slot.is_some_and(|slot| slot.contested),
            settlements: slot.map_or(Vec::new(), |slot| settlements(self.reading, slot, &place)),
        }
    }

    fn question(&self, path: &AnswerPath, step: Option<&Step>) -> String {
        let text = step
            .map(|step| step.text.plain.clone())
            .filter(|text| !text.is_empty());
        let text = text.unwrap_or_else(|| question(self.one, path));
        match path.leaf() {
            Leaf::Whole | Leaf::Instance(_) => text,
            Leaf::Option(key) => {
                let known =
                    step.and_then(|step| step.options.iter().find(|option| option.key == *key));
                format!(
                    "{text}: {}",
                    known.map_or(key.as_str(), |option| option.words.plain.as_str())
                )
            }
        }
    }
}

fn is_question(step: &Step) -> bool {
    match step.kind {
        StepKind::Question | StepKind::NotSupported => true,
        StepKind::Group | StepKind::Guidance => false,
    }
}

/// What stands at a place, and what stood before.
pub(super) fn values(
    reading: &Reading<'_>,
    slot: Option<&SlotReading<'_>>,
    place: &Place,
    held: &HeldValues,
) -> (Vec<ValueView>, Vec<ValueView>) {
    let all = slot.into_iter().flat_map(|slot| &slot.values);
    let view = |(write, standing): &(&Write, Standing)| {
        let is_held = held.contains(&(place.clone(), write.change));
        let standing = match standing {
            Standing::Stands => ValueStanding::Stands,
            Standing::HeldByEdit | Standing::HeldByAuthor(_) if is_held => ValueStanding::Held,
            Standing::HeldByEdit | Standing::HeldByAuthor(_) | Standing::Gone => {
                ValueStanding::Earlier
            }
        };
        value(reading, write, standing)
    };
    all.filter_map(view)
        .partition(|value| value.standing == ValueStanding::Stands)
}

fn value(reading: &Reading<'_>, write: &Write, standing: ValueStanding) -> Option<ValueView> {
    let stamp = reading.file.write_stamp(write)?;
    let (retracted, words) = match &write.value {
        Stored::Answer(answer, _) => (None, answer.words()),
        Stored::Retracted(reason) => (Some(reason.clone()), format!("taken back: {reason}")),
        Stored::TooNew => (None, "written by a newer version".to_owned()),
    };
    Some(ValueView {
        id: write.change,
        answer: write.value.answer().cloned(),
        retracted,
        words,
        told: write.value.told().cloned(),
        stamp,
        standing,
    })
}

pub(super) fn settlements(
    reading: &Reading<'_>,
    slot: &SlotReading<'_>,
    place: &Place,
) -> Vec<SettlementView> {
    let view = |said: crate::reading::Said<'_, crate::record::Settlement>| {
        let chosen = slot
            .values
            .iter()
            .find(|(write, _)| write.change == said.what.choice);
        let words = chosen
            .and_then(|(write, _)| value(reading, write, ValueStanding::Stands))
            .map(|value| value.words);
        let weight = reading.file.weight_of(said.what, &said.stamp.who);
        let state = match weight {
            Weight::None => SettlementState::NotAllowed,
            _ if slot.settled.counting.contains(&said.id) => SettlementState::Counts,
            _ if slot.settled.contradicting.contains(&said.id) => SettlementState::Contradicted,
            _ if slot.settled.overtaken.contains(&said.id) => SettlementState::Overtaken,
            _ if slot.settled.replaced.contains(&said.id) => SettlementState::Replaced,
            Weight::Author | Weight::Role => SettlementState::NeedsRole,
        };
        SettlementView {
            id: said.id,
            stamp: said.stamp,
            half: said.half,
            seen: said.what.seen.clone(),
            choice: said.what.choice,
            words: words.unwrap_or_default(),
            reason: said.what.reason.clone(),
            state,
        }
    };
    reading
        .file
        .settlements_at(place)
        .into_iter()
        .map(view)
        .collect()
}
