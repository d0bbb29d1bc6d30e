//! Whole cases at HQ: who may give them, broken glasses and their review, and what is left of a shredded one.

use mooring_casefile::{CaseId, Edit, Event, Now, RecordId, Role};
use mooring_exchange::{Access, MarkState};
use mooring_hq::Refused;

use crate::phone::Phone;
use crate::world::{World, at};

/// No such words stand anywhere else.
const CANARY: &str = "zebrafinch";

fn break_glass(phone: &mut Phone, case: CaseId, now: Now) -> RecordId {
    let id = phone.record(now);
    let edit = Edit::Event {
        id,
        kind: Event::BROKEN_GLASS.to_owned(),
        text: "he is on the bridge".to_owned(),
    };
    phone.edit(case, &edit, now);
    id
}

/// Okafor's case, which Brandt has read behind the glass.
fn broken() -> (World, CaseId, RecordId) {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let mut brandt = world.phone("L. Brandt", Role::Supervisor, at(0));
    let case = okafor.new_case(&format!("M., 34 {CANARY}"), at(1));
    okafor.exchange(&world.hq, at(2));
    brandt.exchange(&world.hq, at(3));
    let glass = break_glass(&mut brandt, case, at(4));
    brandt.exchange(&world.hq, at(5));
    (world, case, glass)
}

#[track_caller]
fn check_refused(done: Result<(), Refused>, code: &str) {
    assert_eq!(done.unwrap_err().code(), code);
}

#[test]
fn a_broken_glass_waits_for_a_supervisor_other_than_who_broke_it() {
    let (world, case, glass) = broken();
    let doctor = world.psychiatrist(at(6));
    let waiting = world.hq.glasses(&doctor, at(6)).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].name.as_str(), waiting[0].reason.as_str()),
        ("L. Brandt", "he is on the bridge")
    );
    assert!(waiting[0].review.is_none());
    let brandt = world.sign_in("L. Brandt", at(6)).session;
    let review = |by, word| world.hq.review_glass(by, case, glass, word, at(7));
    check_refused(review(&brandt, "all well"), "forbidden");
    world.add("C. Roy", Role::Clinician);
    let roy = world.sign_in("C. Roy", at(6)).session;
    check_refused(review(&roy, "all well"), "forbidden");
    world.add("S. Moe", Role::Supervisor);
    let moe = world.sign_in("S. Moe", at(6)).session;
    check_refused(review(&moe, " "), "invalid");
    review(&moe, "right so").unwrap();
    check_refused(review(&moe, "once more"), "invalid");
    let reviewed = world.hq.glasses(&moe, at(8)).unwrap();
    let said = reviewed[0].review.as_ref().unwrap();
    assert_eq!(
        (said.by.as_str(), said.word.as_str()),
        ("S. Moe", "right so")
    );
    let told: Vec<_> = world.hq.broken_glasses(at(9)).unwrap();
    assert_eq!(told[0].review.as_ref().unwrap().word, "right so");
}

#[test]
fn a_new_glass_comes_before_those_that_were_reviewed() {
    let (world, case, glass) = broken();
    world.add("S. Moe", Role::Supervisor);
    let moe = world.sign_in("S. Moe", at(6)).session;
    world
        .hq
        .review_glass(&moe, case, glass, "right so", at(7))
        .unwrap();
    let mut ito = world.phone("M. Ito", Role::Responder, at(8));
    ito.exchange(&world.hq, at(8));
    let second = break_glass(&mut ito, case, at(9));
    ito.exchange(&world.hq, at(9));
    let order: Vec<_> = world.hq.glasses(&moe, at(10)).unwrap();
    let order: Vec<_> = order.iter().map(|one| one.glass).collect();
    assert_eq!(order, [second, glass]);
}

#[test]
fn who_gives_a_case_is_written_down_and_who_may_not_is_refused() {
    let (world, case, _) = broken();
    let okafor = world.hq.find_staff("J. Okafor").unwrap().id;
    world.add("D. Hale", Role::Dispatcher);
    let hale = world.sign_in("D. Hale", at(6)).session;
    let give = |by, access| world.hq.assign_case(by, case, okafor, access, at(7));
    give(&hale, Access::Ended).unwrap();
    world.add("A. Lyst", Role::Analyst);
    let lyst = world.sign_in("A. Lyst", at(6)).session;
    check_refused(give(&lyst, Access::Open), "forbidden");
    check_refused(give(&hale, Access::Shredded), "invalid");
    let page = world
        .hq
        .look_case(&world.psychiatrist(at(8)), case, at(8))
        .unwrap();
    let held: Vec<_> = page
        .holders
        .iter()
        .map(|one| (one.name.as_str(), one.access))
        .collect();
    let expected = [("L. Brandt", Access::Standby), ("J. Okafor", Access::Ended)];
    assert_eq!(held, expected);
}

#[test]
fn what_comes_late_for_a_shredded_case_is_receipted_held_and_never_readable() {
    let world = World::new();
    let mut okafor = world.phone("J. Okafor", Role::Responder, at(0));
    let case = okafor.new_case("M., 34", at(1));
    okafor.exchange(&world.hq, at(2));
    world.hq.shred(case, "asked for", at(3)).unwrap();
    okafor.interview(case, &["thoughts"], at(4));
    let other = okafor.new_case("K., 51", at(4));
    let summary = okafor.exchange(&world.hq, at(5));
    assert_eq!(summary.receipts, 1);
    okafor.exchange(&world.hq, at(6));
    let held = okafor.fates.iter().filter(|(key, _)| key.case == case);
    assert!(held.clone().count() > 0);
    assert!(
        held.clone()
            .all(|(_, mark)| mark.state == MarkState::Held(14))
    );
    let doctor = world.psychiatrist(at(7));
    assert_eq!(world.hq.queue(&doctor, at(7)).unwrap().rows.len(), 1);
    assert!(world.hq.case(&doctor, other, at(7)).is_ok());
    let world = world.restart(at(8));
    let doctor = world.psychiatrist(at(9));
    let looked = world.hq.case(&doctor, case, at(9));
    assert_eq!(looked.err().unwrap().code(), "shredded");
    assert_eq!(world.hq.queue(&doctor, at(9)).unwrap().rows.len(), 1);
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}

#[test]
fn an_operator_shreds_beside_the_server_and_the_server_shows_it_no_more() {
    let (world, case, _) = broken();
    let doctor = world.psychiatrist(at(6));
    let page = world.hq.case(&doctor, case, at(6)).unwrap();
    let typed = [("impression".to_owned(), CANARY.to_owned())].into();
    world.hq.save_draft(&doctor, case, &typed, at(6)).unwrap();
    let random = Box::new(mooring_identity::os_random());
    let beside =
        mooring_hq::Office::open(world.folder.path(), crate::world::setup(), at(7), random)
            .unwrap();
    check_refused(beside.shred(case, " ", at(7)), "invalid");
    beside.shred(case, "asked for", at(7)).unwrap();
    beside.shred(case, "asked for", at(7)).unwrap();
    assert_eq!(world.hq.all_cases(&doctor, at(8)).unwrap().rows.len(), 0);
    let shown = world.hq.shown_file(&doctor, case, page.shown, at(8));
    assert_eq!(shown.err().unwrap().code(), "shredded");
    assert!(world.hq.glasses(&doctor, at(8)).unwrap().is_empty());
    assert!(beside.broken_glasses(at(8)).unwrap().is_empty());
    let unknown = CaseId::derive(1, [9; 10]);
    check_refused(beside.shred(unknown, "asked for", at(8)), "not-found");
}
