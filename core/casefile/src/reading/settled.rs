//! Which settlements of a place count, and what they take away (rule 6).

use std::collections::{BTreeMap, BTreeSet};

use super::{authority::Weight, records::Said};
use crate::{
    history::{History, OpId, Stored, Write},
    ids::{ChangeId, RecordId},
    record::Settlement,
    run::Half,
};

/// A settlement with what stands behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ruling<'a> {
    pub(crate) said: Said<'a, Settlement>,
    pub(crate) weight: Weight,
}

/// What the settlements of a place come to.
///
/// A settlement covers the values that it names. A value beside them that it could not know reopens the place, with all of
/// its values: it was settled without having seen all. A later edit in knowledge of the settlement does not.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Settlements that count.
    pub(crate) counting: BTreeSet<RecordId>,
    /// Values that were chosen, with the change of the settlement and its half.
    pub(crate) chosen: Vec<(ChangeId, Half, ChangeId)>,
    /// Settlements that contradict each other: the place is open again.
    pub(crate) contradicting: BTreeSet<RecordId>,
    /// Settlements beside which a value stands that they do not name.
    pub(crate) overtaken: BTreeSet<RecordId>,
    /// Settlements that a later one decided between.
    pub(crate) replaced: BTreeSet<RecordId>,
    /// Values taken away, each with the strongest settlement that did.
    pub(crate) away: BTreeMap<ChangeId, (Weight, RecordId)>,
}

/// What these settlements come to, given the values written at the place.
pub(crate) fn settle(rulings: &[Ruling<'_>], writes: &[&Write], history: &History) -> Settled {
    let values: BTreeMap<ChangeId, &Stored> = writes
        .iter()
        .map(|write| (write.change, &write.value))
        .collect();
    let valid = |ruling: &&Ruling<'_>| {
        let what = ruling.said.what;
        ruling.weight != Weight::None
            && what.seen.contains(&what.choice)
            && values.contains_key(&what.choice)
    };
    let is_overtaken = |ruling: &&Ruling<'_>| is_overtaken(ruling, writes, history);
    let (overtaken, valid): (Vec<_>, Vec<_>) = rulings.iter().filter(valid).partition(is_overtaken);
    let replaced = replaced(&valid, &values);
    let live: Vec<_> = valid
        .into_iter()
        .filter(|ruling| !replaced.contains(&ruling.said.id))
        .collect();
    let overtaken = overtaken.iter().map(|ruling| ruling.said.id).collect();
    let mut settled = Settled {
        overtaken,
        replaced,
        ..Settled::default()
    };
    for ruling in &live {
        if live.iter().any(|other| differ(ruling, other, &values)) {
            settled.contradicting.insert(ruling.said.id);
        } else {
            settled.counting.insert(ruling.said.id);
        }
    }
    for ruling in live
        .iter()
        .filter(|ruling| settled.counting.contains(&ruling.said.id))
    {
        let said = &ruling.said;
        settled
            .chosen
            .push((said.what.choice, said.half, said.stamp.change));
        take_away(ruling, &values, &mut settled.away);
    }
    settled
}

/// Whether there is a value that differs from the choice, is not named, was not overwritten by one that is named, and was
/// not written in knowledge of the settlement. Once so, always so: replicas that learn more agree.
fn is_overtaken(ruling: &Ruling<'_>, writes: &[&Write], history: &History) -> bool {
    let what = ruling.said.what;
    let Some(choice) = writes.iter().find(|write| write.change == what.choice) else {
        return false;
    };
    let named = writes
        .iter()
        .filter(|write| what.seen.contains(&write.change));
    let before = overwritten(
        named
            .flat_map(|write| write.preds.iter().copied())
            .collect(),
        writes,
    );
    writes.iter().any(|write| {
        let knew = ruling.said.half == Half::Field
            && history.knew(&write.change, &ruling.said.stamp.change);
        let is_other =
            !what.seen.contains(&write.change) && !write.value.says_the_same(&choice.value);
        is_other && !knew && !before.contains(&write.op)
    })
}

/// These operations, and everything that they overwrote.
pub(crate) fn overwritten(mut open: Vec<OpId>, writes: &[&Write]) -> BTreeSet<OpId> {
    let preds: BTreeMap<OpId, &[OpId]> = writes
        .iter()
        .map(|write| (write.op, write.preds.as_slice()))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(preds.get(&next).copied().unwrap_or_default());
        }
    }
    reached
}

/// A settlement may decide between others only where these contradict each other: a second, different one alone always
/// reopens the place (rule 6), however well its writer knew the first.
fn replaced(valid: &[&Ruling<'_>], values: &BTreeMap<ChangeId, &Stored>) -> BTreeSet<RecordId> {
    let named = |ruling: &Ruling<'_>| -> Vec<&Ruling<'_>> {
        let named = &ruling.said.what.replaces;
        valid
            .iter()
            .copied()
            .filter(|other| named.contains(&other.said.id) && other.said.id != ruling.said.id)
            .collect()
    };
    let decides = |ruling: &&&Ruling<'_>| {
        let named = named(ruling);
        named
            .iter()
            .any(|one| named.iter().any(|two| differ(one, two, values)))
    };
    valid
        .iter()
        .filter(decides)
        .flat_map(|ruling| named(ruling))
        .map(|ruling| ruling.said.id)
        .collect()
}

/// Two settlements differ if both saw both choices, and chose otherwise.
fn differ(one: &Ruling<'_>, two: &Ruling<'_>, values: &BTreeMap<ChangeId, &Stored>) -> bool {
    let (one, two) = (one.said.what, two.said.what);
    let (Some(first), Some(second)) = (values.get(&one.choice), values.get(&two.choice)) else {
        return false;
    };
    let saw = |settlement: &Settlement, value: &Stored| {
        settlement
            .seen
            .iter()
            .filter_map(|seen| values.get(seen))
            .any(|seen| seen.says_the_same(value))
    };
    !first.says_the_same(second) && saw(one, second) && saw(two, first)
}

fn take_away(
    ruling: &Ruling<'_>,
    values: &BTreeMap<ChangeId, &Stored>,
    away: &mut BTreeMap<ChangeId, (Weight, RecordId)>,
) {
    let what = ruling.said.what;
    let Some(choice) = values.get(&what.choice) else {
        return;
    };
    let rejected = what.seen.iter().filter(|seen| {
        values
            .get(seen)
            .is_some_and(|value| !value.says_the_same(choice))
    });
    for value in rejected.filter(|value| **value != what.choice) {
        let by = (ruling.weight, ruling.said.id);
        let strongest = away.entry(*value).or_insert(by);
        *strongest = (*strongest).max(by);
    }
}
