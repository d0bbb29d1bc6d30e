//! What an app can do without the PIN, and what its person or HQ can take away: a visit, the outbox, a wipe, the lease, recovery.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod stand_in;

use mooring::{
    BlockingLockedVisit, MayRead, MooringError, NotAllowed, NotTaken, PhoneState, WontOpen,
    level_words,
};
use mooring_exchange::OutboxAnswer;
use mooring_identity::{RecoveryRequest, os_random};
use stand_in::{Team, at, pin, yes};
use std::sync::Arc;

const HOUR_MS: i64 = 60 * 60_000;

/// A visit of three changes: the case, the interview, an answer.
fn capture(team: &Team) -> Arc<BlockingLockedVisit> {
    let visit = team
        .phone
        .begin_locked_visit("Pier 9".to_owned(), None)
        .unwrap();
    let interview = visit.start("suicide-risk-interview".to_owned()).unwrap();
    let place = at(visit.case_id(), interview, "act-now");
    let shown = visit.answer(place, yes()).unwrap();
    assert_eq!(level_words(shown.risk.level), "At least imminent");
    visit
}

fn refused<T>(said: Result<T, MooringError>) -> MooringError {
    said.map(drop).unwrap_err()
}

/// HQ's whole answer: its receipt, and what it orders.
fn answer(receipt: Vec<u8>, order: Option<Vec<u8>>) -> Vec<u8> {
    let answer = OutboxAnswer {
        key_set: Vec::new(),
        receipts: vec![receipt],
        orders: order.into_iter().collect(),
    };
    answer.encode()
}

#[test]
fn a_visit_without_the_pin_is_the_same_case_once_the_vault_is_open() {
    let team = Team::new();
    team.phone.lock().unwrap();
    let visit = capture(&team);
    assert_eq!(visit.show().unwrap().sync.unsent, 3);
    assert_eq!(team.phone.state().unwrap(), PhoneState::Locked);
    team.phone.unlock(pin("2468")).unwrap();
    let shown = team.phone.show(visit.case_id()).unwrap();
    assert_eq!(shown.title, "Pier 9");
    assert_eq!(level_words(shown.risk.level), "At least imminent");
    assert_eq!(shown.created.unwrap().by, "Robin");
    assert_eq!(shown.sync.unsent, 3);
}

#[test]
fn what_lies_sealed_goes_to_hq_while_the_vault_is_locked() {
    let mut team = Team::new();
    team.phone.lock().unwrap();
    assert!(team.phone.outbox_request().unwrap().is_none());
    capture(&team);
    assert_eq!(team.phone.only_here().unwrap(), Some(3));
    let request = team.phone.outbox_request().unwrap().unwrap();
    assert!(request.url.ends_with("/v0/outbox"));
    let (receipt, unsigned) = team.hq.hold_sealed(&request.body, &team.key);
    assert_eq!(unsigned, 3);
    let answered = team.phone.outbox_reply(answer(receipt.clone(), None));
    let answered = answered.unwrap();
    assert_eq!((answered.named, answered.more), (3, false));
    assert_eq!(team.phone.only_here().unwrap(), Some(0));
    let mut forged = receipt;
    *forged.last_mut().unwrap() ^= 1;
    let said = refused(team.phone.outbox_reply(answer(forged, None)));
    let why = NotTaken::Signature;
    assert_eq!(said, MooringError::Refused { code: 191, why });
}

#[test]
fn a_person_wipes_by_the_pin_alone_and_what_hq_lacks_can_still_be_sent() {
    let mut team = Team::new();
    team.phone.new_case("Pier 7".to_owned(), None).unwrap();
    let said = refused(team.phone.wipe(pin("1357")));
    assert_eq!(said.code(), 101);
    assert_eq!(team.phone.state().unwrap(), PhoneState::Open);
    assert_eq!(team.phone.wipe(pin("2468")).unwrap(), 1);
    assert_eq!(team.phone.state().unwrap(), PhoneState::Locked);
    assert!(!team.vault().exists());
    let said = refused(team.phone.unlock(pin("2468")));
    let why = WontOpen::Absent;
    assert_eq!(said, MooringError::Vault { code: 110, why });
    assert_eq!(team.phone.only_here().unwrap(), Some(1));
    let request = team.phone.outbox_request().unwrap().unwrap();
    let receipt = team.hq.take_sealed(&request.body, &team.key);
    let answered = team.phone.outbox_reply(answer(receipt, None)).unwrap();
    assert_eq!(answered.named, 1);
    assert_eq!(team.phone.only_here().unwrap(), Some(0));
}

#[test]
fn hqs_order_wipes_a_locked_phone_and_another_phones_order_does_not() {
    let mut team = Team::new();
    team.phone.new_case("Pier 7".to_owned(), None).unwrap();
    team.phone.lock().unwrap();
    let request = team.phone.outbox_request().unwrap().unwrap();
    let receipt = team.hq.take_sealed(&request.body, &team.key);
    let other = team.hq.order_wipe([77; 16]);
    let said = team
        .phone
        .outbox_reply(answer(receipt.clone(), Some(other)));
    assert!(!said.unwrap().wiped);
    assert!(team.vault().exists());
    let own = team.hq.order_wipe(team.hq.first_device());
    let said = team.phone.outbox_reply(answer(receipt, Some(own)));
    assert!(said.unwrap().wiped);
    assert_eq!(refused(team.phone.unlock(pin("2468"))).code(), 110);
}

#[test]
fn when_the_lease_is_over_old_cases_need_a_broken_glass_and_new_ones_do_not() {
    let mut team = Team::new();
    team.hq.lend(1);
    let old = team.phone.new_case("Pier 7".to_owned(), None).unwrap();
    team.exchange();
    team.start_again("keys");
    team.phone.unlock(pin("2468")).unwrap();
    assert_eq!(team.phone.may_read().unwrap(), MayRead::Reads);
    team.phone.lock().unwrap();
    team.clock.pass(73 * HOUR_MS);
    team.phone.unlock(pin("2468")).unwrap();
    assert_eq!(team.phone.may_read().unwrap(), MayRead::LeaseOver);
    let who = NotAllowed::NeedsLease;
    assert_eq!(
        refused(team.phone.show(old)),
        MooringError::Forbidden { code: 173, who }
    );
    let new = team.phone.new_case("Pier 8".to_owned(), None).unwrap();
    team.phone.show(new).unwrap();
    let reason = "he is on the bridge".to_owned();
    team.phone.break_glass(old, reason).unwrap();
    team.phone.show(old).unwrap();
}

#[test]
fn two_custodians_open_a_phone_for_the_question_that_it_asked_and_for_no_other() {
    let mut team = Team::new();
    let case = team.phone.new_case("Pier 7".to_owned(), None).unwrap();
    team.phone.lock().unwrap();
    team.start_again("other-keys");
    assert_eq!(refused(team.phone.unlock(pin("2468"))).code(), 112);
    let question = team.phone.begin_recovery().unwrap();
    let asked = RecoveryRequest::parse(&question.request()).unwrap();
    assert_eq!(asked.words(), question.words());
    let [first, second] = &team.custodians;
    let half = asked.open_outer(first).unwrap();
    let answer = half.answer(second, &mut os_random()).unwrap();
    // Somebody else's question shows other digits, and its answer opens nothing here.
    let another = team.phone.begin_recovery().unwrap();
    assert_ne!(another.words(), question.words());
    let said = team
        .phone
        .finish_recovery(another, answer.clone(), pin("97531"));
    assert_eq!(refused(said).code(), 191);
    let state = team.phone.finish_recovery(question, answer, pin("97531"));
    assert_eq!(state.unwrap(), PhoneState::Open);
    assert!(team.phone.restored().unwrap());
    team.phone.show(case).unwrap();
    team.phone.lock().unwrap();
    team.phone.unlock(pin("97531")).unwrap();
}

#[test]
fn before_the_agency_named_its_custodians_there_is_nobody_to_ask() {
    let mut team = Team::new();
    team.phone.lock().unwrap();
    std::fs::remove_dir_all(team.vault()).unwrap();
    team.start_again("new-keys");
    team.phone.create(pin("2468")).unwrap();
    team.phone.lock().unwrap();
    let why = WontOpen::NotSetUp;
    assert_eq!(
        refused(team.phone.begin_recovery()),
        MooringError::Vault { code: 118, why }
    );
}
