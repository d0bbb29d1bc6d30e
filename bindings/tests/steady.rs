//! A million calls and drops leave the memory as it was. Alone in its process: a PIN that another test derives takes 64 MiB.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's own helpers may stop it")]

use mooring::{BlockingPhone, Reading, SoftwareKeystore, Watch, WatchError};
use std::sync::Arc;

/// What an allocator may keep for itself: 2 MiB in pages. One byte lost a call would be half of that.
const SLACK_PAGES: u64 = 500;

struct Still;

impl Watch for Still {
    fn read(&self) -> Result<Reading, WatchError> {
        Ok(Reading {
            wall_ms: 1_800_000_000_000,
            uptime_ms: 1,
            boot: "one".to_owned(),
        })
    }
}

fn phone(folder: &tempfile::TempDir) -> Arc<BlockingPhone> {
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let keystore = SoftwareKeystore::open(path("keys")).unwrap().keystore();
    BlockingPhone::new(path("phone"), keystore, Arc::new(Still))
}

#[test]
fn a_million_calls_and_drops_leave_the_memory_steady() {
    let folder = tempfile::tempdir().unwrap();
    let kept = phone(&folder);
    let play = |calls: u32, phones: u32| {
        for _ in 0..calls {
            drop(kept.state());
        }
        for _ in 0..phones {
            let passing = phone(&folder);
            drop(passing.state());
        }
    };
    play(20_000, 20_000);
    let before = resident_pages();
    play(900_000, 100_000);
    let after = resident_pages();
    assert!(
        after < before + SLACK_PAGES,
        "{before} pages grew to {after}"
    );
}

fn resident_pages() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse().unwrap()
}
