//! What HQ lacks lies sealed beside the vault: within a minute, at every lock, once, and until HQ says that it has it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_device::{Device, Error, Outbox, Refused};
use serde_json::json;
use world::sealing::Sealing;
use world::{Interview, PIN, Phone, seams};

/// A phone that knows whom to seal to, with a case at HQ.
struct World {
    all: Sealing,
    at: Interview,
}

impl World {
    fn new() -> Self {
        let mut all = Sealing::new();
        let at = all.phone.interview();
        all.exchange();
        Self { all, at }
    }

    fn answer(&mut self, words: &str) {
        let words = json!({ "valueString": words });
        self.all.phone.answer(&self.at, "own-words", words).unwrap();
    }

    fn files(&self) -> usize {
        self.all.files("outbox").len()
    }

    /// How many changes of the case HQ has.
    fn at_hq(&self) -> u64 {
        self.all.hq.state.field_changes(self.at.case)
    }
}

#[test]
fn an_answer_is_sealed_within_a_minute_and_once() {
    let mut world = World::new();
    world.answer("one");
    assert_eq!(world.files(), 0, "not in the path of an answer");
    world.all.tick();
    assert_eq!(world.files(), 1);
    world.all.tick();
    assert_eq!(world.files(), 1);
    world.answer("two");
    world.all.tick();
    assert_eq!((world.files(), world.all.only_here()), (2, 2));
}

#[test]
fn a_lock_seals_what_no_tick_has_and_hq_takes_it_while_the_vault_is_locked() {
    let mut world = World::new();
    let before = world.at_hq();
    world.answer("one");
    world.answer("two");
    world.all.phone.device.lock();
    assert_eq!(world.all.only_here(), 2);
    assert_eq!(world.all.send(), 2);
    assert_eq!(world.at_hq(), before + 2);
    assert_eq!(world.all.only_here(), 0);
    assert_eq!(world.all.send(), 0, "what HQ has is not sent again");
}

#[test]
fn the_number_is_exact_after_each_answer_each_word_of_hq_and_a_kill() {
    let mut world = World::new();
    assert_eq!(world.all.only_here(), 0);
    for number in 1..=3 {
        world.answer(&format!("answer {number}"));
        assert_eq!(world.all.only_here(), number);
    }
    world.all.phone.device.lock();
    world.all.send();
    assert_eq!(world.all.only_here(), 0);
    let now = world.all.phone.now();
    world.all.phone.device.unlock(PIN, now).unwrap();
    assert_eq!(world.all.phone.device.only_here(now), Ok(0));
    world.answer("after");
    assert_eq!(
        world.all.only_here(),
        1,
        "what HQ said before is taken over"
    );
    let shown = world.all.phone.device.show(world.at.case, now).unwrap();
    assert_eq!(shown.sync.unsent, 1);
    world.all.exchange();
    assert_eq!(world.all.only_here(), 0);
}

#[test]
fn what_came_sealed_and_in_a_push_is_in_the_case_once_and_leaves_the_outbox() {
    let mut world = World::new();
    world.answer("one");
    world.all.phone.device.lock();
    world.all.send();
    let held = world.at_hq();
    let now = world.all.phone.now();
    world.all.phone.device.unlock(PIN, now).unwrap();
    world.all.exchange();
    assert_eq!(world.at_hq(), held);
    world.all.tick();
    assert_eq!(world.files(), 0);
}

#[test]
fn a_push_alone_empties_the_outbox_too() {
    let mut world = World::new();
    world.answer("one");
    world.all.tick();
    world.all.exchange();
    world.all.tick();
    assert_eq!((world.files(), world.all.only_here()), (0, 0));
}

#[test]
fn a_vault_that_is_gone_leaves_its_outbox_to_be_sent() {
    let mut world = World::new();
    world.answer("one");
    world.all.phone.device.lock();
    std::fs::remove_dir_all(world.all.phone.dir.path().join("vault")).unwrap();
    let before = world.at_hq();
    assert_eq!(world.all.send(), 1);
    assert_eq!(world.at_hq(), before + 1);
}

#[test]
fn a_word_that_is_not_hqs_takes_nothing_away() {
    let mut world = World::new();
    world.answer("one");
    world.all.phone.device.lock();
    let upload = world.all.outbox().upload().unwrap().unwrap();
    let mut other = World::new();
    other.answer("other");
    other.all.phone.device.lock();
    let theirs = other.all.outbox().upload().unwrap().unwrap();
    let foreign = other.all.hq.take_sealed(&theirs, &other.all.key);
    let mut outbox = world.all.outbox();
    let said = outbox.take_receipt(&foreign);
    assert_eq!(said, Err(Error::Refused(Refused::Signature)));
    let mut receipt = world.all.hq.take_sealed(&upload, &world.all.key);
    *receipt.last_mut().unwrap() ^= 1;
    let said = outbox.take_receipt(&receipt);
    assert_eq!(said, Err(Error::Refused(Refused::Signature)));
    assert_eq!((world.all.only_here(), world.files()), (1, 1));
}

#[test]
fn a_record_that_was_deleted_or_damaged_is_sealed_again() {
    let mut world = World::new();
    world.answer("one");
    world.all.tick();
    let folder = world.all.phone.dir.path().join("outbox");
    for entry in std::fs::read_dir(&folder).unwrap() {
        std::fs::write(entry.unwrap().path(), b"damaged").unwrap();
    }
    world.all.tick();
    world.all.phone.device.lock();
    assert_eq!(world.all.send(), 1);
}

#[test]
fn no_word_of_an_answer_and_no_name_can_be_read_outside_the_vault() {
    let mut world = World::new();
    world.answer("a canary that must not be seen");
    world.all.phone.device.lock();
    let mut folders = vec![world.all.phone.dir.path().to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for canary in ["a canary that", "Pier 7", "Robin", "own-words"] {
                let found = bytes
                    .windows(canary.len())
                    .any(|window| window == canary.as_bytes());
                assert!(!found, "{canary} in {}", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen} files");
}

#[test]
fn a_phone_that_does_not_know_whom_to_seal_to_still_counts() {
    let mut phone = Phone::new();
    let at = phone.interview();
    let words = json!({ "valueString": "one" });
    phone.answer(&at, "own-words", words).unwrap();
    phone.device.lock();
    let outbox = Outbox::open(phone.dir.path()).unwrap();
    assert_eq!(outbox.upload().unwrap(), None);
    let counted = outbox.only_here().unwrap();
    let now = phone.now();
    let mut device = Device::open(phone.dir.path(), PIN, seams(&phone.keystore), now).unwrap();
    assert_eq!(device.only_here(now), Ok(counted));
    assert_eq!(counted, 3);
}
