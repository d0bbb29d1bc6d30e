//! What a responder does, and what becomes of it: nothing lowers in silence, and who may do what is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::Role;
use mooring_device::{AnswerAt, Error, Saved, State};
use mooring_protocol::AnswerPath;
use serde_json::{Value, json};
use world::{Hq, Interview, PIN, Phone};

fn yes() -> Value {
    json!({ "valueBoolean": true })
}

fn no() -> Value {
    json!({ "valueBoolean": false })
}

fn words(saved: &Saved) -> &str {
    saved.risk.shown().words()
}

fn path(at: &Interview, link: &str) -> AnswerAt {
    AnswerAt {
        case: at.case,
        assessment: at.assessment,
        path: AnswerPath::new(link),
    }
}

#[test]
fn an_answer_that_the_question_does_not_take_says_what_it_takes() {
    let mut phone = Phone::new();
    let at = phone.interview();
    let error = phone
        .answer(&at, "wish", json!({ "valueString": "canary" }))
        .unwrap_err();
    assert_eq!(error.kind(), "bad_answer");
    assert!(!error.to_string().contains("canary"), "{error}");
    assert_eq!(
        phone.answer(&at, "no-such-link", yes()).unwrap_err().kind(),
        "bad_answer"
    );
}

#[test]
fn a_mistake_put_right_within_a_minute_governs_no_more() {
    let mut phone = Phone::new();
    let at = phone.interview();
    assert_eq!(
        words(&phone.answer(&at, "act-now", yes()).unwrap()),
        "At least imminent"
    );
    let saved = phone.answer(&at, "act-now", no()).unwrap();
    assert_eq!(words(&saved), "Not yet known");
    assert!(saved.risk.held.is_none());
    assert_eq!(
        saved.changes.len(),
        2,
        "the answer and the record of the undo"
    );
}

#[test]
fn after_a_minute_the_earlier_level_goes_on_governing_until_it_is_confirmed() {
    let mut phone = Phone::new();
    let at = phone.interview();
    phone.answer(&at, "act-now", yes()).unwrap();
    phone.pass(61_000);
    let saved = phone.answer(&at, "act-now", no()).unwrap();
    assert_eq!(words(&saved), "At least imminent");
    assert!(saved.risk.held.is_some());
    let now = phone.now();
    assert_eq!(
        phone
            .device
            .confirm(&path(&at, "act-now"), " ", now)
            .unwrap_err()
            .kind(),
        "bad_input"
    );
    let saved = phone
        .device
        .confirm(&path(&at, "act-now"), "misheard", now)
        .unwrap();
    assert_eq!(words(&saved), "Not yet known");
}

#[test]
fn once_it_left_the_phone_nothing_is_undone_without_a_word() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    phone.answer(&at, "act-now", yes()).unwrap();
    // The push leaves, its receipt is lost: HQ may know by now.
    phone.exchange_over(&mut hq, |_| world::Link::LosesReply);
    let saved = phone.answer(&at, "act-now", no()).unwrap();
    assert_eq!(words(&saved), "At least imminent");
    assert!(saved.risk.held.is_some());
}

#[test]
fn a_retracted_answer_goes_on_governing_too() {
    let mut phone = Phone::new();
    let at = phone.interview();
    phone.answer(&at, "act-now", yes()).unwrap();
    phone.pass(61_000);
    let now = phone.now();
    assert_eq!(
        phone
            .device
            .retract(&path(&at, "act-now"), "", now)
            .unwrap_err()
            .kind(),
        "bad_input"
    );
    let saved = phone
        .device
        .retract(&path(&at, "act-now"), "wrong person", now)
        .unwrap();
    assert_eq!(words(&saved), "At least imminent");
    assert_eq!(
        phone
            .device
            .retract(&path(&at, "wish"), "why", now)
            .unwrap_err()
            .kind(),
        "not_found"
    );
}

#[test]
fn untouched_for_two_minutes_the_phone_locks_and_ticking_is_no_touch() {
    let mut phone = Phone::new();
    let at = phone.interview();
    for _ in 0..3 {
        let now = phone.pass(30_000);
        assert!(!phone.device.tick(now).unwrap().locked);
    }
    let now = phone.pass(30_000);
    assert!(phone.device.tick(now).unwrap().locked);
    assert_eq!(phone.device.state(), State::Locked);
    assert_eq!(phone.answer(&at, "wish", yes()).unwrap_err(), Error::Locked);
    let now = phone.now();
    phone.device.unlock(PIN, now).unwrap();
    phone.answer(&at, "wish", yes()).unwrap();
}

#[test]
fn agitation_is_to_be_looked_at_again_after_ten_minutes() {
    let mut phone = Phone::new();
    let now = phone.now();
    let case = phone.device.new_case("Pier 7", None, now).unwrap();
    let assessment = phone
        .device
        .start(case, "verbal-de-escalation", now)
        .unwrap();
    let at = Interview { case, assessment };
    phone
        .answer(&at, "agitation-before", json!({ "valueInteger": 7 }))
        .unwrap();
    let now = phone.pass(60_000);
    assert!(phone.device.tick(now).unwrap().again.is_empty());
    for _ in 0..9 {
        let now = phone.pass(60_000);
        phone.device.list(now).unwrap();
    }
    let now = phone.pass(1_000);
    let due = phone.device.tick(now).unwrap();
    assert_eq!(
        due.again.first().map(|again| again.assessment),
        Some(assessment)
    );
}

#[test]
fn a_question_and_an_event_are_in_the_case() {
    let mut phone = Phone::new();
    let at = phone.interview();
    let now = phone.now();
    phone
        .device
        .ask(
            at.case,
            "May we leave him with his sister?",
            Some("555 0100"),
            now,
        )
        .unwrap();
    phone
        .device
        .note_event(at.case, "on-scene", "", now)
        .unwrap();
    let view = phone.device.show(at.case, now).unwrap().view;
    assert_eq!(view.asks[0].what.call_back.as_deref(), Some("555 0100"));
    assert_eq!(view.events[0].what.kind, "on-scene");
}

#[test]
fn a_protocol_from_a_file_can_be_administered_and_survives_a_restart() {
    let mut phone = Phone::new();
    let questionnaire = json!({
        "resourceType": "Questionnaire", "id": "our-own", "status": "active", "title": "Our own",
        "item": [{ "linkId": "1", "type": "boolean", "text": "Slept last night" }],
    });
    let now = phone.now();
    let added = phone
        .device
        .add_protocol(questionnaire.to_string().as_bytes(), None, now)
        .unwrap();
    let case = phone.device.new_case("Pier 7", None, now).unwrap();
    let assessment = phone.device.start(case, "our-own", now).unwrap();
    phone
        .answer(&Interview { case, assessment }, "1", yes())
        .unwrap();
    phone.restart();
    let now = phone.now();
    let view = phone.device.show(case, now).unwrap().view;
    assert_eq!(view.assessments[0].protocol, added.hash);
    assert_eq!(view.assessments[0].title.as_deref(), Some("Our own"));
    assert_eq!(
        phone
            .device
            .add_protocol(b"{}", None, now)
            .unwrap_err()
            .kind(),
        "bad_protocol"
    );
}

#[test]
fn a_vault_set_aside_is_whole_under_its_new_name() {
    let mut phone = Phone::new();
    let at = phone.interview();
    phone.device.lock();
    let folder = phone.dir.path().join("phone");
    std::fs::create_dir(&folder).unwrap();
    for name in ["vault", "mark", "lock"] {
        std::fs::rename(phone.dir.path().join(name), folder.join(name)).unwrap();
    }
    let aside = mooring_device::set_aside(&folder, phone.now()).unwrap();
    assert!(!folder.exists());
    let seams = world::seams(&phone.keystore);
    let mut device = mooring_device::Device::open(&aside, PIN, seams, phone.now()).unwrap();
    device.show(at.case, phone.now()).unwrap();
}
