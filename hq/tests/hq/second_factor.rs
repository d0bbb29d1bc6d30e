//! The second factor: nothing without it, no code twice, and a way back when the phone is lost.

use mooring_casefile::{Now, Role};
use mooring_hq::{
    Entered, Headquarters, RECOVERY_CODES, Refused, SecondFactor, SecondFactorRule, Session, Setup,
};
use mooring_identity::{TOTP_STEP_MS, TotpSecret};

use crate::world::{PASSWORD, START_MS, Seeded, World, at, setup};

const NAME: &str = "A. Reyes";

/// A person's authenticator app, as told by HQ's page.
struct App(TotpSecret);

impl App {
    fn of(text: &str) -> Self {
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digits = text
            .chars()
            .filter(|c| *c != ' ')
            .map(|c| ALPHABET.find(c).unwrap());
        let bits: Vec<u8> = digits
            .flat_map(|digit| (0..5).rev().map(move |bit| u8::from(digit >> bit & 1 == 1)))
            .collect();
        let mut bytes: Vec<u8> = bits
            .chunks(8)
            .map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit))
            .collect();
        bytes.resize(32, 0);
        Self(TotpSecret::parse(&bytes).unwrap())
    }

    fn code(&self, now: Now) -> String {
        self.0.code(now.wall_ms / TOTP_STEP_MS)
    }
}

fn step(number: i64) -> Now {
    Now {
        wall_ms: START_MS + number * TOTP_STEP_MS,
        ..at(0)
    }
}

fn set_up(hq: &Headquarters, by: &Session, now: Now) -> (App, Vec<String>) {
    let app = App::of(
        &hq.begin_second_factor(by, now)
            .unwrap_or_else(|e| panic!("{e}"))
            .text,
    );
    let codes = hq.confirm_second_factor(by, &app.code(now), now).unwrap();
    (app, codes)
}

/// A psychiatrist with a second factor, confirmed at step 0.
fn guarded() -> (World, App, Vec<String>) {
    let world = World::new();
    let session = world.psychiatrist(at(0));
    let (app, codes) = set_up(&world.hq, &session, step(0));
    (world, app, codes)
}

#[track_caller]
fn half(hq: &Headquarters, now: Now) -> String {
    match hq.enter(NAME, PASSWORD, now) {
        Ok(Entered::AsksForCode { token }) => token,
        Ok(Entered::SignedIn(_)) => panic!("signed in by the password alone"),
        Err(refused) => panic!("{refused}"),
    }
}

fn enter(hq: &Headquarters, code: &str, now: Now) -> Option<Refused> {
    hq.enter_code(&half(hq, now), code, now).err()
}

#[test]
fn it_counts_only_once_a_code_has_confirmed_it() {
    let world = World::new();
    let session = world.psychiatrist(at(0));
    let app = App::of(
        &world
            .hq
            .begin_second_factor(&session, step(0))
            .unwrap_or_else(|e| panic!("{e}"))
            .text,
    );
    assert_eq!(
        world
            .hq
            .confirm_second_factor(&session, "000000", step(0))
            .err(),
        Some(Refused::WrongCode)
    );
    assert_eq!(world.hq.second_factor(&session), Ok(SecondFactor::None));
    world.sign_in(NAME, step(1));
    let again = App::of(
        &world
            .hq
            .setting_up_again(&session)
            .unwrap_or_else(|e| panic!("{e}"))
            .text,
    );
    assert_eq!(
        again.code(step(1)),
        app.code(step(1)),
        "a wrong code does not cost the secret"
    );
    let codes = world
        .hq
        .confirm_second_factor(&session, &app.code(step(1)), step(1))
        .unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert_eq!(
        world.hq.second_factor(&session),
        Ok(SecondFactor::Confirmed { recovery_codes: 10 })
    );
    assert!(
        world.hq.setting_up_again(&session).is_err(),
        "the secret is never shown again"
    );
    assert!(
        world.hq.begin_second_factor(&session, step(1)).is_err(),
        "and no session replaces it"
    );
}

#[test]
fn the_password_alone_is_worth_nothing_from_then_on() {
    let (world, app, _) = guarded();
    assert_eq!(
        world.hq.sign_in(NAME, PASSWORD, step(1)).err(),
        Some(Refused::WrongCode)
    );
    let token = half(&world.hq, step(1));
    assert!(
        world.hq.session(&token, step(1)).is_err(),
        "half a sign-in is no session"
    );
    let signed_in = world
        .hq
        .enter_code(&token, &app.code(step(1)), step(1))
        .unwrap_or_else(|e| panic!("{e}"));
    assert!(signed_in.session.second_factor);
    assert!(world.hq.queue(&signed_in.session, step(1)).is_ok());
    assert_eq!(
        world
            .hq
            .enter_code(&token, &app.code(step(2)), step(2))
            .err(),
        Some(Refused::SignedOut)
    );
}

#[test]
fn a_code_works_once_even_under_another_sign_in() {
    let (world, app, _) = guarded();
    assert_eq!(
        enter(&world.hq, &app.code(step(0)), step(0)),
        Some(Refused::WrongCode),
        "it confirmed the set-up"
    );
    assert_eq!(enter(&world.hq, &app.code(step(1)), step(1)), None);
    assert_eq!(
        enter(&world.hq, &app.code(step(1)), step(1)),
        Some(Refused::WrongCode)
    );
    assert_eq!(
        enter(&world.hq, &app.code(step(0)), step(1)),
        Some(Refused::WrongCode),
        "nor one before it"
    );
    assert_eq!(
        enter(&world.hq, &app.code(step(2)), step(1)),
        None,
        "a clock may be a step fast"
    );
    assert_eq!(
        enter(&world.hq, &app.code(step(9)), step(7)),
        Some(Refused::WrongCode),
        "not two"
    );
}

#[test]
fn each_recovery_code_works_once_however_it_is_typed_and_for_its_person_alone() {
    let (world, _, codes) = guarded();
    assert_eq!(
        enter(
            &world.hq,
            &codes[0].to_uppercase().replace('-', " "),
            step(5)
        ),
        None
    );
    assert_eq!(
        enter(&world.hq, &codes[0], step(5)),
        Some(Refused::WrongCode)
    );
    let other = world.add("B. Moe", Role::Psychiatrist);
    let session = world.sign_in("B. Moe", step(5)).session;
    let (_, theirs) = set_up(&world.hq, &session, step(6));
    assert_eq!(
        enter(&world.hq, &theirs[1], step(7)),
        Some(Refused::WrongCode)
    );
    assert_eq!(enter(&world.hq, &codes[1], step(7)), None);
    assert_eq!(world.hq.find_staff("B. Moe").unwrap().id, other);
}

#[test]
fn wrong_codes_cost_time_and_a_right_password_does_not_buy_new_tries() {
    let (world, app, codes) = guarded();
    let token = half(&world.hq, step(1));
    for _ in 0..5 {
        assert_eq!(
            world.hq.enter_code(&token, "000000", step(1)).err(),
            Some(Refused::WrongCode)
        );
    }
    let waits = |refused: Option<Refused>| matches!(refused, Some(Refused::TooManyTries { .. }));
    assert!(waits(
        world
            .hq
            .enter_code(&token, &app.code(step(1)), step(1))
            .err()
    ));
    assert!(waits(world.hq.enter_code(&token, &codes[0], step(1)).err()));
    assert!(waits(world.hq.enter(NAME, PASSWORD, step(1)).err()));
    assert_eq!(
        world
            .hq
            .enter_code(&token, &app.code(step(3)), step(3))
            .err(),
        None,
        "after the wait"
    );
    assert_eq!(
        enter(&world.hq, &app.code(step(4)), step(4)),
        None,
        "and the slate is wiped"
    );
}

#[test]
fn the_code_has_to_follow_within_five_minutes() {
    let (world, app, _) = guarded();
    let token = half(&world.hq, step(1));
    assert_eq!(
        world
            .hq
            .enter_code(&token, &app.code(step(12)), step(12))
            .err(),
        Some(Refused::SignedOut)
    );
    assert_eq!(
        world
            .hq
            .enter_code("guess", &app.code(step(12)), step(12))
            .err(),
        Some(Refused::SignedOut)
    );
    assert_eq!(enter(&world.hq, &app.code(step(12)), step(12)), None);
}

#[test]
fn a_reset_ends_every_sign_in_and_the_password_is_enough_again() {
    let (world, app, codes) = guarded();
    let token = half(&world.hq, step(1));
    let signed_in = world
        .hq
        .enter_code(&token, &app.code(step(1)), step(1))
        .unwrap_or_else(|e| panic!("{e}"));
    let waiting = half(&world.hq, step(2));
    let person = signed_in.session.staff;
    world.hq.reset_second_factor(person, step(2)).unwrap();
    assert!(world.hq.session(&signed_in.token, step(2)).is_err());
    assert_eq!(
        world.hq.enter_code(&waiting, &codes[0], step(2)).err(),
        Some(Refused::SignedOut)
    );
    let again = world.sign_in(NAME, step(3)).session;
    let (_, new_codes) = set_up(&world.hq, &again, step(4));
    assert_eq!(
        enter(&world.hq, &codes[0], step(5)),
        Some(Refused::WrongCode)
    );
    assert_eq!(enter(&world.hq, &new_codes[0], step(5)), None);
}

#[test]
fn it_outlives_a_restart_and_nothing_of_it_lies_open_in_the_folder() {
    let (world, app, codes) = guarded();
    let world = world.restart(step(3));
    assert_eq!(enter(&world.hq, &app.code(step(4)), step(4)), None);
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(path).unwrap();
            let plain = codes[3].replace('-', "");
            assert!(!bytes.windows(16).any(|window| window == plain.as_bytes()));
            assert!(
                !bytes
                    .windows(20)
                    .any(|window| window == &app.0.expose()[..20])
            );
        }
    }
}

#[test]
fn an_agency_may_ask_it_of_whoever_reads_cases() {
    let folder = tempfile::tempdir().unwrap();
    let asked = Setup {
        second_factor: SecondFactorRule::WhoeverReadsCases,
        ..setup()
    };
    let hq = Headquarters::open_as(folder.path(), asked, at(0), Box::new(Seeded(1))).unwrap();
    for (name, role) in [(NAME, Role::Psychiatrist), ("D. Ito", Role::Dispatcher)] {
        let new = mooring_hq::NewStaff {
            name: name.into(),
            roles: mooring_casefile::Roles::NONE.with(role),
            password: Some(PASSWORD.into()),
        };
        hq.add_staff(&new, at(0)).unwrap();
    }
    let session = hq
        .sign_in(NAME, PASSWORD, step(0))
        .unwrap_or_else(|e| panic!("{e}"))
        .session;
    assert_eq!(
        hq.queue(&session, step(0)).unwrap_err(),
        Refused::SecondFactorFirst
    );
    assert_eq!(
        hq.devices(&session, step(0)).unwrap_err(),
        Refused::SecondFactorFirst
    );
    let (app, _) = set_up(&hq, &session, step(0));
    let signed_in = hq
        .enter_code(&half(&hq, step(1)), &app.code(step(1)), step(1))
        .unwrap_or_else(|e| panic!("{e}"));
    assert!(hq.queue(&signed_in.session, step(1)).is_ok());
    let dispatcher = hq
        .sign_in("D. Ito", PASSWORD, step(1))
        .unwrap_or_else(|e| panic!("{e}"))
        .session;
    assert!(!dispatcher.must_set_up, "who reads no case is not asked");
}
