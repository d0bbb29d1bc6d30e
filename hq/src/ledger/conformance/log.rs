//! What every log must do: whole pushes, parts, nonces, fates.

use super::*;

pub(super) const CHECKS: &[Check] = &[
    ("a push lands whole and once", a_push_lands_whole_and_once),
    (
        "a push of an unknown phone lands not at all",
        a_push_of_an_unknown_phone_lands_not_at_all,
    ),
    (
        "a push that does not follow lands not at all",
        a_push_that_does_not_follow_lands_not_at_all,
    ),
    (
        "parts come back in order and go with their push",
        parts_come_back_in_order_and_go_with_their_push,
    ),
    (
        "a nonce is spent once until it expires",
        a_nonce_is_spent_once_until_it_expires,
    ),
    (
        "marks tell merged and what lies beyond",
        marks_tell_merged_and_what_lies_beyond,
    ),
    ("a merged run stays merged", a_merged_run_stays_merged),
    ("a case keeps its first key", a_case_keeps_its_first_key),
];

fn a_push_lands_whole_and_once(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let new = push(1, vec![run(case(1), 1, 1, 2), run(case(2), 1, 1, 1)]);
    append(ledger, &new);
    assert_eq!(
        ledger.append_push(&new, 11),
        Ok(Appended::Known(new.receipt.clone()))
    );
    assert_eq!(ledger.cases().unwrap(), [case(1), case(2)]);
    let rows = ledger.runs(case(1)).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0].run, &rows[0].fate, rows[0].received_ms),
        (&new.runs[0], &Fate::Received, 10)
    );
    let kept = ledger.push(&new.id).unwrap().unwrap();
    assert_eq!(
        (kept.hash, kept.statement, kept.dev_seq),
        (new.hash, new.statement, 1)
    );
    assert_eq!(kept.receipt, new.receipt);
    assert_eq!(ledger.last_push(PHONE, 0).unwrap().unwrap().id, [1; 32]);
    assert_eq!(ledger.last_push(PHONE, 1), Ok(None));
    assert_eq!(ledger.undecided_cases().unwrap(), [case(1), case(2)]);
}

fn a_push_of_an_unknown_phone_lands_not_at_all(ledger: &dyn Ledger) {
    assert!(
        ledger
            .append_push(&push(1, vec![run(case(1), 1, 1, 1)]), 10)
            .is_err()
    );
    assert_eq!(ledger.cases(), Ok(vec![]));
    assert_eq!(ledger.push(&[1; 32]), Ok(None));
}

fn a_push_that_does_not_follow_lands_not_at_all(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let second = push(2, vec![run(case(1), 1, 1, 1)]);
    assert_eq!(
        ledger.append_push(&second, 9),
        Ok(Appended::OutOfOrder(None))
    );
    append(ledger, &push(1, vec![]));
    let forked = NewPush {
        prev: [9; 32],
        ..second.clone()
    };
    let last = ledger.last_push(PHONE, 0).unwrap();
    assert_eq!(
        ledger.append_push(&forked, 9),
        Ok(Appended::OutOfOrder(last))
    );
    assert_eq!(ledger.cases(), Ok(vec![]));
    append(ledger, &second);
    assert_eq!(
        ledger.append_push(&push(1, vec![]), 9),
        Ok(Appended::Known(vec![1, 3])),
        "an old one is known"
    );
}

fn parts_come_back_in_order_and_go_with_their_push(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let part = |push: u8, start: u64, byte: u8| Part {
        device: PHONE,
        push: [push; 32],
        start,
        total: 6,
        bytes: vec![byte; 3],
    };
    for part in [part(1, 3, 8), part(1, 0, 7), part(2, 0, 9), part(1, 0, 7)] {
        ledger.keep_part(&part, 10).unwrap();
    }
    assert_eq!(
        ledger.parts(PHONE, &[1; 32]).unwrap(),
        [part(1, 0, 7), part(1, 3, 8)]
    );
    assert_eq!(
        (ledger.parts_size(PHONE), ledger.parts_size(OTHER)),
        (Ok(9), Ok(0))
    );
    append(ledger, &push(1, vec![]));
    assert_eq!(ledger.parts(PHONE, &[1; 32]), Ok(vec![]));
    assert_eq!(ledger.parts_size(PHONE), Ok(3));
    ledger.forget_parts(PHONE, None).unwrap();
    assert_eq!(ledger.parts_size(PHONE), Ok(0));
}

fn a_nonce_is_spent_once_until_it_expires(ledger: &dyn Ledger) {
    assert_eq!(ledger.spend_nonce(PHONE, b"one", 100, 10), Ok(true));
    assert_eq!(ledger.spend_nonce(PHONE, b"one", 100, 100), Ok(false));
    assert_eq!(ledger.spend_nonce(OTHER, b"one", 100, 10), Ok(true));
    assert_eq!(ledger.spend_nonce(PHONE, b"one", 300, 101), Ok(true));
}

fn marks_tell_merged_and_what_lies_beyond(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let actor = Actor::new([1; 16]);
    assert_eq!(ledger.marks(case(1), Half::Field, &actor), Ok(vec![]));
    let runs = vec![
        run(case(1), 1, 1, 2),
        run(case(1), 1, 3, 4),
        run(case(1), 1, 5, 6),
    ];
    let rows = append(ledger, &push(1, runs));
    merge(ledger, rows[0]);
    let held = Decision {
        run: rows[2],
        fate: Fate::Held("fork".into()),
        entry: Entry::None,
    };
    let waiting = Decision {
        run: rows[1],
        fate: Fate::Waiting,
        entry: Entry::None,
    };
    ledger
        .decide(
            &Moves {
                decisions: vec![held, waiting],
                ..Moves::default()
            },
            20,
        )
        .unwrap();
    let mark = |seq: u8, fate| Mark {
        last_seq: seq.into(),
        last_change: ChangeId::new([seq; 32]),
        fate,
    };
    assert_eq!(
        ledger.marks(case(1), Half::Field, &actor).unwrap(),
        [mark(2, Fate::Merged), mark(6, Fate::Held("fork".into()))]
    );
    assert_eq!(
        ledger.undecided(case(1)).unwrap().len(),
        1,
        "a waiting run is tried again, a held one is not"
    );
    merge(ledger, rows[1]);
    merge(ledger, rows[2]);
    assert_eq!(
        ledger.marks(case(1), Half::Field, &actor).unwrap(),
        [mark(6, Fate::Merged)]
    );
    assert_eq!(ledger.marks(case(1), Half::Hq, &actor), Ok(vec![]));
    assert_eq!(
        ledger.run_ending(case(1), Half::Field, &actor, 4),
        Ok(Some(mark(4, Fate::Merged)))
    );
    assert_eq!(ledger.run_ending(case(1), Half::Field, &actor, 5), Ok(None));
    assert_eq!(ledger.actors(case(1), Half::Field), Ok(vec![actor]));
}

fn a_merged_run_stays_merged(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let rows = append(ledger, &push(1, vec![run(case(1), 1, 1, 1)]));
    merge(ledger, rows[0]);
    let back = Decision {
        run: rows[0],
        fate: Fate::Received,
        entry: Entry::None,
    };
    assert!(
        ledger
            .decide(
                &Moves {
                    decisions: vec![back],
                    ..Moves::default()
                },
                21
            )
            .is_err()
    );
    assert_eq!(ledger.runs(case(1)).unwrap()[0].fate, Fate::Merged);
}

fn a_case_keeps_its_first_key(ledger: &dyn Ledger) {
    enrol_two(ledger);
    assert_eq!(ledger.case_key(case(1)), Ok(None));
    append(
        ledger,
        &NewPush {
            keys: vec![(case(1), [1; 32])],
            ..push(1, vec![run(case(1), 1, 1, 1)])
        },
    );
    let second = NewPush {
        keys: vec![(case(2), [2; 32]), (case(1), [3; 32])],
        ..push(2, vec![])
    };
    assert_eq!(ledger.append_push(&second, 10), Err(LedgerError::Conflict));
    assert_eq!(
        (ledger.case_key(case(1)), ledger.case_key(case(2))),
        (Ok(Some([1; 32])), Ok(None))
    );
    assert_eq!(
        ledger.push(&second.id),
        Ok(None),
        "it lands not at all, and is sealed again"
    );
}
