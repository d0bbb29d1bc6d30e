//! Runs are rebuilt byte for byte, and nothing that comes from outside can make the codec panic or lie.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of a test stop it where they fail"
)]

mod common;

use common::{Seeded, chunk, chunk_at, heavy_run, visit};
use mooring_casefile::{Actor, ChangeId, Run};
use mooring_exchange::*;
use mooring_identity::IdentityError;
use proptest::prelude::*;

#[track_caller]
fn comes_back(run: &Run) -> usize {
    let bytes = encode_run(run);
    assert!(decode_run(&bytes).unwrap() == *run);
    bytes.len()
}

#[test]
fn a_real_visit_comes_back_byte_for_byte_and_much_smaller() {
    let run = visit(1, 60);
    assert_eq!(run.changes.len(), 62);
    let raw: usize = run.changes.iter().map(Vec::len).sum();
    let packed = comes_back(&run);
    assert!(packed * 3 < raw * 2, "{packed} of {raw}");
}

#[test]
fn a_part_of_a_visit_comes_back_too() {
    let whole = visit(2, 20);
    let part = Run {
        first_seq: 5,
        changes: whole.changes[4..].to_vec(),
        ..whole
    };
    comes_back(&part);
}

#[test]
fn a_change_that_names_other_changes_comes_back() {
    let (bytes, last) = chunk([1; 16], 9, &[[2; 32], [3; 32]], &[0, 0, 0]);
    let run = heavy_run(1, 1, 4);
    comes_back(&Run {
        actor: Actor::new([1; 16]),
        first_seq: 9,
        last_seq: 9,
        last,
        changes: vec![bytes],
        ..run
    });
}

#[test]
fn a_change_that_is_spelled_otherwise_than_we_would_comes_back_as_it_was() {
    // The same time with an empty last byte: rebuilt in the shortest form it would be another change.
    let (bytes, last) = chunk_at(
        &[0x80, 0xda, 0x91, 0xc9, 0x86, 0x00],
        [1; 16],
        1,
        &[],
        &[0, 0],
    );
    comes_back(&Run {
        actor: Actor::new([1; 16]),
        last,
        changes: vec![bytes],
        ..heavy_run(1, 1, 4)
    });
}

#[test]
fn a_damaged_change_travels_raw_and_is_refused_at_the_other_end() {
    let mut run = visit(3, 5);
    run.changes[3][20] ^= 1;
    assert_eq!(
        decode_run(&encode_run(&run)).unwrap_err(),
        IdentityError::Malformed
    );
}

#[track_caller]
fn is_refused(change: impl FnOnce(&mut Run)) {
    let mut run = visit(4, 5);
    change(&mut run);
    assert_eq!(
        decode_run(&encode_run(&run)).unwrap_err(),
        IdentityError::Malformed
    );
}

#[test]
fn another_actor_than_announced_is_refused() {
    is_refused(|run| run.actor = Actor::new([9; 16]));
}

#[test]
fn other_numbers_than_announced_are_refused() {
    is_refused(|run| run.first_seq += 1);
    is_refused(|run| run.last_seq += 1);
    is_refused(|run| (run.first_seq, run.last_seq) = (run.first_seq + 1, run.last_seq + 1));
    is_refused(|run| (run.first_seq, run.last_seq) = (0, run.last_seq - 1));
    is_refused(|run| run.last_seq = u64::MAX);
}

#[test]
fn another_last_hash_than_announced_is_refused() {
    is_refused(|run| run.last = ChangeId::new([0; 32]));
}

#[test]
fn a_missing_or_exchanged_change_is_refused() {
    is_refused(|run| drop(run.changes.remove(2)));
    is_refused(|run| run.changes.swap(2, 3));
}

#[test]
fn a_change_beyond_the_cap_is_too_large() {
    let run = heavy_run(1, 1, LARGEST_CHANGE + 1);
    assert_eq!(
        decode_run(&encode_run(&run)).unwrap_err(),
        IdentityError::TooLarge
    );
}

#[test]
fn a_later_version_is_too_new() {
    let mut bytes = encode_run(&visit(5, 1));
    bytes[0] = 1;
    assert_eq!(decode_run(&bytes).unwrap_err(), IdentityError::TooNew);
}

#[test]
fn a_backlog_is_divided_and_none_of_it_is_lost() {
    let runs = vec![visit(1, 3), heavy_run(2, 30, 1 << 20), visit(3, 3)];
    let pushes = plan_pushes(runs.clone());
    assert!(pushes.len() > 3);
    for run in pushes.iter().flatten() {
        comes_back(run);
    }
    let changes = |runs: Vec<Run>| {
        runs.into_iter()
            .flat_map(|run| run.changes)
            .collect::<Vec<_>>()
    };
    assert!(changes(pushes.concat()) == changes(runs));
}

#[test]
fn no_single_flipped_bit_is_taken_for_the_run() {
    let run = visit(6, 3);
    let bytes = encode_run(&run);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << bit;
            // A flipped operation makes another change with another hash: whoever signed the first did not sign it.
            assert!(
                decode_run(&bad).is_err() || decode_run(&bad).unwrap() != run,
                "byte {at} bit {bit}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = decode_run(&bytes);
    }

    #[test]
    fn no_mutated_run_panics(seed: u64, flips in 1..6_u64) {
        let mut random = Seeded(seed >> 8);
        let mut bytes = encode_run(&heavy_run(1, 3, 9));
        for _ in 0..flips {
            let at = usize::try_from(random.number(bytes.len() as u64)).unwrap();
            match random.number(3) {
                0 => bytes[at] = u8::try_from(random.number(256)).unwrap(),
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, 0xff),
            }
        }
        if let Ok(run) = decode_run(&bytes) {
            prop_assert!(decode_run(&encode_run(&run)).unwrap() == run);
        }
    }
}
