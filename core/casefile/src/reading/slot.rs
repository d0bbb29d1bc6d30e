//! One place: which of the values ever written there stand, which are held, and which are only history.
//!
//! A value goes in two ways: an uncontested one by a change that knew it, a contested one by a settlement that names it.
//! Whether the place was contested is read at the overwriting change's own dependencies. A settlement at headquarters is
//! no part of these: an edit after it counts as one that did not know it, and reopens the place until it is settled again.
//! That is the safe reading.

use std::collections::BTreeSet;

use super::{
    authority::Weight,
    past::{Past, contested},
    records::Said,
    settled::{Ruling, Settled, settle},
};
use crate::{
    file::{CaseFile, slot_of},
    history::{Slot, Write},
    ids::RecordId,
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
        let past = Past::work_out(self.history(Half::Field), writes, rulings);
        let all: Vec<_> = writes.iter().collect();
        let settled = settle(rulings, &all, past.history);
        let standing = past.standing(&all, &settled);
        let stands: BTreeSet<_> = standing.iter().map(|write| write.op).collect();
        let how = |write: &'a Write| match settled.away.get(&write.change) {
            _ if stands.contains(&write.op) => Standing::Stands,
            Some((Weight::Role, _)) => Standing::Gone,
            _ if self.is_let_go(write, writes, &past, confirmations) => Standing::Gone,
            Some((_, by)) => Standing::HeldByAuthor(*by),
            None => Standing::HeldByEdit,
        };
        SlotReading {
            values: writes.iter().map(|write| (write, how(write))).collect(),
            first: past.first,
            contested: contested(&standing),
            settled,
        }
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
