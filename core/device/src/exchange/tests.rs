//! The stored push, damaged: nothing is lost by it, and no exchange fails for it.

use crate::enrol::tests::{Hq, ROBIN, at, phone};
use crate::exchange::Next;
use crate::vault::sql::push::{self, PushRow};
use crate::vault::sql::unsent;
use mooring_exchange::{SealedPush, open_push};
use tempfile::TempDir;

#[track_caller]
fn check(damage: impl FnOnce(&mut PushRow)) {
    let dir = TempDir::new().unwrap();
    let mut device = phone(&dir);
    Hq::new().enrol(&mut device, ROBIN);
    let case = device.new_case("Pier 7", None, at(5)).unwrap();
    device.begin_exchange(at(6)).unwrap();
    let (open, _) = device.opened(at(7)).unwrap();
    let stored = open.vault.look(|connection| Ok(push::get(connection)?));
    let stored = stored.unwrap().unwrap();
    let mut bad = stored.clone();
    damage(&mut bad);
    open.vault
        .write(at(7), |tx| {
            push::drop_any(tx)?;
            Ok(push::put(tx, &bad)?)
        })
        .unwrap();
    assert!(matches!(device.begin_exchange(at(8)), Ok(Next::Send(_))));
    let (open, _) = device.opened(at(9)).unwrap();
    let (again, marks) = open
        .vault
        .look(|connection| Ok((push::get(connection)?, unsent::all(connection)?)))
        .unwrap();
    let again = SealedPush::parse(again.unwrap().bytes).unwrap();
    let key = open.key.verify_key();
    let header = *again.header();
    let opened = open_push(again.bytes(), header.agency, header.device, &key).unwrap();
    assert_eq!((header.dev_seq, opened.runs.len(), marks.len()), (1, 1, 1));
    assert_eq!(opened.runs[0].run.case, case);
}

#[test]
fn a_stored_push_that_cannot_be_read_is_packed_again_from_the_changes() {
    check(|row| row.bytes.truncate(9));
    check(|row| row.bytes[0] = 9);
}

#[test]
fn a_stored_push_that_is_not_what_was_stored_is_packed_again() {
    check(|row| {
        let last = row.bytes.len() - 1;
        row.bytes[last] ^= 1;
    });
}
