//! One place: which of the values ever written there stand, which are held, and which are only history.
//!
//! A value goes in two ways: an uncontested one by a change that knew it, a contested one by a settlement that names it.
//! Whether the place was contested is read at the overwriting change's own dependencies. A settlement at headquarters is
//! no part of these: an edit after it counts as one that did not know it, and reopens the place until it is settled again.
//! That is the safe reading.

use std::collections::BTreeSet;

use super::{
    authority::Weight,
    records::Said,
    settled::{Ruling, Settled, overwritten, settle},
};
use crate::{
    file::{CaseFile, slot_of},
    history::{History, Slot, Write},
    ids::{ChangeId, RecordId},
    record::{ConfirmKind, Confirmation, Place},
    run::Half,
};

/// How a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It is the answer, or one of several that contradict each other.
    Stands,
    /// An edit replaced it, and nobody who may has let it go: where it is worse, it governs (rule 4).
    HeldByEdit,
    /// One of the authors settled against it: where it is worse, it governs all the same.
    HeldByAuthor(RecordId),
    /// Let go. It is kept, and counts no more.
    Gone,
}

/// One place, read.
#[derive(Debug)]
pub(crate) struct SlotReading<'a> {
    pub(crate) values: Vec<(&'a Write, Standing)>,
    /// Values written where no answer stood: by the first to answer, or after a retraction.
    pub(crate) first: Vec<&'a Write>,
    pub(crate) contested: bool,
    pub(crate) settled: Settled,
}

impl<'a> SlotReading<'a> {
    pub(crate) fn standing(&self) -> impl Iterator<Item = &'a Write> {
        self.values
            .iter()
            .filter(|(_, standing)| *standing == Standing::Stands)
            .map(|(write, _)| *write)
    }

    /// Values that still govern where they are worse: those that stand and those that are held.
    pub(crate) fn governing(&self) -> impl Iterator<Item = &'a Write> {
        self.values
            .iter()
            .filter(|(_, standing)| *standing != Standing::Gone)
            .map(|(write, _)| *write)
    }
}

impl CaseFile {
    /// Reads one place. Settlements in `set_aside` count for nothing: they lower, and only an author stands behind them.
    pub(crate) fn read_slot<'a>(
        &'a self,
        place: &Place,
        set_aside: &BTreeSet<RecordId>,
    ) -> SlotReading<'a> {
        let writes = self.history(Half::Field).writes(&slot_of(place));
        let said = self.settlements_at(place);
        let counted = said
            .into_iter()
            .filter(|said| !set_aside.contains(&said.id));
        let rulings: Vec<_> = counted
            .map(|said| Ruling {
                said,
                weight: self.weight_of(said.what, &said.stamp.who),
            })
            .collect();
        self.read_writes(writes, &rulings, &self.confirmations_at(place))
    }

    /// Reads the title: nobody settles or confirms one.
    pub(crate) fn read_title(&self) -> SlotReading<'_> {
        self.read_writes(self.history(Half::Field).writes(&Slot::Title), &[], &[])
    }

    fn read_writes<'a>(
        &'a self,
        writes: &'a [Write],
        rulings: &[Ruling<'a>],
        confirmations: &[Said<'_, Confirmation>],
    ) -> SlotReading<'a> {
        let past = Past {
            history: self.history(Half::Field),
            writes,
            rulings,
            replaced: Vec::new(),
            first: Vec::new(),
        }
        .work_out();
        let let_go = |write: &Write| self.is_let_go(write, writes, &past, confirmations);
        let all: Vec<_> = writes.iter().collect();
        past.read(settle(rulings, &all, past.history), let_go)
    }

    /// Whether somebody who may has let this value go, knowing what replaced it.
    fn is_let_go(
        &self,
        earlier: &Write,
        writes: &[Write],
        past: &Past<'_, '_>,
        all: &[Said<'_, Confirmation>],
    ) -> bool {
        let history = self.history(Half::Field);
        all.iter()
            .filter(|said| said.what.earlier.contains(&earlier.change))
            .any(|said| {
                let instead: Vec<_> = writes
                    .iter()
                    .filter(|write| {
                        past.replaces(write, earlier)
                            && history.knew(&said.stamp.change, &write.change)
                    })
                    .collect();
                let later: Vec<_> = writes
                    .iter()
                    .filter(|write| {
                        write.op > earlier.op && history.knew(&said.stamp.change, &write.change)
                    })
                    .collect();
                match said.what.kind {
                    _ if instead.is_empty() => false,
                    ConfirmKind::Confirmed => self.may_let_go(earlier, &later, &said.stamp.who),
                    ConfirmKind::Undo => instead
                        .iter()
                        .any(|undo| self.is_undo(earlier, undo, &said.stamp.who)),
                }
            })
    }
}

/// The writes of a place with what each of them replaced.
struct Past<'a, 'r> {
    history: &'a History,
    writes: &'a [Write],
    rulings: &'r [Ruling<'a>],
    /// For each write, in order, the values that it replaced.
    replaced: Vec<BTreeSet<ChangeId>>,
    first: Vec<&'a Write>,
}

impl<'a> Past<'a, '_> {
    /// Goes through the writes in an order in which each comes after all that it knew.
    fn work_out(mut self) -> Self {
        for write in self.writes {
            let known: Vec<_> = self.known_to(write);
            let rulings: Vec<_> = self
                .rulings
                .iter()
                .filter(|ruling| self.knew_ruling(write, ruling))
                .copied()
                .collect();
            let standing = self.standing(&known, &settle(&rulings, &known, self.history));
            if standing.iter().all(|value| value.value.answer().is_none()) {
                self.first.push(write);
            }
            let replaced = if contested(&standing) {
                BTreeSet::new()
            } else {
                let all: Vec<_> = self.writes.iter().collect();
                let reached = overwritten(write.preds.clone(), &all);
                standing
                    .iter()
                    .filter(|value| reached.contains(&value.op))
                    .map(|value| value.change)
                    .collect()
            };
            self.replaced.push(replaced);
        }
        self
    }

    fn known_to(&self, write: &Write) -> Vec<&'a Write> {
        let others = self.writes.iter().filter(|other| other.op < write.op);
        others
            .filter(|other| self.history.knew(&write.change, &other.change))
            .collect()
    }

    fn knew_ruling(&self, write: &Write, ruling: &Ruling<'_>) -> bool {
        ruling.said.half == Half::Field
            && self.history.knew(&write.change, &ruling.said.stamp.change)
    }

    /// Of these values, those that none of the others replaced and no settlement took away.
    fn standing<'w>(&self, known: &[&'w Write], settled: &Settled) -> Vec<&'w Write> {
        let gone: BTreeSet<_> = known
            .iter()
            .flat_map(|write| self.replaced_by(write))
            .copied()
            .collect();
        let left: Vec<_> = known
            .iter()
            .copied()
            .filter(|write| !gone.contains(&write.change))
            .collect();
        let standing: Vec<_> = left
            .iter()
            .copied()
            .filter(|write| !settled.away.contains_key(&write.change))
            .collect();
        // Settlements that between them leave nothing have settled nothing.
        if standing.is_empty() { left } else { standing }
    }

    fn replaced_by(&self, write: &Write) -> impl Iterator<Item = &ChangeId> {
        let index = self.writes.iter().position(|other| other.op == write.op);
        index
            .and_then(|index| self.replaced.get(index))
            .into_iter()
            .flatten()
    }

    fn replaces(&self, write: &Write, earlier: &Write) -> bool {
        self.replaced_by(write)
            .any(|change| *change == earlier.change)
    }

    fn read(&self, settled: Settled, is_let_go: impl Fn(&Write) -> bool) -> SlotReading<'a> {
        let all: Vec<_> = self.writes.iter().collect();
        let standing = self.standing(&all, &settled);
        let contested = contested(&standing);
        let standing: BTreeSet<_> = standing.iter().map(|write| write.op).collect();
        let place = |write: &'a Write| {
            let how = match settled.away.get(&write.change) {
                _ if standing.contains(&write.op) => Standing::Stands,
                Some((Weight::Role, _)) => Standing::Gone,
                _ if is_let_go(write) => Standing::Gone,
                Some((_, by)) => Standing::HeldByAuthor(*by),
                None => Standing::HeldByEdit,
            };
            (write, how)
        };
        SlotReading {
            values: self.writes.iter().map(place).collect(),
            first: self.first.clone(),
            contested,
            settled,
        }
    }
}

fn contested(standing: &[&Write]) -> bool {
    let first = standing.first();
    first.is_some_and(|first| {
        standing
            .iter()
            .skip(1)
            .any(|other| !other.value.says_the_same(&first.value))
    })
}
