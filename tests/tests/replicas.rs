//! Phones that edit one case for hours apart, over bad wires, with deaths on both sides: all replicas end up equal, no answer
//! is lost, and nothing lowers by itself on the way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

use mooring_casefile::{AssessmentId, CaseId, CaseView, Role};
use mooring_protocol::Level;
use mooring_tests::{Link, Seeded, Weather, World, doctor, settle_all};
use serde_json::{Value, json};

const QUESTIONS: [&str; 8] = [
    "attempt-now",
    "means-in-hand",
    "wish",
    "thoughts",
    "method",
    "intent",
    "plan",
    "behavior",
];

/// An answer that a phone acknowledged: where, and what.
type Acknowledged = (AssessmentId, &'static str, Value);

#[test]
fn two_phones_apart_for_hours_in_bad_weather_end_up_equal_to_each_other_and_to_hq() {
    for seed in 10..14 {
        hours_apart(seed);
    }
}

fn hours_apart(seed: u64) {
    let mut world = World::with_phones(seed, &[Role::Clinician, Role::Peer]);
    let reyes = doctor(&world);
    let case = world.shared_case("M., 34");
    let mut chance = Seeded::new(seed);
    let mut assessments = vec![start(&mut world, 0, case)];
    settle_all(&mut world);
    storm(&mut world, seed);
    let mut acknowledged: Vec<Acknowledged> = Vec::new();
    let mut floor = [Level::NothingEndorsed; 2];
    for _ in 0..90 {
        // More than a minute: an edit sooner than that is an undo, which may lower.
        world.pass_s(61 + i64::try_from(chance.below(240)).unwrap());
        let number = chance.below(2);
        match chance.below(12) {
            0 => assessments.push(start(&mut world, number, case)),
            1 => {
                let (phone, now) = world.phone(number);
                phone.kill();
                phone.reopen(now);
            }
            2 => {
                world.kill_hq();
                world.start_hq();
            }
            3..=5 => {
                world.exchange(number);
            }
            _ => acknowledged.extend(answer(&mut world, number, case, &assessments, &mut chance)),
        }
        let (phone, now) = world.phone(number);
        let risk = phone.risk(case, now);
        assert!(
            risk.level >= floor[number],
            "seed {seed}: it fell from {:?} to {:?} with nobody's word",
            floor[number],
            risk.level
        );
        floor[number] = risk.level;
    }
    settle_all(&mut world);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    let at_hq = facts(&page.view);
    for number in 0..2 {
        let (phone, now) = world.phone(number);
        let shown = phone.show(case, now);
        assert_eq!(facts(&shown.view), at_hq, "seed {seed}, phone {number}");
        assert_eq!(shown.sync.unsent, 0);
        assert_eq!((shown.sync.waiting_here, shown.sync.held_here), (0, 0));
    }
    for (assessment, link, value) in acknowledged {
        assert!(
            keeps(&page.view, assessment, link, &value),
            "seed {seed}: {link} = {value} was acknowledged and is gone"
        );
    }
}

#[test]
fn an_exchange_that_breaks_after_any_message_loses_and_doubles_nothing() {
    for breaks_after in 0..6 {
        let mut world = World::with_phones(20, &[Role::Responder, Role::Responder]);
        let reyes = doctor(&world);
        let case = world.shared_case("B., 50");
        let interview = start(&mut world, 0, case);
        let (phone, now) = world.phone(0);
        for link in QUESTIONS {
            phone.say(case, interview, link, false, now);
        }
        phone.link.breaks_after = Some(breaks_after);
        world.exchange(0);
        let (phone, now) = world.phone(0);
        phone.kill();
        phone.reopen(now);
        settle_all(&mut world);
        let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
        let (phone, now) = world.phone(1);
        assert_eq!(facts(&phone.show(case, now).view), facts(&page.view));
        let values = page
            .view
            .assessment(interview)
            .unwrap()
            .items
            .iter()
            .map(|item| item.values.len());
        assert_eq!(values.sum::<usize>(), QUESTIONS.len());
    }
}

#[test]
fn a_phone_that_never_heard_the_receipt_sends_the_same_push_again_and_hq_takes_it_once() {
    let mut world = World::with_phones(30, &[Role::Responder]);
    let case = world.shared_case("D., 22");
    let interview = start(&mut world, 0, case);
    let (phone, now) = world.phone(0);
    phone.say(case, interview, "wish", true, now);
    phone.link = Link::new(
        Weather {
            lost_replies: 100,
            ..Weather::default()
        },
        1,
    );
    for _ in 0..3 {
        world.exchange(0);
    }
    let (phone, now) = world.phone(0);
    assert!(
        phone.show(case, now).sync.unsent > 0,
        "no receipt, no claim"
    );
    settle_all(&mut world);
    let (phone, now) = world.phone(0);
    let sync = phone.show(case, now).sync;
    assert_eq!(
        (sync.unsent, sync.at_hq.held, sync.at_hq.waiting),
        (0, 0, 0)
    );
}

fn start(world: &mut World, number: usize, case: CaseId) -> AssessmentId {
    let (phone, now) = world.phone(number);
    phone.start(case, "suicide-risk-interview", now)
}

/// One answer to one question, if that phone has heard of the assessment.
fn answer(
    world: &mut World,
    number: usize,
    case: CaseId,
    assessments: &[AssessmentId],
    chance: &mut Seeded,
) -> Option<Acknowledged> {
    let assessment = assessments[chance.below(assessments.len())];
    let link = QUESTIONS[chance.below(QUESTIONS.len())];
    let value = match chance.below(5) {
        0 => json!({ "declined": true }),
        1 => json!({ "unsure": true }),
        2 => json!({ "valueBoolean": true }),
        _ => json!({ "valueBoolean": false }),
    };
    let (phone, now) = world.phone(number);
    phone.show(case, now).view.assessment(assessment)?;
    phone.answer(case, assessment, link, value.clone(), now);
    Some((assessment, link, value))
}

fn storm(world: &mut World, seed: u64) {
    let weather = Weather {
        lost_requests: 20,
        lost_replies: 20,
        doubled: 20,
        damaged: 10,
    };
    for (number, phone) in world.phones.iter_mut().enumerate() {
        phone.link = Link::new(weather, seed * 10 + u64::try_from(number).unwrap());
    }
}

/// What must be equal everywhere. Names are left to the directory of whoever looks.
fn facts(
    view: &CaseView,
) -> (
    &str,
    &mooring_casefile::Risk,
    &[mooring_casefile::AssessmentView],
) {
    (&view.title, &view.risk, &view.assessments)
}

/// Whether this was ever answered there, as far as the case tells.
fn keeps(view: &CaseView, assessment: AssessmentId, link: &str, value: &Value) -> bool {
    let items = &view.assessment(assessment).unwrap().items;
    let at = items.iter().filter(|item| item.path.to_string() == link);
    at.flat_map(|item| item.values.iter().chain(&item.earlier))
        .any(|kept| {
            kept.answer
                .as_ref()
                .is_some_and(|answer| answer.to_json() == *value)
        })
}
