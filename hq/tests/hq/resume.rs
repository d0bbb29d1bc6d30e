//! A process that dies at any point goes on from what is on disk.

use mooring_casefile::Role;
use mooring_exchange::{Ended, MarkState, Refusal};

use crate::world::{World, at};

#[test]
fn a_restart_shows_what_was_there() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.interview(case, &["thoughts", "plan"], at(2));
    okafor.exchange(&world.hq, at(3));
    let session = world.psychiatrist(at(4));
    let before = world.hq.case(&session, case, at(4)).unwrap();
    let world = world.restart(at(5));
    let after = world.hq.look_case(&session, case, at(5)).unwrap();
    assert_eq!(after.version, before.version);
    assert_eq!(
        after.shown, before.shown,
        "the same page under the same name"
    );
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}

#[test]
fn what_waited_before_a_restart_is_merged_after_it() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.interview(case, &["thoughts"], at(2));
    let first = okafor.unsent.remove(0);
    okafor.exchange(&world.hq, at(3));
    let world = world.restart(at(4));
    okafor.unsent = vec![first];
    okafor.exchange(&world.hq, at(5));
    okafor.exchange(&world.hq, at(6));
    assert!(
        okafor
            .fates
            .values()
            .all(|mark| mark.state == MarkState::Merged)
    );
    let session = world.psychiatrist(at(7));
    assert_eq!(
        world.hq.case(&session, case, at(7)).unwrap().version.field,
        okafor.cases[&case].version().field
    );
}

#[test]
fn a_phone_that_pulled_what_a_restored_hq_lost_misses_nothing_that_comes_after() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let mut brandt = world.phone("L. Brandt", Role::Responder, at(0));
    let mut ito = world.phone("M. Ito", Role::Responder, at(0));
    brandt.exchange(&world.hq, at(1));
    let (world, backup) = world.backed_up(at(2));
    for minute in 3..6 {
        okafor.new_case("lost at HQ", at(minute));
        okafor.exchange(&world.hq, at(minute));
    }
    brandt.exchange(&world.hq, at(6));
    let world = world.restored(&backup, at(7));
    let case = ito.new_case("after the restore", at(8));
    ito.exchange(&world.hq, at(8));
    brandt.exchange(&world.hq, at(9));
    assert!(brandt.cases.contains_key(&case));
}

#[test]
fn a_folder_whose_keys_are_gone_is_left_as_it_is() {
    let world = World::new();
    let folder = world.folder;
    drop(world.hq);
    let (keys, aside) = (folder.path().join("keys"), folder.path().join("elsewhere"));
    std::fs::rename(&keys, &aside).unwrap();
    let opened = mooring_hq::Headquarters::open_as(
        folder.path(),
        crate::world::setup(),
        at(1),
        Box::new(crate::world::Seeded(5)),
    );
    assert_eq!(opened.err(), Some(mooring_hq::OpenError::KeysMissing));
    assert!(!keys.exists(), "nothing was made anew over the old ledger");
}

/// Lets the ledger refuse one kind of write, as a disk that fills up at the wrong moment does.
fn refuse(world: &World, trigger: Option<&str>) {
    let key = std::fs::read(world.folder.path().join("keys/ledger.key")).unwrap();
    let key = mooring_casefile::ChangeId::new(key[1..].try_into().unwrap());
    let ledger = rusqlite::Connection::open(world.folder.path().join("ledger.db")).unwrap();
    ledger
        .execute_batch(&format!(
            "PRAGMA key = \"x'{key}'\"; DROP TRIGGER IF EXISTS refuses;"
        ))
        .unwrap();
    if let Some(when) = trigger {
        let sql = format!("CREATE TRIGGER refuses {when} BEGIN SELECT RAISE(ABORT, 'full'); END");
        ledger.execute_batch(&sql).unwrap();
    }
}

#[test]
fn a_process_that_dies_between_append_and_merge_merges_at_its_next_start() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let mut brandt = world.phone("L. Brandt", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.interview(case, &["thoughts"], at(2));
    refuse(&world, Some("BEFORE UPDATE OF state ON run"));
    let summary = okafor.exchange(&world.hq, at(3));
    assert_eq!(
        summary.receipts, 1,
        "it is on disk, and receipted as received"
    );
    assert!(
        okafor
            .fates
            .values()
            .all(|mark| mark.state == MarkState::Received)
    );
    brandt.exchange(&world.hq, at(3));
    assert!(brandt.cases.is_empty());
    refuse(&world, None);
    let world = world.restart(at(4));
    okafor.exchange(&world.hq, at(5));
    assert!(
        okafor
            .fates
            .values()
            .all(|mark| mark.state == MarkState::Merged)
    );
    brandt.exchange(&world.hq, at(5));
    assert_eq!(brandt.cases[&case].version(), okafor.cases[&case].version());
}

#[test]
fn a_push_that_the_disk_refuses_is_not_receipted_and_not_lost() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    let push = okafor.seal(at(1));
    refuse(&world, Some("BEFORE INSERT ON run"));
    let refused = okafor.exchange_push(&world.hq, push.clone(), at(2));
    assert_eq!(refused.ended, Ended::Refused(Refusal::TryLater));
    assert!(okafor.receipts.is_empty());
    refuse(&world, None);
    okafor.exchange_push(&world.hq, push, at(3));
    assert_eq!(okafor.receipts.len(), 1);
    let session = world.psychiatrist(at(4));
    assert!(world.hq.case(&session, case, at(4)).is_ok());
}

#[test]
fn a_review_that_the_disk_refuses_is_not_shown_as_signed() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.exchange(&world.hq, at(1));
    let by = world.psychiatrist(at(2));
    let shown = world.hq.case(&by, case, at(2)).unwrap().shown;
    let form = mooring_hq::ReviewForm {
        impression: "steady".into(),
        ..Default::default()
    };
    let sign = mooring_hq::Sign {
        shown,
        older: false,
        form,
    };
    refuse(&world, Some("BEFORE INSERT ON run"));
    assert!(world.hq.sign(&by, case, &sign, at(3)).is_err());
    assert!(
        world
            .hq
            .look_case(&by, case, at(3))
            .unwrap()
            .view
            .reviews
            .is_empty()
    );
    refuse(&world, None);
    assert!(world.hq.sign(&by, case, &sign, at(4)).is_ok());
    assert_eq!(
        world
            .hq
            .look_case(&by, case, at(5))
            .unwrap()
            .view
            .reviews
            .len(),
        1
    );
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}
