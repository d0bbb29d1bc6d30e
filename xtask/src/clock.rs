//! The only clock of xtask: how long something took, and waiting for a condition with an end to the patience.

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// When something began.
#[derive(Clone, Copy)]
pub(crate) struct Begun(Instant);

#[expect(
    clippy::disallowed_methods,
    reason = "xtask is a main program: it makes its own time"
)]
pub(crate) fn begin() -> Begun {
    Begun(Instant::now())
}

impl Begun {
    pub(crate) fn took(self) -> Duration {
        self.0.elapsed()
    }
}

/// Asks `found` again and again until it has an answer; `what` names the condition when the patience ends.
pub(crate) fn wait_for<T>(
    what: &str,
    patience: Duration,
    mut found: impl FnMut(Duration) -> Result<Option<T>>,
) -> Result<T> {
    let begun = begin();
    loop {
        if let Some(it) = found(begun.took())? {
            return Ok(it);
        }
        if begun.took() > patience {
            bail!("waited {} s for {what}", patience.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
