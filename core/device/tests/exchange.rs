//! Exchanges between phones and an HQ: nothing lost, nothing doubled, and the screen never ahead of HQ's receipts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::{Mark, Role};
use mooring_device::CaseShown;
use mooring_exchange::Ended;
use serde_json::json;
use world::{Hq, Interview, Link, Phone};

fn yes() -> serde_json::Value {
    json!({ "valueBoolean": true })
}

fn no() -> serde_json::Value {
    json!({ "valueBoolean": false })
}

fn show(phone: &mut Phone, at: &Interview) -> CaseShown {
    let now = phone.now();
    phone.device.show(at.case, now).unwrap()
}

#[test]
fn until_hqs_receipt_the_phone_says_that_hq_does_not_know() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    phone.answer(&at, "wish", yes()).unwrap();
    let before = show(&mut phone, &at).sync;
    assert_eq!(
        before.words,
        "HQ does not know yet; on this phone only: 3 changes"
    );
    let done = phone.exchange(&mut hq);
    assert_eq!(
        (done.summary.ended, done.sent_changes),
        (Ended::Finished, 3)
    );
    let after = show(&mut phone, &at).sync;
    assert_eq!((after.unsent, after.at_hq.merged), (0, 3));
    assert!(
        after.words.starts_with("at HQ ") && after.words.ends_with("opened by nobody yet"),
        "{}",
        after.words
    );
}

#[test]
fn a_request_that_hq_never_saw_leaves_everything_unsent() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    assert!(
        phone
            .exchange_over(&mut hq, |_| Link::LosesRequest)
            .is_none()
    );
    assert_eq!(show(&mut phone, &at).sync.unsent, 2);
}

#[test]
fn a_lost_receipt_is_given_again_and_nothing_is_doubled() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    assert!(phone.exchange_over(&mut hq, |_| Link::LosesReply).is_none());
    assert_eq!(show(&mut phone, &at).sync.unsent, 2, "no receipt came");
    // An answer in between goes with the next push, not with the one that HQ has already.
    phone.answer(&at, "wish", yes()).unwrap();
    phone.restart();
    phone.exchange(&mut hq);
    assert_eq!(show(&mut phone, &at).sync.unsent, 0);
    assert_eq!((hq.state.pushes, hq.state.field_changes(at.case)), (2, 3));
}

#[test]
fn cut_at_every_request_it_comes_through_in_the_end() {
    for cut in 0..6 {
        for kind in [Link::LosesRequest, Link::LosesReply] {
            let mut hq = Hq::new();
            let mut first = Phone::enrolled(&mut hq, "Robin", Role::Responder);
            let mut second = Phone::enrolled(&mut hq, "Kim", Role::Peer);
            let at = first.interview();
            first.exchange(&mut hq);
            for link in ["wish", "thoughts", "behavior"] {
                first.answer(&at, link, yes()).unwrap();
                first.exchange(&mut hq);
            }
            let other = second.interview();
            second.exchange_over(
                &mut hq,
                |number| if number == cut { kind } else { Link::Works },
            );
            // As if the process had been killed at that moment.
            second.restart();
            second.exchange(&mut hq);
            let (ours, theirs) = (show(&mut first, &at), show(&mut second, &at));
            assert!(ours.view.version == theirs.view.version, "cut at {cut}");
            assert_eq!(show(&mut second, &other).sync.unsent, 0);
            assert_eq!(hq.state.field_changes(other.case), 2);
        }
    }
}

#[test]
fn two_who_differ_are_both_shown_and_the_higher_governs_on_both_phones() {
    let mut hq = Hq::new();
    let mut robin = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let mut kim = Phone::enrolled(&mut hq, "Kim", Role::Responder);
    let at = robin.interview();
    robin.exchange(&mut hq);
    kim.exchange(&mut hq);
    robin.answer(&at, "act-now", no()).unwrap();
    kim.answer(&at, "act-now", yes()).unwrap();
    for _ in 0..2 {
        robin.exchange(&mut hq);
        kim.exchange(&mut hq);
    }
    for phone in [&mut robin, &mut kim] {
        let shown = show(phone, &at);
        assert!(shown.view.risk.contested);
        assert_eq!(shown.view.risk.shown().words(), "At least imminent");
        let names: Vec<_> = shown.names.values().cloned().collect();
        assert_eq!(names, ["Robin", "Kim"]);
        let row = phone.device.list(phone.now()).unwrap().remove(0);
        assert_eq!(
            (row.level.as_str(), row.contested),
            ("At least imminent", true),
            "the list's row"
        );
    }
}

#[test]
fn advice_is_marked_as_delivered_and_read_and_hq_hears_of_it() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    phone.exchange(&mut hq);
    let advice = hq.advise(at.case, "Stay with him; we call back.", phone.now());
    let done = phone.exchange(&mut hq);
    assert_eq!(done.new_advice, [(at.case, advice)]);
    assert_eq!(
        show(&mut phone, &at).view.advice[0].furthest(),
        Some(Mark::Delivered)
    );
    assert_eq!(
        show(&mut phone, &at).sync.unsent,
        1,
        "the mark goes with the next exchange"
    );
    let now = phone.now();
    phone.device.mark_read(at.case, advice, now).unwrap();
    assert!(
        phone
            .device
            .mark_read(at.case, advice, now)
            .unwrap()
            .changes
            .is_empty(),
        "once is enough"
    );
    phone.exchange(&mut hq);
    assert_eq!(hq.state.field_changes(at.case), 4);
    assert!(phone.exchange(&mut hq).new_advice.is_empty());
}

#[test]
fn what_was_captured_before_enrolment_is_the_enrolled_persons() {
    let mut hq = Hq::new();
    let mut phone = Phone::new();
    let at = phone.interview();
    phone.answer(&at, "wish", yes()).unwrap();
    phone.enrol(&mut hq, "Robin", Role::Responder);
    phone.exchange(&mut hq);
    phone.restart();
    let shown = show(&mut phone, &at);
    assert_eq!(shown.names.values().collect::<Vec<_>>(), ["Robin"]);
    assert_eq!((shown.sync.unsent, hq.state.field_changes(at.case)), (0, 3));
}

#[test]
fn an_hq_restored_from_an_older_backup_gets_back_what_it_lost() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    phone.exchange(&mut hq);
    let backup = hq.state.clone();
    for number in 0..70 {
        phone
            .answer(
                &at,
                "own-words",
                json!({ "valueString": format!("words {number}") }),
            )
            .unwrap();
    }
    phone.exchange(&mut hq);
    assert_eq!(hq.state.field_changes(at.case), 72);
    hq.state = backup;
    // The marks are compared at the first exchange after each start.
    phone.restart();
    phone.exchange(&mut hq);
    phone.exchange(&mut hq);
    assert_eq!(hq.state.field_changes(at.case), 72);
    assert_eq!(show(&mut phone, &at).sync.unsent, 0);
}

#[test]
fn a_phone_restored_from_an_older_backup_loses_nothing_and_blocks_nobody() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    phone.exchange(&mut hq);
    let backup = phone.back_up();
    phone.answer(&at, "wish", yes()).unwrap();
    phone.exchange(&mut hq);
    phone.restore(&backup);
    assert_eq!(show(&mut phone, &at).view.assessments[0].answered, 0);
    phone.answer(&at, "thoughts", yes()).unwrap();
    assert!(phone.device.restored().unwrap());
    let done = phone.exchange(&mut hq);
    let first = (done.sent_changes, done.refused_codes.len());
    assert_eq!(first, (0, 0), "nothing goes out before HQ said what it has");
    assert_eq!(show(&mut phone, &at).view.assessments[0].answered, 2);
    assert!(!phone.device.restored().unwrap());
    let done = phone.exchange(&mut hq);
    assert!(done.refused_codes.is_empty(), "it was certified anew");
    let shown = show(&mut phone, &at);
    assert_eq!(
        (shown.view.assessments[0].answered, shown.sync.unsent),
        (2, 0)
    );
    assert_eq!(hq.state.field_changes(at.case), 4);
}

#[test]
fn compacted_and_opened_again_the_case_is_the_same() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    for number in 0..80 {
        phone
            .answer(
                &at,
                "own-words",
                json!({ "valueString": format!("words {number}") }),
            )
            .unwrap();
    }
    let before = show(&mut phone, &at).view;
    phone.exchange(&mut hq);
    phone.restart();
    assert!(before == show(&mut phone, &at).view, "the view changed");
    phone.answer(&at, "wish", yes()).unwrap();
    phone.exchange(&mut hq);
    assert_eq!(hq.state.field_changes(at.case), 83);
}

#[test]
fn a_phone_that_is_not_enrolled_says_so() {
    let mut phone = Phone::new();
    let now = phone.now();
    let error = phone.device.begin_exchange(now).unwrap_err();
    assert_eq!(error.kind(), "forbidden");
}

#[test]
fn another_hqs_root_is_not_the_one_of_the_code() {
    let (mut hq, other) = (Hq::new(), Hq::new());
    let mut phone = Phone::new();
    let code = hq.make_code("Robin", mooring_casefile::Roles::NONE);
    let now = phone.now();
    let error = phone
        .device
        .begin_enrolment(&code, other.root(), now)
        .err()
        .unwrap();
    assert_eq!((error.kind(), error.code()), ("refused", 190));
}

fn unsent(phone: &mut Phone) -> u64 {
    let now = phone.now();
    let rows = phone.device.list(now).unwrap();
    rows.iter().map(|row| row.unsent).sum()
}

/// What HQ holds already counts as unsent until its receipt is here, and no longer: so after a kill the numbers still add up.
/// The phone's own word about advice that came is written, and may be sent, within the exchange.
#[test]
fn what_an_exchange_sent_is_what_was_unsent_before_it_and_is_not_after_it() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let cases = [phone.interview(), phone.interview()];
    let mut sent = 0;
    for round in 0..12_u32 {
        let at = &cases[usize::from(round % 3 == 0)];
        for number in 0..=round % 2 {
            let words = json!({ "valueString": format!("round {round}, {number}") });
            phone.answer(at, "own-words", words).unwrap();
        }
        if round == 6 {
            let now = phone.now();
            hq.advise(cases[0].case, "stay", now);
        }
        let before = unsent(&mut phone);
        let lost = if round % 2 == 0 {
            Link::LosesReply
        } else {
            Link::LosesRequest
        };
        let done = phone.exchange_over(&mut hq, |number| {
            if number == round % 3 {
                lost
            } else {
                Link::Works
            }
        });
        assert!(done.is_none_or(|done| done.sent_changes <= before));
        phone.restart();
        let before = unsent(&mut phone);
        let done = phone.exchange(&mut hq);
        let advice = done.new_advice.len() as u64;
        assert_eq!(done.sent_changes + unsent(&mut phone), before + advice);
        sent += done.sent_changes;
    }
    assert!(sent > 0 && unsent(&mut phone) <= 1);
}
