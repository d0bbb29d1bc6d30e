//! What every fleet must do: statements reach those whom they are for, a revocation stays, what came sealed is kept once.

use super::*;
use crate::ledger::{NewSealed, NewStatement, Revocation, RunTally, SealedFate, ToPhone, Vouched};

pub(super) const CHECKS: &[Check] = &[
    (
        "a lease and an order reach one phone, keys reach all",
        statements_reach_those_whom_they_are_for,
    ),
    (
        "of leases and keys to seal to a range has the newest",
        a_range_has_the_newest_lease,
    ),
    ("a revocation stays", a_revocation_stays),
    (
        "what is undecided of later pushes is held once its phone is revoked",
        what_is_undecided_of_later_pushes_is_held,
    ),
    (
        "a record that came sealed is kept once",
        a_sealed_record_is_kept_once,
    ),
    (
        "one that did not open can come again, one that did can not",
        one_that_did_not_open_can_come_again,
    ),
    (
        "what came sealed is no mark until it is merged",
        what_came_sealed_is_no_mark_until_it_is_merged,
    ),
    ("a phone's way is noted", a_phones_way_is_noted),
];

fn lease(device: DeviceId, body: u8) -> NewStatement {
    NewStatement::Lease {
        device,
        body: vec![body],
    }
}

fn items(ledger: &dyn Ledger, device: DeviceId) -> Vec<FeedItem> {
    let feed = ledger.feed(device, 0, ledger.newest().unwrap()).unwrap();
    feed.into_iter().map(|entry| entry.item).collect()
}

fn statements_reach_those_whom_they_are_for(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let set = |serial: u64, body: u8| NewStatement::KeySet {
        serial,
        body: vec![body],
    };
    let keys = NewStatement::SealingKeys {
        serial: 1,
        body: vec![2],
    };
    let order = NewStatement::Order {
        device: OTHER,
        body: vec![4],
    };
    for statement in [set(1, 1), keys, lease(PHONE, 3), order, set(2, 5)] {
        ledger.feed_statement(&statement, 7).unwrap();
    }
    assert_eq!(
        ledger.feed_statement(&set(2, 9), 7),
        Err(LedgerError::Conflict)
    );
    let [first, second] = [1, 5].map(|body| FeedItem::KeySet(vec![body]));
    let keys = FeedItem::SealingKeys(vec![2]);
    assert_eq!(
        items(ledger, PHONE),
        [
            first.clone(),
            keys.clone(),
            FeedItem::Lease(vec![3]),
            second.clone()
        ]
    );
    assert_eq!(
        items(ledger, OTHER),
        [first, keys, FeedItem::Order(vec![4]), second]
    );
    assert_eq!(ledger.newest_serials(), Ok((2, 1)));
    let sets = ledger.key_sets().unwrap();
    assert_eq!(
        sets.iter().map(|set| set.body[0]).collect::<Vec<_>>(),
        [1, 5]
    );
    let order = ledger.newest_to(OTHER, ToPhone::Order).unwrap().unwrap();
    assert_eq!((order.body, order.added_ms), (vec![4], 7));
    assert_eq!(ledger.newest_to(PHONE, ToPhone::Order), Ok(None));
}

fn a_range_has_the_newest_lease(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let first = ledger.feed_statement(&lease(PHONE, 1), 7).unwrap();
    ledger.feed_statement(&lease(OTHER, 2), 7).unwrap();
    ledger.feed_statement(&lease(PHONE, 3), 7).unwrap();
    assert_eq!(items(ledger, PHONE), [FeedItem::Lease(vec![3])]);
    let earlier = ledger.feed(PHONE, 0, first).unwrap();
    assert_eq!(earlier[0].item, FeedItem::Lease(vec![1]));
}

fn revocation(last_seq: u64) -> Revocation {
    Revocation {
        device: PHONE,
        last_seq,
        at_ms: 9,
    }
}

fn a_revocation_stays(ledger: &dyn Ledger) {
    enrol_two(ledger);
    ledger.revoke(&revocation(3)).unwrap();
    assert_eq!(
        ledger.revoke(&revocation(4)),
        Err(LedgerError::Conflict),
        "there is no way back"
    );
    assert_eq!(ledger.revocation(PHONE), Ok(Some(revocation(3))));
    assert_eq!(ledger.revocation(OTHER), Ok(None));
    assert_eq!(ledger.revocations(), Ok(vec![revocation(3)]));
}

fn what_is_undecided_of_later_pushes_is_held(ledger: &dyn Ledger) {
    enrol_two(ledger);
    append(ledger, &push(1, vec![run(case(1), 1, 1, 1)]));
    let rows = append(
        ledger,
        &push(2, vec![run(case(1), 1, 2, 2), run(case(1), 1, 3, 3)]),
    );
    merge(ledger, rows[0]);
    ledger.revoke(&revocation(1)).unwrap();
    let fates: Vec<_> = ledger
        .runs(case(1))
        .unwrap()
        .into_iter()
        .map(|row| row.fate)
        .collect();
    assert_eq!(
        fates,
        [
            Fate::Received,
            Fate::Merged,
            Fate::Held(Fate::REVOKED.into())
        ]
    );
}

fn record(id: u8, fate: SealedFate, runs: Vec<(NewRun, Fate)>) -> NewSealed {
    NewSealed {
        id: [id; 32],
        device: PHONE,
        kept: vec![id],
        size: 100,
        fate,
        changes: vec![ChangeId::new([id; 32])],
        keys: Vec::new(),
        runs,
    }
}

fn a_sealed_record_is_kept_once(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let taken = record(
        1,
        SealedFate::Taken,
        vec![(run(case(1), 1, 1, 1), Fate::Received)],
    );
    ledger.append_sealed(&taken, 5).unwrap();
    ledger.append_sealed(&taken, 6).unwrap();
    assert_eq!(ledger.runs(case(1)).unwrap().len(), 1);
    assert_eq!(ledger.sealed(&[1; 32]).unwrap().unwrap().received_ms, 5);
    let unsigned = || Fate::Held(Fate::UNSIGNED.into());
    let held = record(
        2,
        SealedFate::Held(Fate::UNSIGNED.into()),
        vec![(run(case(1), 2, 1, 1), unsigned())],
    );
    ledger.append_sealed(&held, 7).unwrap();
    assert_eq!(ledger.unvouched(case(1)).unwrap().len(), 1);
    let knows = |id: u8, worth| {
        ledger
            .knows_sealed(&ChangeId::new([id; 32]), worth)
            .unwrap()
    };
    assert!(knows(1, Vouched::Signed) && knows(1, Vouched::Any));
    assert!(!knows(2, Vouched::Signed) && knows(2, Vouched::Any));
    assert!(!knows(3, Vouched::Any));
    assert_eq!(ledger.sealed_aside_size(PHONE), Ok((100, 100)));
    assert_eq!(ledger.sealed_aside_size(OTHER), Ok((0, 100)));
    assert_eq!(ledger.sealed_aside().unwrap().len(), 1);
}

fn one_that_did_not_open_can_come_again(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let fate = |id: u8| ledger.sealed(&[id; 32]).unwrap().unwrap().fate;
    let unopened = SealedFate::Unopened("sealed-to-another".into());
    ledger
        .append_sealed(&record(1, unopened.clone(), vec![]), 5)
        .unwrap();
    let runs = vec![(run(case(1), 1, 1, 1), Fate::Received)];
    ledger
        .append_sealed(&record(1, SealedFate::Taken, runs.clone()), 6)
        .unwrap();
    assert_eq!(fate(1), SealedFate::Taken);
    ledger
        .append_sealed(&record(1, unopened, vec![]), 7)
        .unwrap();
    assert_eq!(fate(1), SealedFate::Taken);
    assert_eq!(ledger.undecided(case(1)).unwrap().len(), runs.len());
}

fn what_came_sealed_is_no_mark_until_it_is_merged(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let rows = append(ledger, &push(1, vec![run(case(1), 1, 1, 1)]));
    merge(ledger, rows[0]);
    let runs = vec![(run(case(1), 1, 3, 3), Fate::Received)];
    ledger
        .append_sealed(&record(1, SealedFate::Taken, runs), 6)
        .unwrap();
    let actor = Actor::new([1; 16]);
    let highest = || {
        let marks = ledger.marks(case(1), Half::Field, &actor).unwrap();
        marks.iter().map(|mark| mark.last_seq).max()
    };
    let ending = || {
        ledger
            .run_ending(case(1), Half::Field, &actor, 3)
            .unwrap()
            .is_some()
    };
    assert_eq!(
        (highest(), ending()),
        (Some(1), false),
        "the second is missing"
    );
    let sealed = ledger.undecided(case(1)).unwrap()[0].id;
    merge(ledger, sealed);
    assert_eq!((highest(), ending()), (Some(3), true));
}

fn a_phones_way_is_noted(ledger: &dyn Ledger) {
    enrol_two(ledger);
    assert_eq!(ledger.cursor_of(PHONE), Ok(0));
    assign(ledger, PHONE, case(1));
    let rows = append(
        ledger,
        &push(1, vec![run(case(1), 1, 1, 4), run(case(1), 1, 5, 6)]),
    );
    merge(ledger, rows[0]);
    let here = ledger.newest().unwrap();
    merge(ledger, rows[1]);
    for cursor in [here + 9, here] {
        ledger.came_to(PHONE, cursor).unwrap();
        assert_eq!(ledger.cursor_of(PHONE), Ok(cursor));
    }
    assert_eq!(ledger.fed_to(PHONE, here), Ok(vec![(case(1), 4)]));
    assert_eq!(ledger.fed_to(OTHER, here), Ok(vec![]));
    let all = RunTally {
        case: case(1),
        fate: Fate::Merged,
        changes: 6,
    };
    assert_eq!(ledger.written_by(PHONE), Ok(vec![all]));
}
