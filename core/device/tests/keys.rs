//! The vault's keys as an app uses them: PIN, finger, custodians, calls.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_device::{By, Device, Error, Older, State, VaultFault, begin_recovery};
use mooring_identity::{KdfParams, RecoveryRequest, os_random};
use world::sealing::Sealing;
use world::{PIN, Phone, seams};

const MINUTE_MS: i64 = 60_000;

#[test]
fn a_call_that_we_started_does_not_lock_and_coming_back_is_a_touch() {
    let mut phone = Phone::new();
    let now = phone.now();
    phone.device.begin_call(now);
    for _ in 0..60 {
        let now = phone.pass(MINUTE_MS);
        assert!(!phone.device.tick(now).unwrap().locked);
    }
    let now = phone.now();
    phone.device.end_call(now);
    let now = phone.pass(MINUTE_MS);
    assert!(!phone.device.tick(now).unwrap().locked);
    let now = phone.pass(MINUTE_MS);
    assert!(phone.device.tick(now).unwrap().locked);
}

#[test]
fn a_call_whose_end_nobody_heard_locks_after_two_hours() {
    let mut phone = Phone::new();
    let now = phone.now();
    phone.device.begin_call(now);
    let now = phone.pass(119 * MINUTE_MS);
    assert!(!phone.device.tick(now).unwrap().locked);
    let now = phone.pass(MINUTE_MS);
    assert!(phone.device.tick(now).unwrap().locked);
}

#[test]
fn an_end_without_a_call_is_no_touch() {
    let mut phone = Phone::new();
    let now = phone.pass(2 * MINUTE_MS);
    phone.device.end_call(now);
    assert!(phone.device.tick(now).unwrap().locked);
}

#[test]
fn a_finger_opens_the_vault_once_it_is_allowed() {
    let mut phone = Phone::new();
    let now = phone.now();
    assert!(!phone.device.allows_biometric().unwrap());
    phone.device.allow_biometric(PIN, now).unwrap();
    phone.device.lock();
    let by = By::Biometric;
    phone.device.unlock_by(by, Older::Refuse, now).unwrap();
    assert_eq!(phone.device.state(), State::OpenNotEnrolled);
    phone.device.forbid_biometric(now).unwrap();
    phone.device.lock();
    let said = phone.device.unlock_by(by, Older::Refuse, now);
    assert_eq!(said, Err(Error::Vault(VaultFault::NotSetUp)));
}

#[test]
fn another_pin_opens_the_same_cases() {
    let mut phone = Phone::new();
    let at = phone.interview();
    let now = phone.now();
    phone.device.change_pin(PIN, b"314159", now).unwrap();
    phone.device.lock();
    let said = phone.device.unlock(PIN, now);
    assert_eq!(said, Err(Error::WrongPin { left: 9 }));
    phone.device.unlock(b"314159", now).unwrap();
    assert_eq!(phone.device.list(now).unwrap()[0].case, at.case);
}

#[test]
fn a_quick_phone_makes_its_pin_dearer_once() {
    let mut phone = Phone::new();
    let now = phone.now();
    let cost = phone.device.pin_cost().unwrap();
    assert!(phone.device.raise_pin_cost(PIN, 600, now).unwrap());
    let dearer = phone.device.pin_cost().unwrap();
    assert!(dearer.at_least(cost) && dearer.at_least(KdfParams::floor()));
    assert!(!phone.device.raise_pin_cost(PIN, 600, now).unwrap());
    phone.device.lock();
    phone.device.unlock(PIN, now).unwrap();
}

#[test]
fn the_agencys_two_custodians_open_a_phone_whose_keystore_is_gone() {
    let mut world = Sealing::new();
    let dir = world.phone.dir.path().to_owned();
    let asked = begin_recovery(&dir, &mut seams(&world.phone.keystore)).err();
    assert_eq!(asked, Some(Error::Vault(VaultFault::InUse)));
    let at = world.phone.interview();
    world.exchange();
    world.phone.device.lock();
    let gone = Phone::new().keystore;
    let now = world.phone.now();
    let said = Device::open(&dir, PIN, seams(&gone), now).err();
    assert_eq!(said, Some(Error::Vault(VaultFault::KeyMissing)));
    let recovery = begin_recovery(&dir, &mut seams(&gone)).unwrap();
    let request = RecoveryRequest::parse(&recovery.request).unwrap();
    assert_eq!(request.words(), recovery.words);
    let [first, second] = &world.custodians;
    let half = request.open_outer(first).unwrap();
    let answer = half.answer(second, &mut os_random()).unwrap();
    let pin: (&[u8], _) = (b"314159", KdfParams::trying_out());
    let mut device =
        Device::finish_recovery(&dir, &recovery, &answer, pin, seams(&gone), now).unwrap();
    assert_eq!(device.list(now).unwrap()[0].case, at.case);
    assert!(
        device.restored().unwrap(),
        "whether it is the newest state, this keystore can't say"
    );
    device.lock();
    device.unlock(b"314159", now).unwrap();
}

#[test]
fn without_the_agencys_keys_there_is_nobody_to_ask() {
    let mut phone = Phone::new();
    phone.device.lock();
    let said = begin_recovery(phone.dir.path(), &mut seams(&phone.keystore)).err();
    assert_eq!(said, Some(Error::Vault(VaultFault::NotSetUp)));
}
