//! What each value of a place replaced when it was written, read at its own dependencies.

use std::collections::BTreeSet;

use super::settled::{Ruling, Settled, overwritten, settle};
use crate::{
    history::{History, Write},
    ids::ChangeId,
    run::Half,
};

/// The writes of a place with what each of them replaced.
pub(crate) struct Past<'a, 'r> {
    pub(crate) history: &'a History,
    writes: &'a [Write],
    rulings: &'r [Ruling<'a>],
    /// For each write, in order, the values that it replaced.
    replaced: Vec<BTreeSet<ChangeId>>,
    /// Values written where no answer stood.
    pub(crate) first: Vec<&'a Write>,
}

impl<'a, 'r> Past<'a, 'r> {
    /// Goes through the writes in an order in which each comes after all that it knew.
    pub(crate) fn work_out(
        history: &'a History,
        writes: &'a [Write],
        rulings: &'r [Ruling<'a>],
    ) -> Self {
        let mut past = Self {
            history,
            writes,
            rulings,
            replaced: Vec::new(),
            first: Vec::new(),
        };
        // One value after the other, as nearly everywhere: each replaced the one before it.
        let mut in_line = rulings.is_empty();
        for (index, write) in writes.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| writes.get(index));
            in_line &= write.preds.as_slice() == before.map(|before| before.op).as_slice();
            let standing = if in_line {
                before.into_iter().collect()
            } else {
                past.stood_for(write)
            };
            past.add(write, &standing);
        }
        past
    }

    /// What stood for the writer of this value.
    fn stood_for(&self, write: &Write) -> Vec<&'a Write> {
        let others = self.writes.iter().filter(|other| other.op < write.op);
        let known: Vec<_> = others
            .filter(|other| self.history.knew(&write.change, &other.change))
            .collect();
        let rulings = self.rulings.iter().copied();
        let rulings: Vec<_> = rulings
            .filter(|ruling| self.knew_ruling(write, ruling))
            .collect();
        self.standing(&known, &settle(&rulings, &known, self.history))
    }

    fn add(&mut self, write: &'a Write, standing: &[&Write]) {
        if standing.iter().all(|value| value.value.answer().is_none()) {
            self.first.push(write);
        }
        let replaced = if contested(standing) {
            BTreeSet::new()
        } else {
            self.reached(write, standing)
        };
        self.replaced.push(replaced);
    }

    /// Of what stood, what the write overwrote, directly or by way of what it overwrote.
    fn reached(&self, write: &Write, standing: &[&Write]) -> BTreeSet<ChangeId> {
        let directly = standing.iter().all(|value| write.preds.contains(&value.op));
        let reached = if directly {
            write.preds.iter().copied().collect()
        } else {
            let all: Vec<_> = self.writes.iter().collect();
            overwritten(write.preds.clone(), &all)
        };
        let replaced = standing.iter().filter(|value| reached.contains(&value.op));
        replaced.map(|value| value.change).collect()
    }

    fn knew_ruling(&self, write: &Write, ruling: &Ruling<'_>) -> bool {
        ruling.said.half == Half::Field
            && self.history.knew(&write.change, &ruling.said.stamp.change)
    }

    /// Of these values, those that none of the others replaced, or that a settlement chose again, and that no settlement
    /// took away.
    pub(crate) fn standing<'w>(&self, known: &[&'w Write], settled: &Settled) -> Vec<&'w Write> {
        let known_ops: BTreeSet<_> = known.iter().map(|write| write.op).collect();
        let pairs = self.writes.iter().zip(&self.replaced);
        let gone: BTreeSet<_> = pairs
            .filter(|(write, _)| known_ops.contains(&write.op))
            .flat_map(|(_, replaced)| replaced)
            .collect();
        let left: Vec<_> = known
            .iter()
            .copied()
            .filter(|write| !gone.contains(&write.change) || self.is_chosen(write, known, settled))
            .collect();
        let standing: Vec<_> = left
            .iter()
            .copied()
            .filter(|write| !settled.away.contains_key(&write.change))
            .collect();
        // Settlements that between them leave nothing have settled nothing.
        if standing.is_empty() { left } else { standing }
    }

    /// Whether a settlement chose this value, and nothing replaced it in knowledge of that.
    fn is_chosen(&self, write: &Write, known: &[&Write], settled: &Settled) -> bool {
        settled
            .chosen
            .iter()
            .filter(|(choice, ..)| *choice == write.change)
            .any(|(_, half, by)| {
                let knew =
                    |later: &&&Write| *half == Half::Field && self.history.knew(&later.change, by);
                !known
                    .iter()
                    .filter(knew)
                    .any(|later| self.replaces(later, write))
            })
    }

    /// Whether one value replaced the other.
    pub(crate) fn replaces(&self, later: &Write, earlier: &Write) -> bool {
        let index = self.writes.partition_point(|write| write.op < later.op);
        self.replaced
            .get(index)
            .is_some_and(|replaced| replaced.contains(&earlier.change))
    }
}

/// Whether these values say different things.
pub(crate) fn contested(standing: &[&Write]) -> bool {
    let Some((first, others)) = standing.split_first() else {
        return false;
    };
    others
        .iter()
        .any(|other| !other.value.says_the_same(&first.value))
}
