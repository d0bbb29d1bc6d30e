//! What every ledger must keep of phones that came back.

use super::*;

pub(super) const CHECKS: &[Check] = &[(
    "a new certificate lands with its reason or not at all",
    a_new_certificate_lands_with_its_reason_or_not_at_all,
)];

fn a_new_certificate_lands_with_its_reason_or_not_at_all(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let comeback = |seen, at_ms| Comeback {
        device: PHONE,
        seen,
        epoch: 3,
        evidence: vec![9],
        at_ms,
    };
    let (restored, twice) = (comeback(Seen::Restored, 5), comeback(Seen::Twice, 6));
    ledger.recertify((&[40], &[50]), &restored).unwrap();
    assert_eq!(
        ledger.recertify((&[40], &[60]), &restored),
        Err(LedgerError::Conflict),
        "another came first"
    );
    assert_eq!(ledger.device(PHONE).unwrap().unwrap().certificate, [50]);
    assert_eq!(ledger.device(OTHER).unwrap().unwrap().certificate, [41]);
    ledger.note_comeback(&twice).unwrap();
    assert_eq!(ledger.comebacks().unwrap(), [restored, twice]);
}
