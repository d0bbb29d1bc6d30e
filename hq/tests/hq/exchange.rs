//! The main road: enrol, push, merge, pull.

use mooring_casefile::{Half, Role};
use mooring_exchange::{Ended, Entry, MarkState};

use crate::world::{World, at};

#[test]
fn what_one_phone_writes_reaches_hq_and_the_other_phone() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let mut brandt = world.phone("L. Brandt", Role::Clinician, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.interview(case, &["thoughts", "intent"], at(2));
    let summary = okafor.exchange(&world.hq, at(3));
    assert_eq!((summary.ended, summary.receipts), (Ended::Finished, 1));
    assert!(
        okafor
            .fates
            .values()
            .all(|mark| mark.state == MarkState::Merged),
        "the answer says what became of it"
    );
    brandt.exchange(&world.hq, at(4));
    assert_eq!(brandt.cases[&case].version(), okafor.cases[&case].version());
    let session = world.psychiatrist(at(5));
    let page = world.hq.case(&session, case, at(5)).unwrap();
    assert_eq!(page.version.field, okafor.cases[&case].version().field);
}

#[test]
fn the_pull_names_the_verified_writer() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let mut brandt = world.phone("L. Brandt", Role::Clinician, at(0));
    okafor.new_case("M., 34", at(1));
    okafor.exchange(&world.hq, at(2));
    brandt.exchange(&world.hq, at(3));
    let writers = brandt.pulled.iter().filter_map(|entry| match &entry.entry {
        Entry::Run { who, .. } => Some(*who),
        _ => None,
    });
    assert_eq!(writers.collect::<Vec<_>>(), [okafor.who]);
}

#[test]
fn a_phone_pulls_the_protocols_the_directory_and_its_assignments() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    okafor.new_case("M., 34", at(1));
    okafor.exchange(&world.hq, at(2));
    okafor.exchange(&world.hq, at(3));
    let count = |is: fn(&Entry) -> bool| {
        okafor
            .pulled
            .iter()
            .filter(|entry| is(&entry.entry))
            .count()
    };
    assert_eq!(
        count(|entry| matches!(entry, Entry::Protocol { .. })),
        okafor.pack.0.len()
    );
    assert!(count(|entry| matches!(entry, Entry::Directory(_))) >= 1);
    assert_eq!(count(|entry| matches!(entry, Entry::Assignment(_))), 1);
}

#[test]
fn a_phone_that_enrols_later_gets_the_case_from_its_beginning() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.interview(case, &["thoughts"], at(2));
    okafor.exchange(&world.hq, at(3));
    let mut late = world.phone("P. Iyer", Role::Responder, at(10));
    okafor.interview(case, &["thoughts", "plan"], at(11));
    okafor.exchange(&world.hq, at(12));
    late.exchange(&world.hq, at(13));
    assert_eq!(late.cases[&case].version(), okafor.cases[&case].version());
}

#[test]
fn what_hq_writes_comes_with_the_next_exchange() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.exchange(&world.hq, at(2));
    let session = world.psychiatrist(at(3));
    world.hq.case(&session, case, at(3)).unwrap();
    okafor.exchange(&world.hq, at(4));
    let openings = okafor.cases[&case].view(&okafor.pack).openings;
    assert_eq!(
        openings
            .iter()
            .map(|stamp| stamp.who.person)
            .collect::<Vec<_>>(),
        [session.staff]
    );
}

#[test]
fn the_same_push_in_a_new_envelope_gets_its_receipt_again() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    okafor.new_case("M., 34", at(1));
    let push = okafor.seal(at(1)).unwrap();
    okafor.exchange_push(&world.hq, Some(push.clone()), at(2));
    okafor.exchange_push(&world.hq, Some(push), at(9));
    assert_eq!(okafor.receipts.len(), 2);
    assert_eq!(okafor.receipts[0], okafor.receipts[1]);
    assert_eq!(okafor.receipts[0].received_ms, at(2).wall_ms);
}

#[test]
fn a_long_backlog_comes_in_pages_and_is_all_there() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let mut brandt = world.phone("L. Brandt", Role::Clinician, at(0));
    for number in 0..180 {
        let case = okafor.new_case(&format!("case {number}"), at(1));
        okafor.start(case, crate::world::INTERVIEW, at(1));
        if number % 60 == 0 {
            okafor.exchange(&world.hq, at(2));
        }
    }
    okafor.exchange(&world.hq, at(2));
    let summary = brandt.exchange(&world.hq, at(3));
    assert_eq!(summary.ended, Ended::Finished);
    assert!(summary.requests > 1, "more than one page");
    assert_eq!(brandt.cases.len(), 180);
    for (case, file) in &okafor.cases {
        assert_eq!(brandt.cases[case].version(), file.version());
    }
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}

#[test]
fn a_run_that_builds_on_what_is_missing_waits_and_is_merged_when_it_comes() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.interview(case, &["thoughts"], at(2));
    let first = okafor.unsent.remove(0);
    let waiting = okafor.unsent.len();
    okafor.exchange(&world.hq, at(3));
    assert!(
        okafor
            .fates
            .values()
            .all(|mark| mark.state == MarkState::Waiting)
    );
    let session = world.psychiatrist(at(3));
    assert_eq!(
        world.hq.case(&session, case, at(3)).unwrap().held.len(),
        waiting
    );
    okafor.unsent = vec![first];
    okafor.exchange(&world.hq, at(4));
    okafor.exchange(&world.hq, at(5));
    assert!(
        okafor
            .fates
            .values()
            .all(|mark| mark.state == MarkState::Merged),
        "{:?}",
        okafor.fates
    );
    let page = world.hq.case(&session, case, at(6)).unwrap();
    assert_eq!(
        (page.held.len(), page.file.marks(Half::Field).len()),
        (0, 1)
    );
}
