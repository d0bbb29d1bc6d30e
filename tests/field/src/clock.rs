//! The phone's clock: the system's, moved ahead as far as a script says. Nothing else in this program reads one.

use mooring_casefile::Now;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where Linux says which boot this is.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// A clock that a script may move ahead.
pub(crate) struct Clock {
    started: Instant,
    ahead_ms: i64,
    boot_id: [u8; 16],
}

impl Clock {
    /// The system's clock. Where the system does not say which boot this is, `otherwise` does.
    pub(crate) fn start(otherwise: [u8; 16]) -> Self {
        let told = std::fs::read_to_string(BOOT_ID).ok();
        let boot_id = told
            .and_then(|text| uuid::Uuid::try_parse(text.trim()).ok())
            .map_or(otherwise, uuid::Uuid::into_bytes);
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where the headless phone's time comes in"
        )]
        let started = Instant::now();
        Self {
            started,
            ahead_ms: 0,
            boot_id,
        }
    }

    /// Moves the clock, and with it the time since the start, ahead of the system's.
    pub(crate) const fn set_ahead(&mut self, ahead_ms: i64) {
        self.ahead_ms = ahead_ms;
    }

    /// Lets this much time pass at once.
    pub(crate) const fn pass(&mut self, ms: i64) {
        self.ahead_ms = self.ahead_ms.saturating_add(ms);
    }

    /// Now.
    pub(crate) fn now(&self) -> Now {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where the headless phone's time comes in"
        )]
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        let wall_ms = i64::try_from(wall)
            .unwrap_or(i64::MAX)
            .saturating_add(self.ahead_ms);
        let up = i64::try_from(self.started.elapsed().as_millis())
            .unwrap_or(i64::MAX)
            .saturating_add(self.ahead_ms);
        Now {
            wall_ms,
            uptime_ms: u64::try_from(up).unwrap_or(0),
            boot_id: self.boot_id,
        }
    }
}
