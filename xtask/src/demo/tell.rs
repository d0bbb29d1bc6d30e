//! The demo's voice: one line per thing that happened, a bar where it waits, and the claims that were checked on the way.

use crate::clock;
use anyhow::Result;
use std::cell::RefCell;
use std::io::{IsTerminal, Write, stdout};
use std::time::Duration;

const BAR: usize = 24;

/// Speaks to the terminal and remembers what it claimed in vain.
pub(crate) struct Teller {
    color: bool,
    checked: RefCell<usize>,
    failed: RefCell<Vec<String>>,
}

impl Teller {
    pub(crate) fn new() -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some() || !stdout().is_terminal();
        Self {
            color: !plain,
            checked: RefCell::default(),
            failed: RefCell::default(),
        }
    }

    /// A chapter of the story.
    pub(crate) fn act(&self, title: &str) {
        println!("\n{}", self.painted("1", title));
    }

    /// What somebody did or holds, in the words of their own reply.
    pub(crate) fn line(&self, who: &str, what: &str) {
        println!("  {} {what}", self.painted("2", &format!("{who:<14}")));
    }

    /// A promise of the product, checked here and now.
    pub(crate) fn claim(&self, promise: &str, kept: bool) {
        *self.checked.borrow_mut() += 1;
        if kept {
            println!("  {} {promise}", self.painted("32", "✓"));
        } else {
            println!("  {} NOT SO: {promise}", self.painted("31", "✗"));
            self.failed.borrow_mut().push(promise.to_owned());
        }
    }

    /// Waits for `found` with a bar that fills as the patience goes; a line stays behind only where it took a while.
    pub(crate) fn wait<T>(
        &self,
        what: &str,
        patience: Duration,
        mut found: impl FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let result = clock::wait_for(what, patience, |waited| {
            let it = found()?;
            if it.is_none() {
                self.bar(what, waited, patience);
            }
            Ok(it)
        });
        self.wipe();
        result
    }

    /// How many claims were checked, and which did not hold.
    pub(crate) fn verdict(&self) -> (usize, Vec<String>) {
        (*self.checked.borrow(), self.failed.borrow().clone())
    }

    fn bar(&self, what: &str, waited: Duration, patience: Duration) {
        if !self.color {
            return;
        }
        let bar = bar(waited, patience);
        print!("\r  {bar} {what} ({} s)\x1b[K", waited.as_secs());
        let _ = stdout().flush();
    }

    fn wipe(&self) {
        if self.color {
            print!("\r\x1b[K");
            let _ = stdout().flush();
        }
    }

    fn painted(&self, style: &str, text: &str) -> String {
        if self.color {
            return format!("\x1b[{style}m{text}\x1b[0m");
        }
        text.to_owned()
    }
}

/// Filled in proportion to the patience that is used up.
fn bar(waited: Duration, patience: Duration) -> String {
    let part = waited.as_millis().min(patience.as_millis()) * BAR as u128;
    let filled = usize::try_from(part / patience.as_millis().max(1)).unwrap_or(BAR);
    format!("{}{}", "█".repeat(filled), "░".repeat(BAR - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_full_when_the_patience_is_over_and_never_longer() {
        let second = Duration::from_secs(1);
        assert_eq!(bar(Duration::ZERO, second), "░".repeat(BAR));
        assert_eq!(bar(second, second), "█".repeat(BAR));
        assert_eq!(bar(second * 9, second), "█".repeat(BAR));
    }

    #[test]
    fn a_claim_that_does_not_hold_is_named_in_the_verdict() {
        let tell = Teller::new();
        tell.claim("nothing is lost", true);
        tell.claim("the higher level governs", false);
        assert_eq!(
            tell.verdict(),
            (2, vec!["the higher level governs".to_owned()])
        );
    }
}
