//! Who holds which case: the team at once, others in standby behind glass, and nobody any more once it is over.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

use mooring_casefile::{CaseId, Role};
use mooring_device::{Dropped, Error, Forbidden, Next, Over};
use mooring_exchange::Access;
use mooring_hq::{NewAdvice, Refused, Session};
use mooring_tests::{Phone, World, doctor, settle_all};

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;
const BEHIND_GLASS: Error = Error::Forbidden(Forbidden::Standby);
const ENDED: Error = Error::Forbidden(Forbidden::Ended);

/// Ana's and Ben's phones, and a case of Ana's in which she has asked about suicide.
fn anas_case(seed: u64) -> (World, CaseId) {
    let mut world = World::with_phones(seed, &[Role::Responder, Role::Peer]);
    settle_all(&mut world);
    let (ana, now) = world.phone(0);
    let case = ana.device().new_case("M., 34", None, now).unwrap();
    let interview = ana.start(case, "suicide-risk-interview", now);
    ana.say(case, interview, "thoughts", true, now);
    ana.say(case, interview, "plan", true, now);
    settle_all(&mut world);
    (world, case)
}

fn supervisor(world: &World) -> Session {
    world.add_staff("S. Moe", Role::Supervisor);
    world.sign_in("S. Moe")
}

/// How a phone shows a case: not at all, behind glass, or in full.
fn seen(world: &mut World, number: usize, case: CaseId) -> &'static str {
    let (phone, now) = world.phone(number);
    let now = phone.now(now);
    let listed = phone.device().list(now).unwrap();
    let row = listed.into_iter().find(|row| row.case == case);
    let shown = phone.device().show(case, now);
    match (row, shown) {
        (None, Err(_)) => "nothing",
        (Some(row), Err(error)) if row.standby && error == BEHIND_GLASS => "glass",
        (Some(row), Ok(_)) if !row.standby => "all",
        (_, shown) => panic!("{:?}", shown.err()),
    }
}

fn give(world: &World, by: &Session, case: CaseId, number: usize, access: Access) {
    let person = world.phones[number].person;
    world
        .hq()
        .assign_case(by, case, person, access, world.now())
        .unwrap();
}

/// Everything that the phone wrote is at HQ, merged.
fn all_is_at_hq(world: &mut World, number: usize, case: CaseId) -> bool {
    let (phone, now) = world.phone(number);
    phone.show(case, now).sync.unsent == 0
}

#[test]
fn the_creator_holds_a_case_in_full_and_others_who_go_out_in_standby() {
    let (mut world, case) = anas_case(1);
    assert_eq!(seen(&mut world, 0, case), "all");
    assert_eq!(seen(&mut world, 1, case), "glass");
    let late = world.add_phone(Role::Responder);
    settle_all(&mut world);
    assert_eq!(seen(&mut world, late, case), "glass");
}

#[test]
fn whom_the_team_adds_holds_it_in_full_and_so_does_every_later_phone_of_theirs() {
    let (mut world, case) = anas_case(2);
    let ben = world.phones[1].person;
    let (ana, now) = world.phone(0);
    let added = ana.device().add_to_team(case, ben, now).unwrap();
    assert_eq!(added.changes.len(), 1);
    let again = ana.device().add_to_team(case, ben, now).unwrap();
    assert_eq!(again.changes.len(), 0, "is of it already");
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 1, case), "all");
    let second = world.add_phone_of(ben);
    settle_all(&mut world);
    assert_eq!(seen(&mut world, second, case), "all");
}

#[test]
fn a_stranger_can_not_be_added_and_who_only_broke_the_glass_adds_nobody() {
    let (mut world, case) = anas_case(3);
    let stranger = mooring_casefile::PersonId::new([9; 16]);
    let (ana, now) = world.phone(0);
    let refused = ana.device().add_to_team(case, stranger, now);
    assert_eq!(refused.unwrap_err().code(), 146);
    let ben_is = world.phones[1].person;
    let (ben, now) = world.phone(1);
    ben.device().break_glass(case, "met him", now).unwrap();
    let refused = ben.device().add_to_team(case, ben_is, now);
    assert_eq!(
        refused.unwrap_err(),
        Error::Forbidden(Forbidden::NotOfTheTeam)
    );
}

#[test]
fn what_standby_shows_is_the_name_and_what_is_dangerous() {
    let (mut world, case) = anas_case(4);
    let (ana, now) = world.phone(0);
    let facts = ana.start(case, "visit-facts", now);
    let means = serde_json::json!([{ "valueCoding": { "system": "urn:mooring:answers:visit-facts", "code": "height" } }]);
    ana.answer(case, facts, "means", means, now);
    settle_all(&mut world);
    let (ben, now) = world.phone(1);
    let card = ben.device().standby_card(case, now).unwrap();
    assert_eq!(card.title, "M., 34");
    assert_eq!(card.hazards.len(), 1, "{:?}", card.hazards);
    let row = ben.device().list(now).unwrap().remove(0);
    assert_eq!(
        (row.level_token.as_str(), row.contested),
        ("standby", false)
    );
    for refused in [
        ben.device().show(case, now).err(),
        ben.device().start(case, "visit-facts", now).err(),
        ben.device().note_event(case, "on-scene", "", now).err(),
        ben.device().ask(case, "how?", None, now).err(),
        ben.device().close_case(case, "over", now).err(),
    ] {
        assert_eq!(refused, Some(BEHIND_GLASS));
    }
}

#[test]
fn the_glass_opens_that_case_alone_for_four_hours_and_a_supervisor_hears_why() {
    let (mut world, case) = anas_case(5);
    let (ana, now) = world.phone(0);
    let other = ana.device().new_case("K., 51", None, now).unwrap();
    settle_all(&mut world);
    let (ben, now) = world.phone(1);
    ben.link.up = false;
    let silent = ben.device().break_glass(case, " ", now).unwrap_err();
    assert_eq!(silent.code(), 151);
    ben.device()
        .break_glass(case, "he is on the bridge", now)
        .unwrap();
    assert_eq!(seen(&mut world, 1, case), "all");
    assert_eq!(seen(&mut world, 1, other), "glass");
    world.pass_s(4 * HOUR_S - 2);
    let (ben, now) = world.phone(1);
    ben.device().tick(now).unwrap();
    ben.unlock(now);
    assert_eq!(seen(&mut world, 1, case), "all");
    world.pass_s(3);
    assert_eq!(seen(&mut world, 1, case), "glass");

    settle_all(&mut world);
    let moe = supervisor(&world);
    let glasses = world.hq().glasses(&moe, world.now()).unwrap();
    let said: Vec<_> = glasses
        .iter()
        .map(|one| (one.case, one.person, one.reason.as_str()))
        .collect();
    let ben_is = world.phones[1].person;
    assert_eq!(said, [(case, ben_is, "he is on the bridge")]);
}

#[test]
fn a_new_start_of_the_app_closes_the_glass_again() {
    let (mut world, case) = anas_case(6);
    let (ben, now) = world.phone(1);
    ben.device().break_glass(case, "met him", now).unwrap();
    ben.kill();
    ben.reopen(now);
    assert_eq!(seen(&mut world, 1, case), "glass");
}

#[test]
fn what_is_written_behind_a_broken_glass_is_merged_as_ever_and_lost_by_nobody() {
    let (mut world, case) = anas_case(7);
    let (ben, now) = world.phone(1);
    ben.link.up = false;
    ben.device().break_glass(case, "met him", now).unwrap();
    let facts = ben.start(case, "suicide-risk-interview", now);
    ben.say(case, facts, "wish", true, now);
    world.pass_s(5 * HOUR_S);
    assert_eq!(seen(&mut world, 1, case), "glass");
    settle_all(&mut world);
    let (ana, now) = world.phone(0);
    let view = ana.show(case, now).view;
    assert!(view.assessment(facts).is_some(), "Ana has what Ben wrote");
    let reyes = doctor(&world);
    let page = world.hq().case(&reyes, case, world.now()).unwrap();
    assert!(page.view.assessment(facts).is_some(), "and HQ");
}

#[test]
fn advice_counts_as_delivered_only_where_somebody_can_read_it() {
    let (mut world, case) = anas_case(8);
    let reyes = doctor(&world);
    let page = world.hq().case(&reyes, case, world.now()).unwrap();
    let advice = NewAdvice {
        shown: page.shown,
        text: "Stay with him.".into(),
        expires_ms: None,
        replaces: None,
    };
    world
        .hq()
        .send_advice(&reyes, case, &advice, world.now())
        .unwrap();
    settle_all(&mut world);
    let delivered_to = |world: &World| {
        let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
        let marks = page.view.advice[0].marks.iter();
        marks.map(|(_, stamp)| stamp.who.person).collect::<Vec<_>>()
    };
    let (ana, ben) = (world.phones[0].person, world.phones[1].person);
    assert_eq!(delivered_to(&world), [ana]);
    give(&world, &reyes, case, 1, Access::Open);
    settle_all(&mut world);
    assert_eq!(delivered_to(&world), [ana, ben]);
}

#[test]
fn hq_gives_and_ends_a_case_and_the_last_word_counts() {
    let (mut world, case) = anas_case(9);
    let reyes = doctor(&world);
    for (access, expected) in [
        (Access::Open, "all"),
        (Access::Standby, "glass"),
        (Access::Open, "all"),
        (Access::Ended, "nothing"),
        (Access::Standby, "glass"),
        (Access::Open, "all"),
    ] {
        give(&world, &reyes, case, 1, access);
        settle_all(&mut world);
        assert_eq!(seen(&mut world, 1, case), expected);
    }
    let (ana, now) = world.phone(0);
    let ana = ana.show(case, now).view.version;
    let (ben, now) = world.phone(1);
    assert_eq!(ben.show(case, now).view.version.field, ana.field);
}

#[test]
fn what_hq_ended_is_not_given_again_by_what_arrives() {
    let (mut world, case) = anas_case(10);
    let ben = world.phones[1].person;
    let (ana, now) = world.phone(0);
    ana.device().add_to_team(case, ben, now).unwrap();
    settle_all(&mut world);
    let reyes = doctor(&world);
    give(&world, &reyes, case, 1, Access::Ended);
    let (ana, now) = world.phone(0);
    ana.device().note_event(case, "on-scene", "", now).unwrap();
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 1, case), "nothing");
    world.kill_hq();
    world.start_hq();
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 1, case), "nothing");
}

#[test]
fn what_hq_lacks_is_kept_unread_until_hq_has_it_and_only_then_dropped() {
    let (mut world, case) = anas_case(11);
    let ben = world.phones[1].person;
    let (ana, now) = world.phone(0);
    ana.device().add_to_team(case, ben, now).unwrap();
    settle_all(&mut world);
    let reyes = doctor(&world);
    give(&world, &reyes, case, 1, Access::Ended);
    // Ben writes while HQ's answer is on its way.
    let (ben, now) = world.phone(1);
    let Next::Send(request) = ben.device().begin_exchange(now).unwrap() else {
        panic!("it has to ask first");
    };
    ben.device().note_event(case, "on-scene", "", now).unwrap();
    let reply = world.hq().exchange(&request, now).bytes;
    let (ben, now) = world.phone(1);
    let Next::Done(done) = ben.device().exchange_reply(reply, now).unwrap() else {
        panic!("one page is all there is");
    };
    assert_eq!(done.dropped, []);
    assert_eq!(ben.device().only_here(now).unwrap(), 1);
    assert_eq!(ben.device().show(case, now).err(), Some(ENDED));
    assert_eq!(ben.device().tick(now).unwrap().dropped, []);
    let dropped = Dropped {
        case,
        why: Over::Ended,
    };
    assert_eq!(world.exchange(1).dropped, [dropped]);
    let (ben, now) = world.phone(1);
    assert_eq!(ben.device().show(case, now).err(), Some(ENDED));
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    assert_eq!(page.view.events.len(), 2, "the team, and on scene");
}

fn close(phone: &mut Phone, case: CaseId, now: mooring_casefile::Now) {
    phone
        .device()
        .close_case(case, "at home with her sister", now)
        .unwrap();
}

#[test]
fn a_closed_case_leaves_the_phones_after_two_weeks_and_comes_back_when_it_is_given() {
    let (mut world, case) = anas_case(12);
    let (ana, now) = world.phone(0);
    close(ana, case, now);
    settle_all(&mut world);
    world.pass_s(13 * DAY_S);
    world.hq().tick(world.now()).unwrap();
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 0, case), "all");
    world.pass_s(2 * DAY_S);
    world.hq().tick(world.now()).unwrap();
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 0, case), "nothing");
    assert_eq!(seen(&mut world, 1, case), "nothing");
    let late = world.add_phone(Role::Responder);
    settle_all(&mut world);
    assert_eq!(seen(&mut world, late, case), "nothing");

    let reyes = doctor(&world);
    give(&world, &reyes, case, 0, Access::Open);
    settle_all(&mut world);
    world.hq().tick(world.now()).unwrap();
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 0, case), "all");
    let (ana, now) = world.phone(0);
    assert!(ana.show(case, now).view.created.is_some());
}

#[test]
fn a_case_that_nobody_closed_or_that_was_opened_again_stays() {
    let (mut world, case) = anas_case(13);
    let (ana, now) = world.phone(0);
    let other = ana.device().new_case("K., 51", None, now).unwrap();
    close(ana, case, now);
    ana.device().note_event(case, "called", "", now).unwrap();
    settle_all(&mut world);
    world.pass_s(60 * DAY_S);
    world.hq().tick(world.now()).unwrap();
    settle_all(&mut world);
    assert_eq!(seen(&mut world, 0, case), "all");
    assert_eq!(seen(&mut world, 0, other), "all");
}

#[test]
fn a_shredded_case_is_gone_at_hq_and_on_every_phone_and_nothing_brings_it_back() {
    let (mut world, case) = anas_case(14);
    let (ana, now) = world.phone(0);
    let other = ana.device().new_case("K., 51", None, now).unwrap();
    settle_all(&mut world);
    let reyes = doctor(&world);
    world.hq().case(&reyes, case, world.now()).unwrap();
    let (ana, now) = world.phone(0);
    ana.device().note_event(case, "on-scene", "", now).unwrap();
    world
        .hq()
        .shred(case, "asked for it in writing", world.now())
        .unwrap();
    let looked = world.hq().look_case(&reyes, case, world.now());
    assert!(matches!(looked.err(), Some(Refused::Shredded { .. })));
    let queue = world.hq().all_cases(&reyes, world.now()).unwrap();
    assert_eq!(queue.rows.len(), 1);
    assert_eq!(queue.shredded.len(), 1);

    // Ana's phone learns of it with the exchange in which it pushes; what it had not sent goes too, and it says so.
    let exchanged = world.exchange(0);
    assert_eq!(exchanged.dropped.len(), 1);
    assert!(matches!(exchanged.dropped[0].why, Over::Shredded { .. }));
    let ben = world.exchange(1).dropped;
    let why = Over::Shredded { unsent: 0 };
    assert_eq!(ben, [Dropped { case, why }]);
    settle_all(&mut world);
    for number in 0..2 {
        assert_eq!(seen(&mut world, number, case), "nothing");
    }
    assert!(all_is_at_hq(&mut world, 0, other), "the other is whole");
    world.kill_hq();
    world.start_hq();
    settle_all(&mut world);
    let looked = world.hq().look_case(&reyes, case, world.now());
    assert!(matches!(looked.err(), Some(Refused::Shredded { .. })));
    assert_eq!(world.hq().rebuild(), Ok(vec![]));
    assert_eq!(world.hq().rebuild_from_log().unwrap().differ, []);
    let late = world.add_phone(Role::Responder);
    settle_all(&mut world);
    assert_eq!(seen(&mut world, late, case), "nothing");
    assert_eq!(seen(&mut world, late, other), "glass");
}
