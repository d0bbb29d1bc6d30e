//! What every audit trail must do: each row hangs on the one before it.

use super::*;

pub(super) const CHECKS: &[Check] = &[
    (
        "each row hangs on the one before",
        each_row_hangs_on_the_one_before,
    ),
    ("a checkpoint stays as it was", a_checkpoint_stays_as_it_was),
];

fn row(verb: &str) -> Audit {
    Audit {
        at_ms: 1,
        staff: Some(PERSON),
        sign_in: Some(RecordId::derive(5, [1; 10])),
        verb: verb.into(),
        case: Some(case(1)),
        code: Some("forbidden".into()),
        about: Some(PersonId::new([9; 16])),
        device: Some(PHONE),
        detail: Some("1-3".into()),
    }
}

fn each_row_hangs_on_the_one_before(ledger: &dyn Ledger) {
    assert_eq!(ledger.newest_audited(), Ok(None));
    let one = ledger.audit(&row("one")).unwrap();
    let two = ledger
        .audit(&Audit {
            verb: "two".into(),
            ..Audit::default()
        })
        .unwrap();
    assert_eq!((one.number, two.number), (1, 2));
    assert_eq!(one.said, row("one"));
    assert_eq!(one.hash, Some(one.said.hash(1, &CHAIN_BEGINS)));
    assert_eq!(two.hash, Some(two.said.hash(2, &one.hash.unwrap())));
    assert_eq!(ledger.audited(0, 9), Ok(vec![one.clone(), two.clone()]));
    assert_eq!(ledger.audited(0, 1), Ok(vec![one]));
    assert_eq!(ledger.audited(2, 9), Ok(vec![two.clone()]));
    ledger.chain_older_rows().unwrap();
    assert_eq!(ledger.newest_audited(), Ok(Some(two)));
    assert_eq!(ledger.audit_numbers_given(), Ok(2));
}

fn a_checkpoint_stays_as_it_was(ledger: &dyn Ledger) {
    let checkpoint = |signed| CheckpointRow {
        number: 32,
        signed: vec![signed],
        key_set: vec![1],
    };
    ledger.keep_checkpoint(&checkpoint(1)).unwrap();
    ledger.keep_checkpoint(&checkpoint(2)).unwrap();
    assert_eq!(ledger.checkpoints(), Ok(vec![checkpoint(1)]));
}
