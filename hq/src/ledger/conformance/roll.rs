//! What every roll must do: codes, names, sessions.

use super::*;

pub(super) const CHECKS: &[Check] = &[
    (
        "a code works once and in time",
        a_code_works_once_and_in_time,
    ),
    (
        "staff names are unique whatever their case",
        staff_names_are_unique_whatever_their_case,
    ),
    (
        "a new password ends every session",
        a_new_password_ends_every_session,
    ),
    (
        "failures count until a success",
        failures_count_until_a_success,
    ),
];

fn a_code_works_once_and_in_time(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let device = |id| DeviceRow {
        id,
        person: PERSON,
        certificate: vec![],
        enrolled_ms: 5,
        heard_ms: None,
    };
    let third = device(DeviceId::new([4; 16]));
    assert_eq!(
        ledger.enrol(&[40; 16], &third, 6),
        Ok(CodeUse::Used { device: PHONE })
    );
    assert_eq!(ledger.enrol(&[9; 16], &third, 6), Ok(CodeUse::Unknown));
    ledger
        .add_code(&Code {
            ticket: [5; 16],
            key: [6; 32],
            person: PERSON,
            expires_ms: 100,
        })
        .unwrap();
    assert_eq!(ledger.enrol(&[5; 16], &third, 101), Ok(CodeUse::Expired));
    assert_eq!(
        ledger.enrol(&[5; 16], &device(PHONE), 100),
        Err(LedgerError::Conflict),
        "that phone is enrolled"
    );
    let (code, worth) = ledger.look_up_code(&[5; 16], 100).unwrap().unwrap();
    assert_eq!(
        (code.key, worth),
        ([6; 32], CodeUse::Good(PERSON)),
        "a failed enrolment uses nothing"
    );
    assert_eq!(ledger.devices().unwrap().len(), 2);
    ledger.heard_from(PHONE, 77).unwrap();
    assert_eq!(ledger.device(PHONE).unwrap().unwrap().heard_ms, Some(77));
}

fn staff_names_are_unique_whatever_their_case(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let again = StaffRow {
        id: PersonId::new([8; 16]),
        name: "j. okafor".into(),
        roles: Roles::NONE,
        password: None,
        added_ms: 2,
    };
    assert_eq!(ledger.add_staff(&again), Err(LedgerError::Conflict));
    assert_eq!(ledger.staff_named("J. OKAFOR").unwrap().unwrap().id, PERSON);
    ledger
        .set_roles(PERSON, Roles::NONE.with(Role::Clinician))
        .unwrap();
    assert!(
        ledger
            .staff_member(PERSON)
            .unwrap()
            .unwrap()
            .roles
            .has(Role::Clinician)
    );
    assert_eq!(ledger.staff().unwrap().len(), 1);
}

fn a_new_password_ends_every_session(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let session = SessionRow {
        token_hash: [6; 32],
        sign_in: RecordId::derive(5, [1; 10]),
        staff: PERSON,
        csrf: "c".into(),
        begun_ms: 5,
        seen_ms: 5,
    };
    ledger.begin_session(&session).unwrap();
    ledger.touch_session(&[6; 32], 9).unwrap();
    assert_eq!(
        ledger.session(&[6; 32]),
        Ok(Some(SessionRow {
            seen_ms: 9,
            ..session.clone()
        }))
    );
    ledger.set_password(PERSON, "$phc", 10).unwrap();
    assert_eq!(ledger.session(&[6; 32]), Ok(None));
    assert_eq!(
        ledger
            .staff_member(PERSON)
            .unwrap()
            .unwrap()
            .password
            .as_deref(),
        Some("$phc")
    );
    let second = SessionRow {
        token_hash: [7; 32],
        sign_in: RecordId::derive(5, [2; 10]),
        ..session
    };
    ledger.begin_session(&second).unwrap();
    ledger.end_session(&[7; 32], 11).unwrap();
    assert_eq!(ledger.session(&[7; 32]), Ok(None));
}

fn failures_count_until_a_success(ledger: &dyn Ledger) {
    for (at, outcome) in [(1, "wrong"), (2, "good"), (3, "wrong"), (4, "wrong")] {
        ledger.note_attempt("Reyes", outcome, at).unwrap();
    }
    assert_eq!(ledger.failed_attempts("reyes", 0), Ok(vec![3, 4]));
    assert_eq!(ledger.failed_attempts("reyes", 4), Ok(vec![4]));
    assert_eq!(ledger.failed_attempts("else", 0), Ok(vec![]));
    for (at, outcome) in [(5, "wrong"), (6, "half"), (7, "wrong")] {
        ledger.note_attempt("Reyes", outcome, at).unwrap();
    }
    assert_eq!(ledger.failed_attempts("reyes", 0), Ok(vec![3, 4, 7]));
}
