//! Whatever became of a file beside the vault: nothing panics, nobody is locked out by a file that is not the vault's own, and no other
//! file is touched for it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::Role;
use mooring_device::{By, Device, LockedVisit, Older, Outbox};
use mooring_identity::{RecipientKey, os_random};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use world::{Hq, PIN, Phone, another, seams};

/// Chance that comes out the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap()).unwrap()
    }
}

fn altered(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = dice.roll(bytes.len());
    match dice.roll(5) {
        0 => bytes[at] ^= 1 << dice.roll(8),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, 0xff),
        3 => bytes[at..].fill(0),
        _ => bytes.extend_from_within(at..),
    }
    bytes
}

/// A locked phone that has every file that there can be.
fn phone() -> Phone {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    let key = RecipientKey::make(&mut os_random());
    let custodians = [(); 2].map(|()| RecipientKey::make(&mut os_random()).recipient());
    hq.publish(key.recipient(), custodians);
    let at = phone.interview();
    phone.exchange(&mut hq);
    let said = json!({ "valueString": "said" });
    phone.answer(&at, "own-words", said).unwrap();
    phone.device.lock();
    let mut outbox = Outbox::open(phone.dir.path()).unwrap();
    let receipt = hq.take_sealed(&outbox.upload().unwrap().unwrap(), &key);
    outbox.take_receipt(&receipt).unwrap();
    let seams = seams(&phone.keystore);
    LockedVisit::begin(phone.dir.path(), "Pier 9", None, seams, phone.now()).unwrap();
    phone
}

/// Every file but the lock, the database and its WAL.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if !path.to_str().unwrap().contains(".db") && path.file_name().unwrap() != "lock" {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn altered_files_beside_the_vault_panic_nobody_and_lock_nobody_out() {
    let phone = phone();
    let dir = phone.dir.path();
    let all = files(dir);
    let whole: Vec<_> = all.iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(all.len() >= 6, "{all:?}");
    let database = fs::read(dir.join("vault/mooring.db")).unwrap();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for (file, bytes) in all.iter().zip(&whole) {
        for _ in 0..10 {
            fs::write(file, altered(bytes, &mut dice)).unwrap();
            if let Ok(outbox) = Outbox::open(dir) {
                let _ = (outbox.only_here(), outbox.upload().is_ok());
            }
            let keystore = another(&phone.keystore);
            let _ = LockedVisit::begin(dir, "Pier 10", None, seams(&keystore), phone.now()).is_ok();
            let opened = Device::open_by(
                dir,
                By::Pin(PIN),
                Older::Refuse,
                seams(&keystore),
                phone.now(),
            );
            let is_vaults = file.ends_with("vault/header");
            let error = opened.as_ref().err().cloned();
            assert!(opened.is_ok() || is_vaults, "{file:?}: {error:?}");
            drop(opened);
            // As it was, for the next.
            for stray in files(dir) {
                fs::remove_file(stray).unwrap();
            }
            for (file, bytes) in all.iter().zip(&whole) {
                fs::write(file, bytes).unwrap();
            }
            let _ = fs::remove_file(dir.join("vault/mooring.db-wal"));
            fs::write(dir.join("vault/mooring.db"), &database).unwrap();
        }
    }
}
