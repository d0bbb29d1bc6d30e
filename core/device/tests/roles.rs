//! Who may let something lower govern: settlements, overrides, acceptances.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::{RecordId, Role};
use mooring_device::{Acceptable, AnswerAt, Error, Forbidden, NewSettlement, Saved};
use mooring_protocol::{AnswerPath, Domain, Level};
use serde_json::{Value, json};
use world::{Hq, Interview, Phone};

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

/// Two phones that differ about `act-now`, and everything exchanged.
fn differing(roles: [Role; 2]) -> (Hq, [Phone; 2], Interview) {
    let mut hq = Hq::new();
    let mut robin = Phone::enrolled(&mut hq, "Robin", roles[0]);
    let mut kim = Phone::enrolled(&mut hq, "Kim", roles[1]);
    let at = robin.interview();
    robin.exchange(&mut hq);
    kim.exchange(&mut hq);
    robin.answer(&at, "act-now", no()).unwrap();
    kim.answer(&at, "act-now", yes()).unwrap();
    for _ in 0..2 {
        robin.exchange(&mut hq);
        kim.exchange(&mut hq);
    }
    (hq, [robin, kim], at)
}

fn settlement(phone: &mut Phone, at: &Interview, chosen: &str) -> NewSettlement {
    let now = phone.now();
    let view = phone.device.show(at.case, now).unwrap().view;
    let item = view
        .assessment(at.assessment)
        .unwrap()
        .items
        .iter()
        .find(|item| item.path.link_id() == "act-now")
        .unwrap();
    let choice = item
        .values
        .iter()
        .find(|value| value.words == chosen)
        .unwrap()
        .id;
    NewSettlement {
        at: path(at, "act-now"),
        seen: item.to_settle(),
        choice,
        reason: "talked it over".to_owned(),
    }
}

#[test]
fn upward_either_author_may_settle() {
    let (_, [mut robin, _], at) = differing([Role::Responder, Role::Responder]);
    let new = settlement(&mut robin, &at, "yes");
    let now = robin.now();
    let saved = robin.device.settle(&new, now).unwrap();
    assert!(!saved.risk.contested);
    assert_eq!(words(&saved), "At least imminent");
}

#[test]
fn downward_an_author_may_not_and_another_clinician_may() {
    let (mut hq, [mut robin, mut kim], at) = differing([Role::Clinician, Role::Responder]);
    let new = settlement(&mut robin, &at, "no");
    let now = robin.now();
    let refused = robin.device.settle(&new, now).unwrap_err();
    assert_eq!(
        refused,
        Error::Forbidden(Forbidden::NeedsRole),
        "the lower answer is their own"
    );
    let mut lee = Phone::enrolled(&mut hq, "Lee", Role::Clinician);
    lee.exchange(&mut hq);
    let new = settlement(&mut lee, &at, "no");
    let now = lee.now();
    assert_eq!(
        words(&lee.device.settle(&new, now).unwrap()),
        "Not yet known"
    );
    lee.exchange(&mut hq);
    kim.exchange(&mut hq);
    let now = kim.now();
    assert_eq!(
        kim.device
            .show(at.case, now)
            .unwrap()
            .view
            .risk
            .shown()
            .words(),
        "Not yet known"
    );
}

#[test]
fn a_settlement_that_has_not_seen_every_value_is_stale() {
    let (_, [mut robin, _], at) = differing([Role::Responder, Role::Responder]);
    let mut new = settlement(&mut robin, &at, "yes");
    new.seen.retain(|value| *value == new.choice);
    let now = robin.now();
    assert_eq!(
        robin.device.settle(&new, now).unwrap_err().kind(),
        "bad_input"
    );
}

#[test]
fn an_override_counts_upward_at_once_and_downward_only_once_accepted() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Psychiatrist);
    let at = phone.interview();
    let now = phone.now();
    let up = phone
        .device
        .override_level(
            at.case,
            Domain::Others,
            Level::High,
            "a knife on the table",
            now,
        )
        .unwrap();
    assert!(
        up.risk
            .domains
            .iter()
            .any(|one| one.domain == Domain::Others && one.level == Level::High)
    );
    phone.answer(&at, "act-now", yes()).unwrap();
    let now = phone.pass(61_000);
    let down = phone
        .device
        .override_level(at.case, Domain::Suicide, Level::Low, "knows him well", now)
        .unwrap();
    assert_eq!(words(&down), "At least imminent");
    let waiting = down.risk.waiting_overrides.first().unwrap().id;
    let now = phone.pass(1_000);
    let accepted = phone
        .device
        .accept(at.case, Acceptable::Override(waiting), "agreed", now)
        .unwrap();
    assert!(
        accepted.risk.waiting_overrides.is_empty(),
        "{:?}",
        accepted.risk.shown()
    );
}

#[test]
fn who_has_no_role_for_it_accepts_nothing() {
    let mut phone = Phone::new();
    let at = phone.interview();
    let now = phone.now();
    let record = RecordId::derive(now.wall_ms, [1; 10]);
    let refused = phone
        .device
        .accept(at.case, Acceptable::Override(record), "agreed", now)
        .unwrap_err();
    assert_eq!(refused, Error::Forbidden(Forbidden::NeedsRole));
}
