//! HQ's keys while phones are at work: a new online key, whoever was away meanwhile, and a phone that two custodians open.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mooring_casefile::{CaseId, Role};
use mooring_device::{Device, Seams, Standing, begin_recovery};
use mooring_hq::{FormerKey, NewAdvice};
use mooring_identity::{KdfParams, SoftwareKeyProvider, os_random};
use mooring_tests::{World, doctor, settle_all};

const HOUR_S: i64 = 60 * 60;

fn rotate(world: &World, former: FormerKey) -> u64 {
    let root = world.hq_folder().join("export/root-private-key.bin");
    let hq = world.hq();
    hq.rotate_online_key(&root, former, world.now()).unwrap()
}

/// The phone writes something, HQ has it afterwards, and what HQ says comes to the phone.
#[track_caller]
fn goes_on(world: &mut World, number: usize, case: CaseId) {
    world.pass_s(60);
    let reyes = world.sign_in("Dr. A. Reyes");
    let hq = world.hq();
    let page = hq.case(&reyes, case, world.now()).unwrap();
    let advice = NewAdvice {
        shown: page.shown,
        text: "Stay with him.".to_owned(),
        expires_ms: None,
        replaces: None,
    };
    hq.send_advice(&reyes, case, &advice, world.now()).unwrap();
    let (phone, now) = world.phone(number);
    let before = phone.show(case, now).view.advice.len();
    phone.start(case, "suicide-risk-interview", now);
    let done = world.exchange(number);
    assert!(done.fault().is_none() && done.sent_changes > 0);
    let (phone, now) = world.phone(number);
    let shown = phone.show(case, now);
    let after = shown.view.advice.len();
    assert!(after > before, "what HQ wrote came");
    let done = world.exchange(number);
    assert_eq!(done.fault(), None);
    let (phone, now) = world.phone(number);
    assert_eq!(phone.device().only_here(now), Ok(0));
    assert_eq!(phone.device().standing(now), Ok(Standing::Reads));
    // What was checked when it came is checked again at every opening.
    phone.kill();
    phone.reopen(now);
    assert_eq!(phone.show(case, now).view.advice.len(), after);
}

fn agency(seed: u64) -> (World, CaseId) {
    let mut world = World::with_phones(seed, &[Role::Clinician, Role::Peer]);
    doctor(&world);
    let case = world.shared_case("M., 34");
    settle_all(&mut world);
    (world, case)
}

#[test]
fn phones_go_on_without_a_break_when_hq_changes_its_online_key() {
    for former in [FormerKey::Stays, FormerKey::Goes] {
        let (mut world, case) = agency(60);
        assert_eq!(rotate(&world, former), 2);
        goes_on(&mut world, 0, case);
        world.kill_hq();
        world.start_hq();
        goes_on(&mut world, 0, case);
        goes_on(&mut world, 1, case);
    }
}

#[test]
fn a_phone_that_was_away_while_the_key_changed_several_times_gets_through() {
    let (mut world, case) = agency(61);
    rotate(&world, FormerKey::Goes);
    world.pass_s(HOUR_S);
    goes_on(&mut world, 1, case);
    rotate(&world, FormerKey::Stays);
    rotate(&world, FormerKey::Goes);
    world.pass_s(6 * HOUR_S);
    goes_on(&mut world, 1, case);
    goes_on(&mut world, 0, case);
}

#[test]
fn a_phone_that_enrols_after_a_key_was_dropped_believes_what_that_key_signed_before() {
    let (mut world, case) = agency(62);
    rotate(&world, FormerKey::Goes);
    let owner = world.phones[0].person;
    let late = world.add_phone_of(owner);
    world.exchange(late);
    goes_on(&mut world, late, case);
}

#[test]
fn a_push_whose_receipt_was_lost_before_the_key_changed_is_receipted_again() {
    let (mut world, case) = agency(63);
    let (phone, now) = world.phone(0);
    phone.start(case, "suicide-risk-interview", now);
    phone.link = mooring_tests::Link::new(
        mooring_tests::Weather {
            lost_replies: 100,
            ..mooring_tests::Weather::default()
        },
        1,
    );
    world.exchange(0);
    world.phones[0].link = mooring_tests::Link::clear();
    rotate(&world, FormerKey::Goes);
    let done = world.exchange(0);
    assert_eq!((done.fault(), done.sent_changes), (None, 1));
    goes_on(&mut world, 0, case);
}

#[test]
fn a_locked_phone_that_knows_none_of_the_new_keys_hears_what_hq_has() {
    let (mut world, case) = agency(64);
    let (phone, now) = world.phone(0);
    phone.start(case, "suicide-risk-interview", now);
    phone.lock();
    rotate(&world, FormerKey::Goes);
    assert_eq!(world.upload(0).unwrap().named, 1);
    assert_eq!(world.phones[0].outbox().only_here(), Some(0));
}

#[test]
fn only_the_root_makes_keys_and_a_wrong_one_changes_nothing() {
    let (mut world, case) = agency(65);
    let custodian = world.hq_folder().join("export/custodian-1-private-key.bin");
    let before = fs::read_dir(world.hq_folder().join("keys"))
        .unwrap()
        .count();
    let (hq, now) = (world.hq(), world.now());
    assert!(
        hq.rotate_online_key(&custodian, FormerKey::Goes, now)
            .is_err()
    );
    assert!(hq.make_sealing_keys(&custodian, now).is_err());
    let after = fs::read_dir(world.hq_folder().join("keys"))
        .unwrap()
        .count();
    assert_eq!(before, after);
    goes_on(&mut world, 0, case);
}

#[test]
fn new_keys_to_seal_to_replace_the_old_ones_and_what_was_sealed_to_those_still_opens() {
    let (mut world, case) = agency(66);
    let (phone, now) = world.phone(0);
    phone.start(case, "suicide-risk-interview", now);
    phone.lock();
    let root = world.hq_folder().join("export/root-private-key.bin");
    let made = world.hq().make_sealing_keys(&root, world.now()).unwrap();
    assert_eq!(made.serial, 2);
    assert!(made.custodians.iter().all(|file| file.exists()));
    assert_eq!(world.upload(0).unwrap().named, 1);
    let (phone, now) = world.phone(0);
    phone.unlock(now);
    world.exchange(0);
    let (phone, now) = world.phone(0);
    phone.start(case, "suicide-risk-interview", now);
    phone.lock();
    assert_eq!(world.upload(0).unwrap().named, 1);
}

#[test]
fn a_phone_has_a_lease_of_three_days_and_a_new_one_once_it_is_heard_of_again() {
    let (mut world, case) = agency(67);
    let standing = |world: &mut World| {
        let (phone, now) = world.phone(0);
        phone.device().standing(now).unwrap()
    };
    let lease = |world: &World| world.hq().phones().unwrap()[0].lease_until_ms.unwrap();
    let first = lease(&world);
    world.pass_s(HOUR_S);
    world.exchange(0);
    assert_eq!(lease(&world), first, "a young one is left");
    world.pass_s(70 * HOUR_S);
    assert_eq!(standing(&mut world), Standing::Reads);
    world.pass_s(2 * HOUR_S);
    assert_eq!(standing(&mut world), Standing::LeaseOver);
    world.exchange(0);
    assert_eq!(standing(&mut world), Standing::Reads);
    assert_eq!(lease(&world), world.now().wall_ms + 72 * HOUR_S * 1_000);
    goes_on(&mut world, 0, case);
}

#[test]
fn two_custodians_open_a_phone_whose_own_keys_are_lost_each_on_a_machine_of_their_own() {
    let (mut world, case) = agency(68);
    world.phones[0].kill();
    let folder = world.phones[0].folder().to_owned();
    let gone = || Seams {
        provider: Box::new(SoftwareKeyProvider::make(&mut os_random())),
        random: Box::new(os_random()),
    };
    let mut keystore = gone();
    let recovery = begin_recovery(&folder, &mut keystore).unwrap();
    let desk = tempfile::tempdir().unwrap();
    let at = |name: &str| desk.path().join(name);
    let mut printed = String::new();
    for byte in &recovery.request {
        write!(printed, "{byte:02x}").unwrap();
    }
    fs::write(at("request"), printed).unwrap();
    let keys = [1, 2].map(|number| {
        let name = format!("export/custodian-{number}-private-key.bin");
        world.hq_folder().join(name)
    });
    let digits = recovery.words.clone();
    assert!(!recover(
        &keys[0],
        &at("request"),
        "0000 0000 0000 0000 0000",
        &at("no")
    ));
    assert!(
        !recover(&keys[1], &at("request"), &digits, &at("no")),
        "the first comes first"
    );
    assert!(recover(&keys[0], &at("request"), &digits, &at("half")));
    assert!(
        !recover(&keys[0], &at("half"), &digits, &at("no")),
        "one alone opens nothing"
    );
    assert!(recover(&keys[1], &at("half"), &digits, &at("answer")));
    assert!(!at("no").exists());
    let answer = fs::read(at("answer")).unwrap();
    let pin: (&[u8], _) = (b"314159", KdfParams::trying_out());
    let now = world.now();
    let mut device =
        Device::finish_recovery(&folder, &recovery, &answer, pin, keystore, now).unwrap();
    assert_eq!(device.list(now).unwrap()[0].case, case);
}

/// Runs one custodian's part as they would.
fn recover(key: &Path, request: &Path, digits: &str, out: &Path) -> bool {
    let mut program = Command::new(program());
    program.arg("recover").arg("--custodian").arg(key);
    program
        .arg("--request")
        .arg(request)
        .args(["--digits", digits]);
    program
        .arg("--out")
        .arg(out)
        .output()
        .unwrap()
        .status
        .success()
}

/// The one that is named, or else the one that cargo built beside this test.
fn program() -> PathBuf {
    if let Some(named) = env::var_os("MOORING_HQ") {
        return named.into();
    }
    let test = env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("mooring-hq");
    assert!(
        built.is_file(),
        "mooring-hq is not built: cargo build -p mooring-hq"
    );
    built
}
