//! A push is signed once and taken run by run.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of a test stop it where they fail"
)]

mod common;

use common::{AGENCY, NOW_MS, PHONE, Seeded, chunk, heavy_run, key, visit};
use mooring_casefile::{Actor, ChangeId, DeviceId, Half, Run};
use mooring_exchange::*;
use mooring_identity::{AgencyId, IdentityError, MerkleTree, leaf_hash};
use proptest::prelude::*;

fn draft() -> PushDraft {
    PushDraft {
        agency: AGENCY,
        device: PHONE,
        epoch: 0,
        dev_seq: 1,
        prev: [0; 32],
        created_ms: NOW_MS,
    }
}

fn seal(runs: &[Run]) -> SealedPush {
    SealedPush::make(&draft(), runs, &key(1), &mut Seeded(1)).unwrap()
}

fn open(bytes: &[u8]) -> Result<OpenedPush, IdentityError> {
    open_push(bytes, AGENCY, PHONE, &key(1).verify_key())
}

#[test]
fn every_run_of_a_push_arrives() {
    let runs = [visit(1, 10), visit(2, 3), heavy_run(3, 2, 100)];
    let opened = open(seal(&runs).bytes()).unwrap();
    let arrived: Vec<_> = opened
        .runs
        .iter()
        .map(|arrived| arrived.run.clone())
        .collect();
    assert!(arrived == runs && opened.refused.is_empty());
}

#[test]
fn one_run_can_be_proved_by_its_salt_and_path_alone() {
    let opened = open(seal(&[visit(1, 2), visit(2, 2), visit(3, 2)]).bytes()).unwrap();
    let leaves: Vec<_> = opened
        .runs
        .iter()
        .map(|run| leaf_hash(&run.salt, &run.header.encode()))
        .collect();
    let proof = MerkleTree::new(leaves.clone()).proof(1).unwrap();
    assert_eq!(proof.root(&leaves[1]), Ok(opened.header.statement().root));
    assert_ne!(proof.root(&leaves[0]), Ok(opened.header.statement().root));
}

/// The bad run is refused for this reason, and the two beside it are taken.
#[track_caller]
fn refused_alone(bad: &Run, fault: RunFault) {
    let runs = [visit(1, 4), bad.clone(), visit(2, 4)];
    let opened = open(seal(&runs).bytes()).unwrap();
    let arrived: Vec<_> = opened
        .runs
        .iter()
        .map(|arrived| arrived.run.clone())
        .collect();
    assert!(arrived == [runs[0].clone(), runs[2].clone()]);
    let RefusedRun {
        key,
        first_seq,
        last_seq,
        fault: said,
    } = opened.refused[0];
    assert_eq!(
        (key, first_seq, last_seq, said),
        (RunKey::of(bad), bad.first_seq, bad.last_seq, fault)
    );
}

#[test]
fn a_run_for_hqs_half_is_refused_alone() {
    refused_alone(
        &Run {
            half: Half::Hq,
            ..visit(3, 2)
        },
        RunFault::ForeignHalf,
    );
}

#[test]
fn a_damaged_run_is_refused_alone() {
    let mut run = visit(3, 2);
    run.changes[1].truncate(30);
    refused_alone(&run, RunFault::Malformed);
}

#[test]
fn a_run_of_anything_else_than_changes_is_refused_alone() {
    refused_alone(
        &Run {
            changes: vec![b"hello".to_vec(); 4],
            ..visit(3, 2)
        },
        RunFault::Malformed,
    );
}

#[test]
fn a_run_under_another_actor_is_refused_alone() {
    refused_alone(
        &Run {
            actor: Actor::new([9; 16]),
            ..visit(3, 2)
        },
        RunFault::Malformed,
    );
}

#[test]
fn a_run_that_lies_about_its_last_hash_is_refused_alone() {
    refused_alone(
        &Run {
            last: ChangeId::new([9; 32]),
            ..visit(3, 2)
        },
        RunFault::Malformed,
    );
}

#[test]
fn a_run_with_a_change_beyond_the_cap_is_refused_alone() {
    refused_alone(&heavy_run(3, 1, LARGEST_CHANGE + 1), RunFault::TooLarge);
}

#[test]
fn a_run_with_impossible_numbers_makes_no_push() {
    let run = Run {
        first_seq: 9,
        last_seq: 1,
        ..visit(3, 2)
    };
    assert_eq!(
        SealedPush::make(&draft(), &[run], &key(1), &mut Seeded(1)),
        Err(PackError::TooLarge)
    );
    assert_eq!(
        SealedPush::make(&draft(), &[], &key(1), &mut Seeded(1)),
        Err(PackError::Empty)
    );
}

#[track_caller]
fn as_a_whole(bytes: &[u8], error: IdentityError) {
    assert_eq!(open(bytes).unwrap_err(), error);
}

#[test]
fn another_device_agency_or_key_opens_nothing() {
    let push = seal(&[visit(1, 1)]);
    let open = |agency, device, seed| {
        open_push(push.bytes(), agency, device, &key(seed).verify_key()).map(drop)
    };
    assert_eq!(open(AGENCY, PHONE, 2), Err(IdentityError::Forged));
    assert_eq!(
        open(AGENCY, DeviceId::new([2; 16]), 1),
        Err(IdentityError::WrongAddressee)
    );
    assert_eq!(
        open(AgencyId([1; 32]), PHONE, 1),
        Err(IdentityError::WrongAddressee)
    );
    assert_eq!(open(AGENCY, PHONE, 1), Ok(()));
}

#[test]
fn a_later_version_is_too_new() {
    let mut bytes = seal(&[visit(1, 1)]).bytes().to_vec();
    bytes[0] = 1;
    as_a_whole(&bytes, IdentityError::TooNew);
}

#[test]
fn the_runs_of_another_push_under_this_signature_are_forged() {
    let (one, two) = (seal(&[visit(1, 2)]), seal(&[visit(2, 2)]));
    // Both headers have the same length, so that what follows them can be exchanged.
    let head = 1 + 2 + 1 + 2 + 136 + 64;
    let mixed = [&one.bytes()[..head], &two.bytes()[head..]].concat();
    as_a_whole(&mixed, IdentityError::Forged);
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    let bytes = seal(&[visit(1, 2), visit(2, 1)]).bytes().to_vec();
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1 << (at % 8);
        let refused = open(&bad).map_or(true, |opened| {
            // Some of zstd's own header bits mean nothing to what comes out.
            opened
                .runs
                .iter()
                .map(|run| run.run.clone())
                .collect::<Vec<_>>()
                == [visit(1, 2), visit(2, 1)]
        });
        assert!(refused, "byte {at}");
    }
}

#[test]
fn the_hash_of_a_push_names_every_field_of_its_header() {
    let (push, base) = (seal(&[visit(1, 1)]), draft());
    let others = [
        PushDraft { epoch: 1, ..base },
        PushDraft { dev_seq: 2, ..base },
        PushDraft {
            prev: [1; 32],
            ..base
        },
        PushDraft {
            created_ms: 1,
            ..base
        },
        PushDraft {
            device: DeviceId::new([2; 16]),
            ..base
        },
    ];
    for other in others {
        let other = SealedPush::make(&other, &[visit(1, 1)], &key(1), &mut Seeded(1)).unwrap();
        assert_ne!(other.header().hash(), push.header().hash());
    }
    assert_eq!(SealedPush::parse(push.bytes().to_vec()).unwrap(), push);
}

#[test]
fn a_few_bytes_cannot_ask_for_millions_of_changes() {
    let (bytes, last) = chunk([1; 16], 1, &[], &[0; 4]);
    let run = Run {
        actor: Actor::new([1; 16]),
        last,
        changes: vec![bytes],
        ..heavy_run(1, 1, 4)
    };
    let many = Run {
        last_seq: 3_000_000,
        ..run
    };
    assert_eq!(
        SealedPush::make(&draft(), &[many], &key(1), &mut Seeded(1)),
        Err(PackError::TooLarge)
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = open(&bytes);
        let _ = SealedPush::parse(bytes.clone());
        let _ = Request::parse(&bytes);
        let _ = Reply::parse(&bytes);
        let _ = Page::parse(&bytes);
    }

    #[test]
    fn no_mutated_body_panics(seed: u64) {
        let mut random = Seeded(seed >> 8);
        let request = Request { cursor: 5, ask: vec![RunKey::of(&heavy_run(1, 1, 1))], ..Request::default() };
        let page = Page { after: 1, until: 2, entries: vec![PageEntry { cursor: 2, entry: Entry::Directory(vec![1]) }] };
        for mut bytes in [request.encode(), page.encode(), Reply::Refused(Refusal::TryLater).encode()] {
            let at = usize::try_from(random.number(bytes.len() as u64)).unwrap();
            bytes[at] = u8::try_from(random.number(256)).unwrap();
            let _ = Request::parse(&bytes);
            let _ = Page::parse(&bytes);
            let _ = Reply::parse(&bytes);
        }
    }
}
