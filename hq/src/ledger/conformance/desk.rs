//! What every desk must do: pages, rungs, drafts.

use super::*;

pub(super) const CHECKS: &[Check] = &[
    (
        "a page as shown is never rewritten",
        a_page_as_shown_is_never_rewritten,
    ),
    ("a rung is claimed once", a_rung_is_claimed_once),
    ("a draft is replaced", a_draft_is_replaced),
];

fn a_page_as_shown_is_never_rewritten(ledger: &dyn Ledger) {
    let page = ShownRow {
        id: [1; 32],
        case: case(1),
        staff: PERSON,
        text_hash: [2; 32],
        sealed: vec![3],
        shown_ms: 4,
    };
    ledger.keep_shown(&page).unwrap();
    ledger
        .keep_shown(&ShownRow {
            sealed: vec![9],
            ..page.clone()
        })
        .unwrap();
    assert_eq!(ledger.shown(&[1; 32]), Ok(Some(page)));
    let review = ReviewRow {
        id: RecordId::derive(5, [1; 10]),
        case: case(1),
        shown: [1; 32],
        statement: vec![1],
        signed_ms: 5,
    };
    ledger.keep_review(&review).unwrap();
    assert_eq!(ledger.keep_review(&review), Err(LedgerError::Conflict));
    assert_eq!(ledger.reviews(case(1)), Ok(vec![review]));
}

fn a_rung_is_claimed_once(ledger: &dyn Ledger) {
    let rung = |rung| Alert {
        case: case(1),
        since_ms: 5,
        rung,
        level: "high".into(),
        claimed_ms: 9,
        outcome: None,
    };
    assert_eq!(ledger.claim_rung(&rung(0)), Ok(true));
    assert_eq!(ledger.claim_rung(&rung(0)), Ok(false));
    assert_eq!(ledger.claim_rung(&rung(1)), Ok(true));
    assert_eq!(
        ledger.claim_again(&rung(0), 9),
        Ok(true),
        "one that was cut off is claimed again"
    );
    assert_eq!(
        ledger.claim_again(
            &Alert {
                claimed_ms: 8,
                ..rung(0)
            },
            10
        ),
        Ok(false),
        "by one alone"
    );
    ledger.note_alert(&rung(0), AlertOutcome::Failed).unwrap();
    assert_eq!(
        ledger.claim_again(&rung(0), 10),
        Ok(false),
        "one that ended is over"
    );
    let after = ledger.alerts(case(1)).unwrap();
    assert_eq!(
        after,
        [
            Alert {
                outcome: Some(AlertOutcome::Failed),
                ..rung(0)
            },
            rung(1)
        ]
    );
}

fn a_draft_is_replaced(ledger: &dyn Ledger) {
    let draft = |saved_ms| DraftRow {
        sealed: vec![1],
        saved_ms,
    };
    ledger.keep_draft(PERSON, case(1), &draft(1)).unwrap();
    ledger.keep_draft(PERSON, case(1), &draft(2)).unwrap();
    assert_eq!(ledger.draft(PERSON, case(1)), Ok(Some(draft(2))));
    assert_eq!(ledger.draft(PERSON, case(2)), Ok(None));
}
