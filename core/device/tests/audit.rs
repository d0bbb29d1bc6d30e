//! What a phone writes down of its own use: a chain that goes to HQ, again until HQ says that it holds it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::Role;
use mooring_device::Device;
use mooring_exchange::{AUDIT_BEGINS, AuditActs};
use world::{Hq, Link, Phone, seams};

/// The words of what HQ got last.
fn words(hq: &Hq) -> Vec<&'static str> {
    let acts = hq.state.audits.last().unwrap();
    acts.acts
        .iter()
        .map(mooring_exchange::AuditAct::words)
        .collect()
}

/// Whether the second stretch goes on where the first ends, and each hangs together.
fn follows(one: &AuditActs, two: &AuditActs) -> bool {
    let head = |acts: &AuditActs| {
        let mut hash = acts.before;
        for (position, act) in (acts.first..).zip(&acts.acts) {
            hash = act.hash(position, &hash);
        }
        hash
    };
    head(one) == one.head
        && head(two) == two.head
        && two.before == one.head
        && two.first == one.last() + 1
}

#[test]
fn reads_and_openings_go_to_hq_with_the_next_exchange_and_only_once() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let at = phone.interview();
    phone.device.list(phone.now()).unwrap();
    phone.device.show(at.case, phone.now()).unwrap();
    phone.exchange(&mut hq);
    let first = hq.state.audits.last().unwrap().clone();
    assert_eq!((first.before, first.first), (AUDIT_BEGINS, 1));
    assert_eq!(
        words(&hq).split_last().unwrap().1.last(),
        Some(&"read-case")
    );
    assert!(first.acts.iter().any(|act| act.case == Some(at.case)));
    phone.device.show(at.case, phone.now()).unwrap();
    phone.exchange(&mut hq);
    assert_eq!(words(&hq), ["read-case", "exchange"]);
    assert!(follows(&first, hq.state.audits.last().unwrap()));
    assert_eq!(
        hq.state.audits.len(),
        2,
        "not with every request of an exchange"
    );
}

#[test]
fn what_was_not_receipted_goes_again() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    phone.exchange(&mut hq);
    let first = hq.state.audits.last().unwrap().clone();
    for lost in [Link::LosesRequest, Link::LosesReply] {
        phone.device.list(phone.now()).unwrap();
        assert!(phone.exchange_over(&mut hq, |_| lost).is_none());
    }
    phone.restart();
    phone.exchange(&mut hq);
    assert_eq!(
        words(&hq),
        ["list", "exchange", "list", "exchange", "unlock", "exchange"]
    );
    assert!(follows(&first, hq.state.audits.last().unwrap()));
}

#[test]
fn wrong_pins_are_told_once_the_vault_opens() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    phone.exchange(&mut hq);
    phone.device.lock();
    for wrong in [b"000000", b"000001"] {
        let opened = Device::open(phone.dir.path(), wrong, seams(&phone.keystore), phone.now());
        assert!(opened.is_err());
    }
    phone.restart();
    phone.exchange(&mut hq);
    assert_eq!(words(&hq), ["wrong-pin", "wrong-pin", "unlock", "exchange"]);
    phone.restart();
    phone.exchange(&mut hq);
    assert_eq!(words(&hq), ["unlock", "exchange"]);
}

#[test]
fn a_restored_phone_sends_a_history_that_parts_from_the_one_that_hq_holds() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    phone.exchange(&mut hq);
    let backup = phone.back_up();
    phone.device.list(phone.now()).unwrap();
    phone.device.list(phone.now()).unwrap();
    phone.exchange(&mut hq);
    let before = hq.state.audits.last().unwrap().clone();
    phone.restore(&backup);
    let sent = hq.state.audits.len();
    phone.exchange(&mut hq);
    assert_eq!(
        hq.state.audits.len(),
        sent,
        "before HQ has said what it has, nothing is sent"
    );
    phone.exchange(&mut hq);
    let after = hq.state.audits.last().unwrap();
    assert!(after.first <= before.last());
    assert!(!follows(&before, after));
}
