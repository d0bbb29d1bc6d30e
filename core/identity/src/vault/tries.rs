//! How many PINs may be tried, how long between them, and where the count is kept.
//!
//! The count lies in the header and in the keystore's generation, and the higher one counts: whoever copies the header back wins no
//! try. A generation is a multiple of 16 after each right PIN, and the wrong ones since are what it lies above that.

use super::VaultHeader;

/// Wrong PINs in a row before the PIN and biometric slots go.
pub const TRIES: u32 = 10;

/// More than [`TRIES`], so that a count never runs into the next multiple.
const STRIDE: u64 = 16;

/// What a wrong PIN costs, by how many there were: a slip of the finger nothing, a guesser an hour.
const WAITS_MS: [u64; TRIES as usize] = [
    0, 0, 0, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 900_000,
];

/// When a try was made, by the clock since the phone started, which nobody can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TriedAt {
    /// Another one after each start of the phone.
    pub boot_id: [u8; 16],
    /// Milliseconds since that start.
    pub uptime_ms: u64,
}

/// The header's own count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tries {
    pub(super) count: u32,
    pub(super) last: TriedAt,
}

/// The generation after the next right PIN.
pub const fn next_generation(generation: u64) -> u64 {
    right_pins(generation)
        .saturating_add(1)
        .saturating_mul(STRIDE)
}

/// The generation after an opening by finger or face: one opening more, and the same wrong PINs.
pub const fn generation_after_biometric(generation: u64) -> u64 {
    generation.saturating_add(STRIDE)
}

/// How often a generation says that the vault was opened: of two, the older vault has the lower number.
pub const fn right_pins(generation: u64) -> u64 {
    generation / STRIDE
}

const fn wrong_pins(generation: u64) -> u32 {
    (generation % STRIDE) as u32
}

impl VaultHeader {
    /// Tries since the last right one, by the header or by the keystore's generation, whichever counted more.
    pub fn attempts(&self, generation: u64) -> u32 {
        self.tries.count.max(wrong_pins(generation))
    }

    /// How long the next try has to wait. After a restart of the phone it is counted from there: nobody gains by one.
    pub fn wait_ms(&self, generation: u64, at: TriedAt) -> u64 {
        let index = usize::try_from(self.attempts(generation)).unwrap_or(usize::MAX);
        let wait = WAITS_MS
            .get(index)
            .or(WAITS_MS.last())
            .copied()
            .unwrap_or(0);
        let since = if at.boot_id == self.tries.last.boot_id {
            at.uptime_ms.saturating_sub(self.tries.last.uptime_ms)
        } else {
            at.uptime_ms
        };
        wait.saturating_sub(since)
    }

    /// Counts a try and says what to raise the keystore's generation to. Do that, then write and sync the header, and only then
    /// [`VaultHeader::unlock`], or a kill gives a free guess.
    #[must_use]
    pub fn count_attempt(&mut self, generation: u64, at: TriedAt) -> u64 {
        self.tries = Tries {
            count: self.attempts(generation).saturating_add(1),
            last: at,
        };
        let wrong = u64::from(self.tries.count).min(STRIDE - 1);
        (right_pins(generation) * STRIDE).saturating_add(wrong)
    }

    /// After a right PIN. The keystore's generation becomes [`next_generation`].
    pub fn clear_attempts(&mut self) {
        self.tries = Tries::default();
    }

    /// After ten wrong PINs: only recovery opens this vault from now on.
    pub fn drop_slots(&mut self) {
        let [pin, biometric, _] = &mut self.slots;
        pin.clear();
        biometric.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::vault;
    use super::*;

    const AT: TriedAt = TriedAt {
        boot_id: [1; 16],
        uptime_ms: 1_000,
    };

    #[test]
    fn a_header_copied_back_wins_no_try() {
        let (old, _, _) = vault(b"271828");
        let mut generation = next_generation(5);
        for wrong in 1..=TRIES {
            let mut header = old.clone();
            assert_eq!(header.attempts(generation), wrong - 1);
            generation = header.count_attempt(generation, AT);
        }
        assert_eq!(old.attempts(generation), TRIES);
    }

    #[test]
    fn a_keystore_that_forgot_wins_no_try_either() {
        let (mut header, _, _) = vault(b"271828");
        for wrong in 1..=TRIES {
            let _ = header.count_attempt(0, AT);
            assert_eq!(header.attempts(0), wrong);
        }
    }

    #[test]
    fn a_right_pin_gives_every_try_back_and_is_counted_as_one() {
        let (mut header, _, _) = vault(b"271828");
        let generation = header.count_attempt(32, AT);
        assert_eq!(generation, 33);
        header.clear_attempts();
        assert_eq!(header.attempts(next_generation(generation)), 0);
        assert_eq!(right_pins(next_generation(generation)), 3);
    }

    #[test]
    fn a_finger_is_counted_as_an_opening_and_gives_no_try_back() {
        let (header, _, _) = vault(b"271828");
        let after = generation_after_biometric(35);
        assert_eq!(right_pins(after), 3);
        assert_eq!(header.attempts(after), 3);
    }

    #[track_caller]
    fn check_wait(wrong: u32, at: TriedAt, wait_ms: u64) {
        let (mut header, _, _) = vault(b"271828");
        for _ in 0..wrong {
            let _ = header.count_attempt(0, AT);
        }
        assert_eq!(header.wait_ms(0, at), wait_ms);
    }

    #[test]
    fn three_slips_cost_nothing_and_then_each_costs_more() {
        let just_after = AT;
        for (wrong, wait_ms) in [(0, 0), (2, 0), (3, 5_000), (6, 60_000), (9, 900_000)] {
            check_wait(wrong, just_after, wait_ms);
        }
    }

    #[test]
    fn a_wait_passes_with_time_and_a_restart_begins_it_again() {
        let at = |boot, uptime_ms| TriedAt {
            boot_id: [boot; 16],
            uptime_ms,
        };
        check_wait(6, at(1, 41_000), 20_000);
        check_wait(6, at(1, 61_000), 0);
        check_wait(6, at(2, 500), 59_500);
        check_wait(6, at(2, 60_000), 0);
    }
}
