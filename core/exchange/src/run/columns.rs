//! A run's changes as columns.

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

/// Takes the changes apart; none where one is no change chunk.
pub(super) fn pack(run: &Run) -> Option<Vec<u8>> {
    let (mut flags, mut deps, mut starts) = (Writer::new(), Writer::new(), Writer::new());
    let (mut times, mut lengths, mut rests) = (Writer::new(), Writer::new(), Writer::new());
    let (mut previous, mut start, mut time) = (None, 0, 0);
    for change in &run.changes {
        let (parts, id) = parse(change)?;
        if previous.is_some_and(|last: ChangeId| parts.deps == last.bytes()) {
            flags.u8(FOLLOWS);
        } else {
            flags.u8(NAMES_DEPENDENCIES);
            deps.varint((parts.deps.len() / 32) as u64).fixed(parts.deps);
        }
        starts.varint(fold(parts.start.wrapping_sub(start).cast_signed()));
        times.varint(fold(parts.time.wrapping_sub(time)));
        lengths.varint(parts.rest.len() as u64);
        rests.fixed(parts.rest);
        (previous, start, time) = (Some(id), parts.start, parts.time);
    }
    let columns = [flags, deps, starts, times, lengths, rests].map(Writer::finish);
    Some(columns.concat())
}

/// Rebuilds the changes, and the last one's hash.
pub(super) fn unpack(place: &Place, bytes: &[u8]) -> Result<(Vec<Vec<u8>>, ChangeId), RunFault> {
    let count = place.changes().filter(|count| *count <= MOST_CHANGES).ok_or(RunFault::TooLarge)?;
    let mut reader = Reader::new(bytes);
    let flags = reader.fixed(usize::try_from(count).map_err(|_| RunFault::TooLarge)?).map_err(fault)?;
    let deps = flags.iter().map(|flag| read_deps(*flag, &mut reader)).collect::<Result<Vec<_>, _>>()?;
    let starts = read_numbers(flags.len(), &mut reader)?;
    let times = read_numbers(flags.len(), &mut reader)?;
    let lengths = read_numbers(flags.len(), &mut reader)?;
    let mut out = Vec::with_capacity(flags.len());
    let (mut previous, mut start, mut time) = (None::<[u8; 32]>, 0_u64, 0_i64);
    let heads = deps.into_iter().zip(starts).zip(times).zip(lengths);
    for (seq, (((deps, start_by), time_by), length)) in (place.first_seq..).zip(heads) {
        start = start.wrapping_add(unfold(start_by).cast_unsigned());
        time = time.wrapping_add(unfold(time_by));
        let length = usize::try_from(length).ok().filter(|length| *length <= LARGEST_CHANGE);
        let rest = reader.fixed(length.ok_or(RunFault::TooLarge)?).map_err(fault)?;
        let deps = match (&deps, &previous) {
            (Some(named), _) => named,
            (None, Some(previous)) => previous.as_slice(),
            (None, None) => return Err(RunFault::Malformed),
        };
        let actor = place.key.actor.bytes();
        let (change, id) = build(&Parts { deps, actor, seq, start, time, rest });
        if change.len() > LARGEST_CHANGE {
            return Err(RunFault::TooLarge);
        }
        out.push(change);
        previous = Some(id.bytes());
    }
    reader.finish().map_err(fault)?;
    Ok((out, ChangeId::new(previous.ok_or(RunFault::Malformed)?)))
}

fn read_deps<'a>(flag: u8, reader: &mut Reader<'a>) -> Result<Option<&'a [u8]>, RunFault> {
    match flag {
        FOLLOWS => Ok(None),
        NAMES_DEPENDENCIES => {
            let count = reader.count(MOST_DEPENDENCIES, 32).map_err(fault)?;
            reader.fixed(count.saturating_mul(32)).map(Some).map_err(fault)
        }
        2..=u8::MAX => Err(RunFault::Malformed),
    }
}

fn read_numbers(count: usize, reader: &mut Reader<'_>) -> Result<Vec<u64>, RunFault> {
    (0..count).map(|_| reader.varint()).collect::<Result<_, _>>().map_err(fault)
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
