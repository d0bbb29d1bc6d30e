//! Chance, as an argument.

use ring::rand::{SecureRandom, SystemRandom};

/// A source of unpredictable bytes. The real one is [`os_random`]; tests bring a seeded one.
pub trait Random {
    /// Fills all of `out`.
    fn fill(&mut self, out: &mut [u8]);
}

impl<R: Random + ?Sized> Random for Box<R> {
    fn fill(&mut self, out: &mut [u8]) {
        (**self).fill(out);
    }
}

/// The operating system's generator.
#[derive(Debug)]
pub struct OsRandom(SystemRandom);

/// The one door to the operating system's generator; only `main`, the bindings and tests call it.
pub fn os_random() -> OsRandom {
    #[expect(clippy::disallowed_methods, reason = "this is the one door")]
    let system = SystemRandom::new();
    OsRandom(system)
}

impl Random for OsRandom {
    fn fill(&mut self, out: &mut [u8]) {
        if self.0.fill(out).is_err() {
            // A key made without chance would look like any other key: stopping is the only safe answer.
            std::process::abort();
        }
    }
}

/// `N` fresh bytes.
pub(crate) fn fresh<const N: usize>(random: &mut dyn Random) -> [u8; N] {
    let mut out = [0; N];
    random.fill(&mut out);
    out
}
