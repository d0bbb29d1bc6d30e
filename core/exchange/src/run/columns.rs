//! A run's changes as columns: each field for itself, so that like lies beside like, within a run and over all runs of a push.

use mooring_casefile::{ChangeId, Run};
use mooring_identity::{Reader, Writer};

use super::chunk::{Parts, build, parse};
use super::{Place, fault};
use crate::RunFault;
use crate::limits::{LARGEST_CHANGE, MOST_CHANGES};

/// The only dependency is the run's previous change.
const FOLLOWS: u8 = 1;
const NAMES_DEPENDENCIES: u8 = 0;
const MOST_DEPENDENCIES: usize = 100_000;
/// How many columns there are.
pub(super) const COLUMNS: usize = 7;

/// Flags, dependencies, starts, times, messages, lengths of the rests, rests.
pub(crate) type Columns = [Vec<u8>; COLUMNS];

/// Takes the changes apart; none where one is no change chunk.
pub(super) fn pack(run: &Run) -> Option<Columns> {
    let mut out = [const { None }; COLUMNS].map(|_: Option<()>| Writer::new());
    let [flags, deps, starts, times, messages, lengths, rests] = &mut out;
    let (mut previous, mut start, mut time) = (None, 0, 0);
    for change in &run.changes {
        let (parts, id) = parse(change)?;
        if previous.is_some_and(|last: ChangeId| parts.deps == last.bytes()) {
            flags.u8(FOLLOWS);
        } else {
            flags.u8(NAMES_DEPENDENCIES);
            deps.varint((parts.deps.len() / 32) as u64)
                .fixed(parts.deps);
        }
        starts.varint(fold(parts.start.wrapping_sub(start).cast_signed()));
        times.varint(fold(parts.time.wrapping_sub(time)));
        messages.bytes(parts.message);
        lengths.varint(parts.rest.len() as u64);
        rests.fixed(parts.rest);
        (previous, start, time) = (Some(id), parts.start, parts.time);
    }
    Some(out.map(Writer::finish))
}

/// Rebuilds the changes, and the last one's hash.
pub(super) fn unpack(
    place: &Place,
    columns: &Columns,
) -> Result<(Vec<Vec<u8>>, ChangeId), RunFault> {
    let count = place
        .changes()
        .filter(|count| *count <= MOST_CHANGES)
        .ok_or(RunFault::TooLarge)?;
    let mut readers = columns.each_ref().map(|column| Reader::new(column));
    let mut out = Vec::new();
    let mut before = Before::default();
    for (seq, _) in (place.first_seq..).zip(0..count) {
        let change = next(place, seq, &mut readers, &mut before)?;
        out.push(change);
    }
    for reader in readers {
        reader.finish().map_err(fault)?;
    }
    Ok((out, before.id.ok_or(RunFault::Malformed)?))
}

/// What the differences are from.
#[derive(Default)]
struct Before {
    id: Option<ChangeId>,
    start: u64,
    time: i64,
}

fn next(
    place: &Place,
    seq: u64,
    readers: &mut [Reader<'_>; COLUMNS],
    before: &mut Before,
) -> Result<Vec<u8>, RunFault> {
    let [flags, deps, starts, times, messages, lengths, rests] = readers;
    let previous = before.id.map(ChangeId::bytes);
    let deps = match (flags.u8().map_err(fault)?, &previous) {
        (FOLLOWS, Some(previous)) => previous.as_slice(),
        (NAMES_DEPENDENCIES, _) => {
            let count = deps.count(MOST_DEPENDENCIES, 32).map_err(fault)?;
            deps.fixed(count.saturating_mul(32)).map_err(fault)?
        }
        (FOLLOWS, None) | (2..=u8::MAX, _) => return Err(RunFault::Malformed),
    };
    let start = before
        .start
        .wrapping_add(unfold(starts.varint().map_err(fault)?).cast_unsigned());
    let time = before
        .time
        .wrapping_add(unfold(times.varint().map_err(fault)?));
    let message = messages.bytes(LARGEST_CHANGE).map_err(fault)?;
    let length =
        usize::try_from(lengths.varint().map_err(fault)?).map_err(|_| RunFault::TooLarge)?;
    if length > LARGEST_CHANGE {
        return Err(RunFault::TooLarge);
    }
    let rest = rests.fixed(length).map_err(fault)?;
    let actor = place.key.actor.bytes();
    let (change, id) = build(&Parts {
        deps,
        actor,
        seq,
        start,
        time,
        message,
        rest,
    });
    *before = Before {
        id: Some(id),
        start,
        time,
    };
    if change.len() > LARGEST_CHANGE {
        Err(RunFault::TooLarge)
    } else {
        Ok(change)
    }
}

/// Small differences either way become small numbers.
const fn fold(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

const fn unfold(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_difference_folds_and_unfolds(value: i64) {
            prop_assert_eq!(unfold(fold(value)), value);
        }
    }
}
