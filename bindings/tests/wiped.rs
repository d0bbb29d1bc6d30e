//! A PIN leaves nothing behind: the memory of this process is searched for its bytes. Alone in its process, so that nothing but
//! this test can put them there.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test's own helpers may stop it"
)]

use mooring::{BlockingPhone, PhoneState, Pin, Reading, SoftwareKeystore, Watch, WatchError};
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The bytes that are looked for, turned over: written as they are, they would be found in this very program.
const TURNED: [u8; 16] = *b"\x93\x1c\xe4\x57\xa8\x3d\xf2\x61\xbb\x0e\xd5\x48\x9f\x26\xc7\x70";
const TURN: u8 = 0x5a;

/// A clock by which a guess of the PIN takes as long as it may, so that none becomes dearer.
struct Slow(AtomicI64);

impl Watch for Slow {
    fn read(&self) -> Result<Reading, WatchError> {
        Ok(Reading {
            wall_ms: 1_800_000_000_000,
            uptime_ms: self.0.fetch_add(600, Ordering::Relaxed),
            boot: "one".to_owned(),
        })
    }
}

fn pin() -> Arc<Pin> {
    let pin = Pin::new();
    for byte in TURNED {
        pin.push((byte ^ TURN).cast_signed());
    }
    pin
}

/// How often the bytes stand in what this process can write to.
fn found() -> usize {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    let mut count = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (range, _) = line.split_once(' ').unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        count += in_range(&memory, from, to);
    }
    count
}

/// Turned over as it is read, so that what is read here is not found the next time.
fn in_range(memory: &File, from: u64, to: u64) -> usize {
    const PIECE: usize = 1 << 16;
    let mut count = 0;
    let mut piece = vec![0; PIECE + TURNED.len()];
    let mut at = from;
    while at < to {
        let Ok(length) = memory.read_at(&mut piece, at) else {
            break;
        };
        let read = &mut piece[..length];
        for byte in &mut *read {
            *byte ^= TURN;
        }
        let whole = read.windows(TURNED.len()).take(PIECE);
        count += whole.filter(|window| *window == TURNED).count();
        at += PIECE as u64;
    }
    count
}

#[test]
fn the_bytes_of_a_pin_are_nowhere_in_memory_after_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let keystore = SoftwareKeystore::open(path("keys")).unwrap().keystore();
    let phone = BlockingPhone::new(path("phone"), keystore, Arc::new(Slow(AtomicI64::new(0))));

    let waiting = pin();
    assert!(found() > 0, "a PIN that is there is found");
    assert_eq!(phone.create(waiting).unwrap(), PhoneState::OpenNotEnrolled);
    assert_eq!(found(), 0, "after making a vault");
    phone.lock().unwrap();
    phone.unlock(pin()).unwrap();
    assert_eq!(found(), 0, "after unlocking");
    let unused = pin();
    assert!(found() > 0, "a PIN that is there is found");
    drop(unused);
    assert_eq!(found(), 0, "after one that was never used");
}
