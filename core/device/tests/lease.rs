//! A lease that is over, or a clock in doubt, never blocks capturing, and never shows what it must not.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::{CaseId, Role};
use mooring_device::{Error, Forbidden, Standing};
use serde_json::json;
use world::{Hq, PIN, Phone};

const HOUR_MS: i64 = 60 * 60_000;
const NEEDS_LEASE: Error = Error::Forbidden(Forbidden::NeedsLease);

/// A phone with a lease and a case that HQ has, started anew: the case is one of before.
fn leased() -> (Hq, Phone, CaseId) {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    hq.lend(1);
    let at = phone.interview();
    phone.exchange(&mut hq);
    phone.restart();
    (hq, phone, at.case)
}

fn standing(phone: &Phone) -> Standing {
    phone.device.standing(phone.now()).unwrap()
}

/// Lets hours pass and opens the vault again.
fn wait(phone: &mut Phone, hours: i64) {
    phone.device.lock();
    phone.pass(hours * HOUR_MS);
    let now = phone.now();
    phone.device.unlock(PIN, now).unwrap();
}

#[test]
fn without_a_lease_from_hq_everything_is_readable() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    phone.pass(1_000 * HOUR_MS);
    assert_eq!(standing(&phone), Standing::Reads);
}

#[test]
fn when_it_is_over_old_cases_are_closed_and_new_ones_work() {
    let (_, mut phone, old) = leased();
    wait(&mut phone, 73);
    assert_eq!(standing(&phone), Standing::LeaseOver);
    let now = phone.now();
    assert_eq!(phone.device.show(old, now).err(), Some(NEEDS_LEASE));
    assert_eq!(
        phone.device.note_event(old, "on-scene", "", now),
        Err(NEEDS_LEASE)
    );
    assert_eq!(phone.device.list(now).unwrap().len(), 0);
    let at = phone.interview();
    phone
        .answer(&at, "wish", json!({ "valueBoolean": true }))
        .unwrap();
    let now = phone.now();
    phone.device.show(at.case, now).unwrap();
    wait(&mut phone, 1);
    let now = phone.now();
    phone.device.show(at.case, now).unwrap();
    let listed = phone.device.list(now).unwrap();
    assert_eq!((listed.len(), listed[0].case), (1, at.case));
}

#[test]
fn this_visits_case_stays_readable_when_the_lease_runs_out_in_the_middle() {
    let (_, mut phone, old) = leased();
    let now = phone.now();
    phone.device.show(old, now).unwrap();
    wait(&mut phone, 73);
    let now = phone.now();
    phone.device.show(old, now).unwrap();
}

#[test]
fn a_new_lease_from_hq_opens_everything_and_the_same_one_again_does_not() {
    let (mut hq, mut phone, old) = leased();
    wait(&mut phone, 73);
    hq.lend(1);
    phone.exchange(&mut hq);
    assert_eq!(standing(&phone), Standing::LeaseOver);
    hq.lend(2);
    phone.exchange(&mut hq);
    assert_eq!(standing(&phone), Standing::Reads);
    let now = phone.now();
    phone.device.show(old, now).unwrap();
}

#[test]
fn breaking_the_glass_opens_one_case_for_four_hours_and_hq_hears_why() {
    let (mut hq, mut phone, old) = leased();
    let other = phone.interview().case;
    phone.exchange(&mut hq);
    phone.restart();
    wait(&mut phone, 73);
    let now = phone.now();
    let silent = phone.device.break_glass(old, " ", now).unwrap_err();
    assert_eq!(silent.kind(), "bad_input");
    phone
        .device
        .break_glass(old, "he is on the bridge", now)
        .unwrap();
    phone.exchange(&mut hq);
    let now = phone.now();
    phone.device.show(old, now).unwrap();
    assert_eq!(phone.device.show(other, now).err(), Some(NEEDS_LEASE));
    wait(&mut phone, 3);
    let now = phone.now();
    let shown = phone.device.show(old, now).unwrap();
    let told = shown
        .view
        .events
        .iter()
        .any(|one| one.what.text == "he is on the bridge");
    assert!(told, "the reason is in the case");
    wait(&mut phone, 1);
    let now = phone.now();
    assert_eq!(phone.device.show(old, now).err(), Some(NEEDS_LEASE));
}
