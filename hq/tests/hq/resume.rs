//! A process that dies at any point goes on from what is on disk.

use mooring_casefile::Role;
use mooring_exchange::MarkState;

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
