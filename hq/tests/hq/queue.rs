//! The queue's order on real cases, and what brings a case into it.

use std::collections::BTreeMap;

use mooring_casefile::{Edit, Role};
use mooring_hq::{NewAdvice, Session};

use crate::phone::Phone;
use crate::world::{INTERVIEW, World, at};

fn world() -> (World, Phone) {
    let world = World::new();
    let phone = world.phone("J. Okafor", Role::Responder, at(0));
    (world, phone)
}

fn titles(world: &World, by: &Session, minute: i64) -> Vec<String> {
    world
        .hq
        .queue(by, at(minute))
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.title)
        .collect()
}

#[test]
fn the_worst_comes_first_then_who_asks_from_the_scene_then_unfinished_then_longest_waiting() {
    let (world, mut phone) = world();
    let finished: [(&str, &[&str]); 5] = [
        ("low", &["wish"]),
        ("high, first", &["thoughts", "plan"]),
        ("high, second", &["thoughts", "plan"]),
        ("high, asks", &["thoughts", "plan"]),
        ("imminent", &["act-now"]),
    ];
    let mut cases = BTreeMap::new();
    for (minute, (title, yes)) in (1..).zip(finished) {
        let case = phone.new_case(title, at(minute));
        phone.interview(case, yes, at(minute));
        phone.exchange(&world.hq, at(minute));
        cases.insert(title, case);
    }
    let unfinished = phone.new_case("not yet known", at(7));
    phone.start(unfinished, INTERVIEW, at(7));
    let half_way = phone.new_case("at least high", at(7));
    let assessment = phone.start(half_way, INTERVIEW, at(7));
    phone.answer(half_way, assessment, "thoughts", true, at(7));
    phone.answer(half_way, assessment, "plan", true, at(7));
    let id = phone.record(at(7));
    phone.edit(
        cases["high, asks"],
        &Edit::Ask {
            id,
            question: "home tonight?".into(),
            call_back: None,
        },
        at(7),
    );
    phone.exchange(&world.hq, at(8));
    let by = world.psychiatrist(at(9));
    let order = [
        "imminent",
        "high, asks",
        "at least high",
        "high, first",
        "high, second",
        "not yet known",
        "low",
    ];
    assert_eq!(titles(&world, &by, 9), order);
    let id = phone.record(at(10));
    phone.edit(
        cases["high, asks"],
        &Edit::Event {
            id,
            kind: "left-scene".into(),
            text: String::new(),
        },
        at(10),
    );
    phone.exchange(&world.hq, at(10));
    let after = titles(&world, &by, 11);
    assert_eq!(
        after[1], "at least high",
        "a team that left no longer comes first"
    );
}

#[test]
fn an_assessment_that_is_unfinished_for_twenty_minutes_is_flagged() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(0));
    let assessment = phone.start(case, INTERVIEW, at(1));
    phone.answer(case, assessment, "wish", false, at(1));
    phone.exchange(&world.hq, at(2));
    let by = world.psychiatrist(at(3));
    let unfinished = |minute| {
        world
            .hq
            .queue(&by, at(minute))
            .unwrap()
            .rows
            .remove(0)
            .unfinished
            .unwrap()
    };
    assert_eq!(
        (unfinished(20).flagged, unfinished(20).answered),
        (false, 1)
    );
    assert!(unfinished(21).flagged);
}

#[test]
fn a_question_is_open_until_somebody_who_had_it_answers() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.exchange(&world.hq, at(1));
    let by = world.psychiatrist(at(2));
    let before = world.hq.case(&by, case, at(2)).unwrap().shown;
    let id = phone.record(at(3));
    let ask = Edit::Ask {
        id,
        question: "home tonight?".into(),
        call_back: Some("555 0163".into()),
    };
    phone.edit(case, &ask, at(3));
    phone.exchange(&world.hq, at(3));
    let asks = || world.hq.look_case(&by, case, at(9)).unwrap().row.asks.len();
    let advise = |shown| {
        let advice = NewAdvice {
            shown,
            text: "Stay with her.".into(),
            expires_ms: None,
            replaces: None,
        };
        world.hq.send_advice(&by, case, &advice, at(4)).unwrap();
    };
    assert_eq!(asks(), 1);
    advise(before);
    assert_eq!(asks(), 1, "that page did not show the question yet");
    let after = world.hq.look_case(&by, case, at(5)).unwrap().shown;
    advise(after);
    assert_eq!(asks(), 0);
}

#[test]
fn a_reload_writes_no_second_opening() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.exchange(&world.hq, at(1));
    let by = world.psychiatrist(at(2));
    for minute in 2..5 {
        world.hq.case(&by, case, at(minute)).unwrap();
    }
    assert_eq!(
        world.hq.look_case(&by, case, at(5)).unwrap().openings.len(),
        1
    );
}

#[test]
fn every_change_is_announced_by_its_case_alone() {
    let (world, mut phone) = world();
    let mut live = world.hq.live();
    let case = phone.new_case("M., 34", at(1));
    phone.exchange(&world.hq, at(1));
    assert_eq!(live.try_recv().unwrap().case, case);
    let by = world.psychiatrist(at(2));
    world.hq.case(&by, case, at(2)).unwrap();
    assert_eq!(live.try_recv().unwrap().case, case);
}
