//! Staff, sign-ins, enrolment codes.

use mooring_casefile::{Role, Roles};
use mooring_hq::{IDLE_MS, NewStaff, Refused};
use mooring_identity::{EnrolRefusal, Enrolling, EnrolmentCode, RootStatement, SigningKey};

use crate::world::{MINUTE_MS, PASSWORD, START_MS, Seeded, World, at};
use mooring_casefile::Now;

fn at_ms(ms: i64) -> Now {
    Now {
        wall_ms: START_MS + ms,
        ..at(0)
    }
}

#[test]
fn the_first_start_makes_an_administrator_and_says_so_once() {
    let world = World::new();
    let first = world.hq.first_start().unwrap();
    let signed_in = world
        .hq
        .sign_in(&first.administrator, &first.password, at(0))
        .unwrap_or_else(|e| panic!("{e}"));
    assert!(signed_in.session.roles.has(Role::Administrator));
    let exported = first.exported.as_ref().unwrap();
    assert!(exported.root.exists() && exported.custodians.iter().all(|file| file.exists()));
    assert!(world.restart(at(1)).hq.first_start().is_none());
}

#[test]
fn an_administrator_reads_no_case() {
    let world = World::new();
    let first = world.hq.first_start().unwrap();
    let session = world
        .hq
        .sign_in(&first.administrator, &first.password, at(0))
        .unwrap_or_else(|e| panic!("{e}"))
        .session;
    assert_eq!(
        world.hq.queue(&session, at(0)).unwrap_err().code(),
        "forbidden"
    );
    assert!(world.hq.devices(&session, at(0)).is_ok());
}

#[test]
fn a_session_ends_after_fifteen_idle_minutes_and_not_before() {
    let world = World::new();
    world.add("A. Reyes", Role::Psychiatrist);
    let token = world.sign_in("a. reyes", at(0)).token;
    assert!(
        world.hq.session(&token, at_ms(IDLE_MS)).is_ok(),
        "use keeps it alive"
    );
    assert!(world.hq.peek_session(&token, at_ms(2 * IDLE_MS)).is_ok());
    assert!(
        world.hq.session(&token, at_ms(2 * IDLE_MS + 1)).is_err(),
        "looking does not"
    );
    assert_eq!(
        world.hq.session(&token, at_ms(IDLE_MS)).err(),
        Some(Refused::SignedOut),
        "over is over"
    );
    assert_eq!(
        world.hq.session("guess", at(0)).err(),
        Some(Refused::SignedOut)
    );
}

#[test]
fn signing_out_ends_the_session() {
    let world = World::new();
    world.add("A. Reyes", Role::Psychiatrist);
    let token = world.sign_in("A. Reyes", at(0)).token;
    world.hq.sign_out(&token, at(1)).unwrap();
    assert_eq!(
        world.hq.session(&token, at(1)).err(),
        Some(Refused::SignedOut)
    );
}

#[test]
fn wrong_passwords_cost_time_and_a_right_one_wipes_the_slate() {
    let world = World::new();
    world.add("A. Reyes", Role::Psychiatrist);
    let wrong = |now| world.hq.sign_in("A. Reyes", "wrong", now).err();
    for _ in 0..4 {
        assert_eq!(wrong(at(0)), Some(Refused::WrongPassword));
    }
    world.sign_in("A. Reyes", at(0));
    for _ in 0..5 {
        assert_eq!(wrong(at(0)), Some(Refused::WrongPassword));
    }
    assert_eq!(
        wrong(at(0)),
        Some(Refused::TooManyTries {
            again_in_ms: MINUTE_MS / 2
        })
    );
    let right = world.hq.sign_in("A. Reyes", PASSWORD, at(0)).err();
    assert!(
        matches!(right, Some(Refused::TooManyTries { .. })),
        "the right one has to wait as well"
    );
    assert_eq!(wrong(at(1)), Some(Refused::WrongPassword));
    assert_eq!(
        wrong(at(1)),
        Some(Refused::TooManyTries {
            again_in_ms: MINUTE_MS
        })
    );
    world.sign_in("A. Reyes", at(3));
}

#[test]
fn whoever_knows_the_old_password_sets_a_new_one_and_signs_in_again() {
    const NEW: &str = "nine otters under glass";
    let world = World::new();
    world.add("A. Reyes", Role::Psychiatrist);
    let signed_in = world.sign_in("A. Reyes", at(0));
    let change = |current: &str, new: &str, now| {
        let changed = world
            .hq
            .change_own_password(&signed_in.session, current, new, now);
        changed.err().map(|refused| refused.code())
    };
    assert_eq!(change("wrong", NEW, at(0)), Some("wrong-password"));
    assert_eq!(
        change(PASSWORD, "Reyes-2026-otters", at(0)),
        Some("invalid")
    );
    assert!(
        world.hq.session(&signed_in.token, at(0)).is_ok(),
        "nothing was changed"
    );
    assert_eq!(change(PASSWORD, NEW, at(0)), None);
    assert!(world.hq.session(&signed_in.token, at(0)).is_err());
    assert!(world.hq.sign_in("A. Reyes", PASSWORD, at(0)).is_err());
    assert!(world.hq.sign_in("A. Reyes", NEW, at(0)).is_ok());
    for _ in 0..6 {
        change("wrong", NEW, at(0));
    }
    assert_eq!(
        change(NEW, PASSWORD, at(0)),
        Some("too-many-tries"),
        "guessing costs as at the door"
    );
}

#[test]
fn an_unknown_name_is_answered_like_a_wrong_password() {
    let world = World::new();
    assert_eq!(
        world.hq.sign_in("nobody", "whatever it is", at(0)).err(),
        Some(Refused::WrongPassword)
    );
}

#[test]
fn a_form_must_carry_the_sessions_own_token() {
    let world = World::new();
    world.add("A. Reyes", Role::Psychiatrist);
    let (one, two) = (
        world.sign_in("A. Reyes", at(0)).session,
        world.sign_in("A. Reyes", at(0)).session,
    );
    assert!(one.csrf_matches(one.csrf()));
    assert!(!one.csrf_matches(two.csrf()));
    assert!(!one.csrf_matches(""));
}

#[test]
fn a_name_is_taken_once_and_a_short_password_not_at_all() {
    let world = World::new();
    world.add("A. Reyes", Role::Psychiatrist);
    let add = |name: &str, password: &str| {
        let new = NewStaff {
            name: name.into(),
            roles: Roles::NONE,
            password: Some(password.into()),
        };
        world
            .hq
            .add_staff(&new, at(0))
            .err()
            .map(|refused| refused.code())
    };
    assert_eq!(add("a. REYES", PASSWORD), Some("invalid"));
    assert_eq!(add("B. Moe", "short"), Some("invalid"));
    assert_eq!(add(" ", PASSWORD), Some("invalid"));
    for guessed in [
        "Password2026!",
        "1234567890",
        "moe-moe-moe-moe",
        "Westside-2026",
    ] {
        assert_eq!(add("B. Moe", guessed), Some("invalid"), "{guessed}");
    }
    assert_eq!(add("B. Moe", PASSWORD), None);
}

#[test]
fn a_code_is_good_once_for_fifteen_minutes_and_again_for_the_same_phone() {
    let world = World::new();
    let person = world.add("J. Okafor", Role::Responder);
    let enrol = |text: &str, seed, now: Now| {
        let key = SigningKey::make(&mut Seeded(seed));
        let root = RootStatement::open(world.hq.root()).unwrap();
        let ticket = EnrolmentCode::parse(text).unwrap().derive_ticket();
        let enrolling = Enrolling::begin(&ticket, root, &key, now.wall_ms, &mut Seeded(seed + 1));
        let reply = world.hq.enrol(&enrolling.request().encode(), now)?;
        Ok(enrolling
            .finish(&reply)
            .unwrap()
            .certificate
            .statement()
            .device)
    };
    let code = world
        .hq
        .make_code(person, "https://127.0.0.1:1", at(0))
        .unwrap()
        .text;
    let device = enrol(&code, 10, at(15)).unwrap();
    assert_eq!(
        enrol(&code, 10, at(16)),
        Ok(device),
        "its answer was lost on the way: the same certificate again"
    );
    assert_eq!(
        enrol(&code, 20, at(16)),
        Err(EnrolRefusal::CodeNotValid),
        "another phone"
    );
    let late = world
        .hq
        .make_code(person, "https://127.0.0.1:1", at(0))
        .unwrap()
        .text;
    assert_eq!(
        enrol(&late, 30, at(16)),
        Err(EnrolRefusal::CodeNotValid),
        "too late"
    );
    assert_eq!(world.hq.phones().unwrap().len(), 1);
}

#[test]
fn nonsense_does_not_enrol() {
    let world = World::new();
    assert_eq!(world.hq.enrol(b"", at(0)), Err(EnrolRefusal::Malformed));
    assert_eq!(world.hq.enrol(&[9; 300], at(0)), Err(EnrolRefusal::TooNew));
}
