//! What every ledger must do with second factors: a step and a recovery code work once.

use super::*;

pub(super) const CHECKS: &[Check] = &[
    (
        "a second factor counts once it is confirmed and can not be replaced then",
        a_second_factor_counts_once_it_is_confirmed,
    ),
    ("a step and a code work once", a_step_and_a_code_work_once),
    (
        "a reset takes everything away",
        a_reset_takes_everything_away,
    ),
    (
        "a new password ends a half sign-in",
        a_new_password_ends_a_half_sign_in,
    ),
];

fn row(sealed: u8) -> SecondFactorRow {
    SecondFactorRow {
        staff: PERSON,
        sealed: vec![sealed],
        begun_ms: 5,
        confirmed_ms: None,
        last_step: 0,
    }
}

fn half() -> HalfSignIn {
    HalfSignIn {
        token_hash: [8; 32],
        staff: PERSON,
        begun_ms: 5,
    }
}

fn a_second_factor_counts_once_it_is_confirmed(ledger: &dyn Ledger) {
    enrol_two(ledger);
    assert_eq!(ledger.second_factor(PERSON), Ok(None));
    ledger.begin_second_factor(&row(1)).unwrap();
    ledger.begin_second_factor(&row(2)).unwrap();
    assert_eq!(ledger.second_factor(PERSON), Ok(Some(row(2))));
    assert_eq!(ledger.use_step(PERSON, 7), Ok(false), "not confirmed yet");
    assert_eq!(
        ledger.confirm_second_factor(PERSON, 7, &[[1; 32]], 9),
        Ok(true)
    );
    assert_eq!(
        ledger.confirm_second_factor(PERSON, 8, &[[2; 32]], 9),
        Ok(false)
    );
    assert_eq!(ledger.recovery_codes_left(PERSON), Ok(1));
    assert_eq!(
        ledger.begin_second_factor(&row(3)),
        Err(LedgerError::Conflict)
    );
    let confirmed = SecondFactorRow {
        confirmed_ms: Some(9),
        last_step: 7,
        ..row(2)
    };
    assert_eq!(ledger.second_factor(PERSON), Ok(Some(confirmed)));
}

fn a_step_and_a_code_work_once(ledger: &dyn Ledger) {
    enrol_two(ledger);
    ledger.begin_second_factor(&row(1)).unwrap();
    ledger
        .confirm_second_factor(PERSON, 7, &[[1; 32], [2; 32]], 9)
        .unwrap();
    assert_eq!(ledger.use_step(PERSON, 7), Ok(false));
    assert_eq!(ledger.use_step(PERSON, 8), Ok(true));
    assert_eq!(ledger.use_step(PERSON, 8), Ok(false));
    assert_eq!(ledger.use_recovery_code(PERSON, &[1; 32], 10), Ok(true));
    assert_eq!(ledger.use_recovery_code(PERSON, &[1; 32], 10), Ok(false));
    assert_eq!(ledger.use_recovery_code(PERSON, &[9; 32], 10), Ok(false));
    let another = PersonId::new([9; 16]);
    assert_eq!(ledger.use_recovery_code(another, &[2; 32], 10), Ok(false));
    assert_eq!(ledger.recovery_codes_left(PERSON), Ok(1));
    ledger.begin_half(&half()).unwrap();
    assert_eq!(ledger.half(&[8; 32]), Ok(Some(half())));
    assert_eq!(ledger.end_half(&[8; 32]), Ok(true));
    assert_eq!(ledger.end_half(&[8; 32]), Ok(false));
    assert_eq!(ledger.half(&[8; 32]), Ok(None));
}

fn a_reset_takes_everything_away(ledger: &dyn Ledger) {
    enrol_two(ledger);
    ledger.begin_second_factor(&row(1)).unwrap();
    ledger
        .confirm_second_factor(PERSON, 7, &[[1; 32]], 9)
        .unwrap();
    ledger.begin_half(&half()).unwrap();
    let session = SessionRow {
        token_hash: [6; 32],
        sign_in: RecordId::derive(5, [1; 10]),
        staff: PERSON,
        csrf: "c".into(),
        begun_ms: 5,
        seen_ms: 5,
    };
    ledger.begin_session(&session).unwrap();
    ledger.forget_second_factor(PERSON, 10).unwrap();
    assert_eq!(ledger.second_factor(PERSON), Ok(None));
    assert_eq!(ledger.recovery_codes_left(PERSON), Ok(0));
    assert_eq!(ledger.half(&[8; 32]), Ok(None));
    assert_eq!(ledger.session(&[6; 32]), Ok(None));
    ledger.begin_second_factor(&row(2)).unwrap();
}

fn a_new_password_ends_a_half_sign_in(ledger: &dyn Ledger) {
    enrol_two(ledger);
    ledger.begin_half(&half()).unwrap();
    ledger.set_password(PERSON, "$phc", 10).unwrap();
    assert_eq!(ledger.half(&[8; 32]), Ok(None));
}
