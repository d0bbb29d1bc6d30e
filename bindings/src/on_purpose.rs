//! A call that panics on purpose, in test builds only: the proof that no panic crosses.

use crate::error::MooringError;
use crate::phone::BlockingPhone;

#[uniffi::export]
impl BlockingPhone {
    /// Panics below the border, with words in its message that nobody may ever see.
    pub fn panic_on_purpose(&self) -> Result<(), MooringError> {
        self.door(|_, _| panicking("canary-of-a-panic"))
    }
}

#[expect(clippy::panic, reason = "that is what it is for")]
fn panicking<T>(words: &str) -> T {
    panic!("{words}")
}
