//! The whole journey of an answer, from a phone with no signal to a signed review and back, in one thread.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

use mooring_casefile::{Mark, Place, Role, ValueStanding};
use mooring_hq::{NewAdvice, ReviewForm, Sign, Signing};
use mooring_protocol::Level;
use mooring_tests::{World, doctor, settle_all};
use serde_json::json;

#[test]
fn an_answer_given_without_signal_comes_back_as_signed_advice() {
    let mut world = World::with_phones(1, &[Role::Clinician, Role::Peer]);
    let reyes = doctor(&world);
    let case = world.shared_case("M., 34");

    // Both go offline. The first works through the interview, its process dies in the middle, and it goes on.
    world
        .phones
        .iter_mut()
        .for_each(|phone| phone.link.up = false);
    world.pass_s(60);
    let (phone, now) = world.phone(0);
    let interview = phone.start(case, "suicide-risk-interview", now);
    for (link, yes) in [
        ("attempt-now", false),
        ("overdose-now", false),
        ("means-in-hand", false),
        ("act-now", false),
        ("wish", true),
        ("thoughts", true),
    ] {
        phone.say(case, interview, link, yes, now);
    }
    phone.kill();
    world.pass_s(30);
    let (phone, now) = world.phone(0);
    phone.reopen(now);
    phone.say(case, interview, "method", true, now);
    let saved = phone.say(case, interview, "intent", false, now);
    assert_eq!(saved.risk.level, Level::Moderate);
    assert!(saved.risk.at_least, "the plan was not asked yet");
    assert!(
        phone
            .show(case, now)
            .sync
            .words
            .contains("on this phone only: 9 changes")
    );

    // The second phone has not heard of that interview; it knows it after the first exchange of both.
    reconnect(&mut world);
    settle_all(&mut world);
    world
        .phones
        .iter_mut()
        .for_each(|phone| phone.link.up = false);
    world.pass_s(120);
    let (first, now) = world.phone(0);
    first.say(case, interview, "plan", false, now);
    let (second, now) = world.phone(1);
    second.say(case, interview, "plan", true, now);
    let exchanged = world.exchange(0);
    assert_eq!(exchanged.summary.receipts, 0, "there is no signal");

    // Both reconnect: HQ shows the higher level, and that the two differ.
    reconnect(&mut world);
    settle_all(&mut world);
    let queue = world.hq().queue(&reyes, world.now()).unwrap();
    let row = &queue.rows[0];
    assert_eq!((row.level.level, row.contested), (Level::High, true));
    assert!(row.opened.is_none());

    let page = world.hq().case(&reyes, case, world.now()).unwrap();
    let sign = Sign {
        shown: page.shown,
        older: false,
        form: ReviewForm {
            impression: "Plan is contested; treat as present.".into(),
            medication: String::new(),
            plan: "Crisis center tonight.".into(),
            feedback: "Well asked.".into(),
        },
    };
    let signed = world.hq().sign(&reyes, case, &sign, world.now()).unwrap();
    assert!(matches!(signed, Signing::Signed { .. }));
    let advice = NewAdvice {
        shown: page.shown,
        text: "Not home yet. Go with her to the crisis center.".into(),
        expires_ms: None,
        replaces: None,
    };
    let advice = world
        .hq()
        .send_advice(&reyes, case, &advice, world.now())
        .unwrap();

    // The next exchange brings it; delivered and read go back.
    let exchanged = world.exchange(1);
    assert_eq!(exchanged.new_advice, vec![(case, advice)]);
    let (second, now) = world.phone(1);
    let shown = second.show(case, now);
    assert!(
        shown.sync.words.contains("opened by"),
        "{}",
        shown.sync.words
    );
    second.device().mark_read(case, advice, now).unwrap();
    settle_all(&mut world);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    assert_eq!(page.view.advice[0].furthest(), Some(Mark::Read));
    let queue = world.hq().queue(&reyes, world.now()).unwrap();
    assert!(
        queue.rows.iter().all(|row| row.contested),
        "a read mark alone re-queues nothing; that the two differ still waits"
    );
}

#[test]
fn a_late_clinical_edit_reopens_a_signed_case_and_shows_the_difference() {
    let mut world = World::with_phones(2, &[Role::Clinician]);
    let reyes = doctor(&world);
    let case = world.shared_case("T., 17");
    let (phone, now) = world.phone(0);
    let interview = phone.start(case, "suicide-risk-interview", now);
    phone.say(case, interview, "thoughts", true, now);
    settle_all(&mut world);
    let page = world.hq().case(&reyes, case, world.now()).unwrap();
    let older = page.shown;
    sign(&world, &reyes, case, older, false);

    world.pass_s(600);
    let (phone, now) = world.phone(0);
    phone.say(case, interview, "method", true, now);
    settle_all(&mut world);
    let queue = world.hq().queue(&reyes, world.now()).unwrap();
    assert_eq!(queue.rows.len(), 1);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    assert!(!page.since_review.is_empty());

    // The page that was displayed before the level rose can't be signed any more; what is now displayed can.
    let changed = sign(&world, &reyes, case, older, true);
    assert!(matches!(
        changed,
        Signing::Changed {
            level_rose: true,
            ..
        }
    ));
    let signed = sign(&world, &reyes, case, page.shown, false);
    assert!(matches!(signed, Signing::Signed { .. }));
}

#[test]
fn an_older_version_can_be_signed_as_such_while_the_level_stands() {
    let mut world = World::with_phones(3, &[Role::Clinician]);
    let reyes = doctor(&world);
    let case = world.shared_case("K., 61");
    let (phone, now) = world.phone(0);
    let interview = phone.start(case, "suicide-risk-interview", now);
    phone.say(case, interview, "method", true, now);
    phone.say(case, interview, "thoughts", true, now);
    settle_all(&mut world);
    let displayed = world.hq().case(&reyes, case, world.now()).unwrap().shown;
    let (phone, now) = world.phone(0);
    phone.say(case, interview, "wish", true, now);
    settle_all(&mut world);
    let first = sign(&world, &reyes, case, displayed, false);
    assert!(matches!(
        first,
        Signing::Changed {
            level_rose: false,
            ..
        }
    ));
    let Signing::Signed { later, .. } = sign(&world, &reyes, case, displayed, true) else {
        panic!("the older version was not signed");
    };
    assert!(
        !later.is_empty(),
        "what came later is listed with the signature"
    );
}

#[test]
fn a_lowering_edit_goes_on_governing_until_its_author_confirms_it_and_hq_sees_both() {
    let mut world = World::with_phones(4, &[Role::Responder]);
    let reyes = doctor(&world);
    let case = world.shared_case("R., 40");
    let (phone, now) = world.phone(0);
    let interview = phone.start(case, "suicide-risk-interview", now);
    phone.say(case, interview, "thoughts", true, now);
    phone.say(case, interview, "plan", true, now);
    settle_all(&mut world);
    world.pass_s(300);
    let (phone, now) = world.phone(0);
    let saved = phone.say(case, interview, "plan", false, now);
    assert_eq!(saved.risk.level, Level::High);
    let held = saved.risk.held.as_ref().unwrap();
    assert!(held.alone.level < Level::High);
    settle_all(&mut world);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    assert_eq!(page.risk.level, Level::High);
    assert!(page.risk.held.is_some());

    let (phone, now) = world.phone(0);
    phone.confirm(case, interview, "plan", now).unwrap();
    settle_all(&mut world);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    assert!(page.risk.level < Level::High);
    assert!(page.risk.held.is_none());
}

#[test]
fn a_peer_may_not_settle_downward_and_a_psychiatrist_at_hq_may() {
    let mut world = World::with_phones(5, &[Role::Responder, Role::Peer]);
    let reyes = doctor(&world);
    let case = world.shared_case("A., 28");
    let (first, now) = world.phone(0);
    let interview = first.start(case, "suicide-risk-interview", now);
    first.say(case, interview, "thoughts", true, now);
    settle_all(&mut world);
    let (first, now) = world.phone(0);
    first.say(case, interview, "plan", true, now);
    let (second, now) = world.phone(1);
    second.say(case, interview, "plan", false, now);
    settle_all(&mut world);

    let (second, now) = world.phone(1);
    second
        .settle_for(case, interview, "plan", "no", now)
        .unwrap_err();
    assert_eq!(second.risk(case, now).level, Level::High);

    let page = world.hq().case(&reyes, case, world.now()).unwrap();
    let item = page.view.assessment(interview).unwrap();
    let item = item.items.iter().find(|item| item.contested).unwrap();
    let no = item
        .values
        .iter()
        .find(|value| value.words.eq_ignore_ascii_case("no"))
        .unwrap();
    assert!(
        item.values
            .iter()
            .all(|value| value.standing == ValueStanding::Stands)
    );
    let settle = mooring_hq::Settle {
        place: Place::answer(interview, item.path.clone()),
        seen: item.to_settle(),
        choice: no.id,
        reason: "Spoke with both on the phone.".into(),
    };
    world
        .hq()
        .settle(&reyes, case, &settle, world.now())
        .unwrap();
    settle_all(&mut world);
    for number in 0..2 {
        let (phone, now) = world.phone(number);
        let risk = phone.risk(case, now);
        assert!(!risk.contested);
        assert!(risk.level < Level::High);
    }
}

#[test]
fn the_phones_clock_does_not_decide_whether_it_is_heard() {
    let mut world = World::with_phones(6, &[Role::Responder]);
    world.phones[0].skew_ms = 400 * 24 * 3_600 * 1_000;
    let case = world.shared_case("L., 19");
    let (phone, now) = world.phone(0);
    let interview = phone.start(case, "suicide-risk-interview", now);
    phone.answer(case, interview, "wish", json!({ "declined": true }), now);
    let done = world.exchange(0);
    assert_eq!(done.fault(), None);
    let (phone, now) = world.phone(0);
    assert_eq!(phone.show(case, now).sync.unsent, 0);
}

fn reconnect(world: &mut World) {
    world
        .phones
        .iter_mut()
        .for_each(|phone| phone.link.up = true);
}

fn sign(
    world: &World,
    by: &mooring_hq::Session,
    case: mooring_casefile::CaseId,
    shown: mooring_hq::ShownId,
    older: bool,
) -> Signing {
    let form = ReviewForm {
        impression: "As displayed.".into(),
        medication: String::new(),
        plan: String::new(),
        feedback: String::new(),
    };
    let sign = Sign { shown, older, form };
    world.hq().sign(by, case, &sign, world.now()).unwrap()
}

#[test]
fn a_gate_answered_no_after_what_stands_behind_it_lowers_nothing_in_silence() {
    let mut world = World::with_phones(7, &[Role::Responder]);
    let case = world.shared_case("S., 45");
    let (phone, now) = world.phone(0);
    let interview = phone.start(case, "suicide-risk-interview", now);
    let plan = phone.say(case, interview, "plan", true, now);
    assert_eq!(plan.risk.level, Level::High);
    world.pass_s(300);
    let (phone, now) = world.phone(0);
    let gate = phone.say(case, interview, "thoughts", false, now);
    assert_eq!(
        gate.risk.level,
        Level::High,
        "the plan was stated; a gate does not unsay it"
    );
    assert!(gate.risk.held.is_some());
}
