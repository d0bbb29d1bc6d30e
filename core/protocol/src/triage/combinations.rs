//! All combinations of the values that may be true, up to a limit; beyond it, one look at all of them at once.
//!
//! The look at all at once asks of every rule whether some of the values could make it true. It can only say more than the
//! combinations would, never less: counting contested answers as unanswered alone could fall below what one of the values says,
//! and that would lower a level.

use crate::form::Form;

/// More combinations are not tried (SAFETY rule 5).
pub(crate) const MAX_COMBINATIONS: usize = 4_096;
/// Nor is more than this looked at, entries times combinations: somebody may send a form with thousands of repeats.
const MAX_WORK: usize = 4_000_000;

/// The contested slots, and whether their combinations are few enough to be tried.
#[derive(Debug)]
pub(crate) struct Combinations {
    /// Slot and number of candidates.
    contested: Vec<(usize, usize)>,
    slots: usize,
    exact: bool,
}

impl Combinations {
    /// The combinations of the slots of these nodes; each costs a look at so many entries.
    pub(crate) fn of(form: &Form, needed: &[bool], entries: usize) -> Self {
        Self::up_to(MAX_COMBINATIONS, form, needed, entries)
    }

    /// As `of`, with a limit of one's own.
    pub(crate) fn up_to(limit: usize, form: &Form, needed: &[bool], entries: usize) -> Self {
        let of_needed = form
            .entries
            .iter()
            .filter(|entry| needed.get(entry.node).copied().unwrap_or(false));
        let slots = of_needed.flat_map(|entry| entry.slots.clone().zip(form.slots_of(entry)));
        let contested: Vec<(usize, usize)> = slots
            .map(|(number, slot)| (number, slot.candidates.len()))
            .filter(|(_, candidates)| *candidates > 1)
            .collect();
        let count = contested
            .iter()
            .try_fold(1_usize, |count, (_, candidates)| {
                count.checked_mul(*candidates)
            });
        let exact = count.is_some_and(|count| {
            count <= limit && (count == 1 || count.saturating_mul(entries) <= MAX_WORK)
        });
        Self {
            contested,
            slots: form.slots.len(),
            exact,
        }
    }

    /// Whether anything is contested at all.
    pub(crate) const fn are_several(&self) -> bool {
        !self.contested.is_empty()
    }

    /// Whether each is tried.
    pub(crate) const fn are_exact(&self) -> bool {
        self.exact
    }

    /// Calls with the picks of each combination; with no picks at all where they are too many.
    pub(crate) fn each(&self, call: &mut dyn FnMut(&[Option<usize>])) {
        let mut picks = vec![None; self.slots];
        if !self.exact {
            return call(&picks);
        }
        let mut counters = vec![0_usize; self.contested.len()];
        loop {
            for ((slot, _), counter) in self.contested.iter().zip(&counters) {
                if let Some(pick) = picks.get_mut(*slot) {
                    *pick = Some(*counter);
                }
            }
            call(&picks);
            if !advance(&mut counters, &self.contested) {
                return;
            }
        }
    }
}

/// Counts one further, like an odometer; false after the last.
fn advance(counters: &mut [usize], contested: &[(usize, usize)]) -> bool {
    for (counter, (_, candidates)) in counters.iter_mut().zip(contested) {
        *counter += 1;
        if *counter < *candidates {
            return true;
        }
        *counter = 0;
    }
    false
}
