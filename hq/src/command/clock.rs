//! The machine's clock, the one place that asks it.

use std::fs;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mooring_casefile::Now;
use mooring_hq::Clock;

/// A clock of this process: wall time, and time since the process began for what a set clock must not shorten.
#[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
pub(crate) fn system_clock() -> Clock {
    let began = Instant::now();
    let boot_id = boot_id();
    Arc::new(move || Now {
        wall_ms: SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            .unwrap_or(0),
        uptime_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        boot_id,
    })
}

/// What Linux calls this boot; zeros elsewhere.
fn boot_id() -> [u8; 16] {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    uuid::Uuid::try_parse(text.trim())
        .unwrap_or_default()
        .into_bytes()
}
