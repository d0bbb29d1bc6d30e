//! Wiping destroys reading and never what HQ lacks.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::Role;
use mooring_device::{Device, Error, Refused, State, VaultFault, carry_out_order};
use mooring_exchange::Entry;
use serde_json::json;
use world::sealing::Sealing;
use world::{Hq, PIN, Phone, seams};

/// A phone with one change that HQ lacks.
fn world() -> Sealing {
    let mut world = Sealing::new();
    let at = world.phone.interview();
    world.exchange();
    let words = json!({ "valueString": "one" });
    world.phone.answer(&at, "own-words", words).unwrap();
    world
}

fn device(world: &Sealing) -> [u8; 16] {
    world.phone.device.me().unwrap().device.bytes()
}

/// Nothing of the vault is left, its key is gone, and what HQ lacked can still be sent.
#[track_caller]
fn check_wiped(world: &mut Sealing) {
    let (dir, now) = (world.phone.dir.path(), world.phone.now());
    assert!(!dir.join("vault").exists() && !dir.join("mark").exists());
    let said = Device::open(dir, PIN, seams(&world.phone.keystore), now).err();
    assert_eq!(said, Some(Error::Vault(VaultFault::Absent)));
    assert_eq!(world.only_here(), 1);
    assert_eq!(world.send(), 1);
    assert_eq!(world.only_here(), 0);
}

#[test]
fn a_person_who_wipes_destroys_the_vault_and_leaves_what_hq_lacks() {
    let mut world = world();
    let spare = world.phone.back_up();
    let now = world.phone.now();
    assert_eq!(world.phone.device.wipe(PIN, now), Ok(1));
    assert_eq!(world.phone.device.state(), State::Locked);
    check_wiped(&mut world);
    // Not even a copy of the files from before opens any more.
    let vault = world.phone.dir.path().join("vault");
    std::fs::create_dir(&vault).unwrap();
    for entry in std::fs::read_dir(spare.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), vault.join(entry.file_name())).unwrap();
    }
    let (dir, now) = (world.phone.dir.path(), world.phone.now());
    let said = Device::open(dir, PIN, seams(&world.phone.keystore), now).err();
    assert_eq!(said, Some(Error::Vault(VaultFault::KeyMissing)));
}

#[test]
fn a_wrong_pin_wipes_nothing() {
    let mut world = world();
    let now = world.phone.now();
    let said = world.phone.device.wipe(b"000000", now);
    assert_eq!(said, Err(Error::WrongPin { left: 9 }));
    assert_eq!(world.phone.device.state(), State::Open);
    world.phone.restart();
}

#[test]
fn what_cannot_be_sealed_is_not_wiped_by_its_person() {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    phone.interview();
    let now = phone.now();
    assert_eq!(phone.device.wipe(PIN, now).unwrap_err().kind(), "bad_input");
    assert_eq!(phone.device.state(), State::Open);
    assert!(phone.dir.path().join("vault").exists());
}

#[test]
fn hqs_order_is_carried_out_when_it_arrives() {
    let mut world = world();
    let order = world.hq.order_wipe(device(&world));
    world.hq.feed(Entry::Order(order));
    // What HQ gets in this exchange is not what this test is about: the link breaks after the page.
    world.exchange();
    let now = world.phone.pass(30_000);
    let due = world.phone.device.tick(now).unwrap();
    assert!(due.wiped && due.locked);
    assert_eq!(world.phone.device.state(), State::Locked);
    assert!(!world.phone.dir.path().join("vault").exists());
}

#[test]
fn hqs_order_is_carried_out_on_a_locked_phone_and_leaves_what_hq_lacks() {
    let mut world = world();
    let order = world.hq.order_wipe(device(&world));
    world.phone.device.lock();
    let seams = &mut seams(&world.phone.keystore);
    carry_out_order(world.phone.dir.path(), &order, seams).unwrap();
    check_wiped(&mut world);
}

#[test]
fn an_order_to_another_device_or_with_a_flipped_bit_destroys_nothing() {
    let mut world = world();
    let own = world.hq.order_wipe(device(&world));
    let others = world.hq.order_wipe([77; 16]);
    world.hq.feed(Entry::Order(others.clone()));
    world.exchange();
    let now = world.phone.pass(30_000);
    assert!(!world.phone.device.tick(now).unwrap().wiped);
    world.phone.device.lock();
    let seams = &mut seams(&world.phone.keystore);
    let refused = Err(Error::Refused(Refused::Signature));
    let dir = world.phone.dir.path();
    assert_eq!(carry_out_order(dir, &others, seams), refused);
    for at in 0..own.len() {
        let mut bad = own.clone();
        bad[at] ^= 1;
        assert_eq!(carry_out_order(dir, &bad, seams), refused, "byte {at}");
    }
    assert!(dir.join("vault").exists());
}

#[test]
fn a_vault_made_after_a_wipe_does_not_sweep_what_hq_lacks_of_the_one_before() {
    let mut world = world();
    let now = world.phone.now();
    world.phone.device.wipe(PIN, now).unwrap();
    world.phone.set_up_again();
    world.phone.enrol(&mut world.hq, "Robin", Role::Responder);
    world.exchange();
    let now = world.phone.pass(30_000);
    world.phone.device.tick(now).unwrap();
    world.phone.device.lock();
    assert_eq!(world.send(), 1);
}
