//! The records of both halves, with who stated them and when.

use crate::{
    file::CaseFile,
    history::Recorded,
    moment::Stamp,
    record::{Acceptance, Confirmation, Override, Place, Record, Settlement},
    run::Half,
};

/// A record that somebody stated.
#[derive(Debug)]
pub(crate) struct Said<'a, T> {
    pub(crate) id: crate::ids::RecordId,
    pub(crate) half: Half,
    pub(crate) stamp: Stamp,
    pub(crate) what: &'a T,
}

// Derived, these would ask that the record itself be Copy.
impl<T> Clone for Said<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Said<'_, T> {}

macro_rules! records_of {
    ($name:ident, $kind:ident, $record:ty) => {
        pub(crate) fn $name(&self) -> impl Iterator<Item = Said<'_, $record>> {
            self.said().filter_map(|said| {
                let Record::$kind(what) = said.what else {
                    return None;
                };
                Some(Said {
                    id: said.id,
                    half: said.half,
                    stamp: said.stamp,
                    what,
                })
            })
        }
    };
}

impl CaseFile {
    /// Every record, the field half first, by id: the same order on every replica.
    pub(crate) fn said(&self) -> impl Iterator<Item = Said<'_, Record>> {
        Half::BOTH.into_iter().flat_map(move |half| {
            self.history(half)
                .records()
                .filter_map(move |recorded: &Recorded| {
                    let stamp = self.stamp(half, recorded.change)?;
                    Some(Said {
                        id: recorded.id,
                        half,
                        stamp,
                        what: &recorded.record,
                    })
                })
        })
    }

    records_of!(settlements, Settlement, Settlement);
    records_of!(confirmations, Confirmation, Confirmation);
    records_of!(acceptances, Acceptance, Acceptance);
    records_of!(overrides, Override, Override);
    records_of!(events, Event, crate::record::Event);
    records_of!(asks, Ask, crate::record::Ask);
    records_of!(marks_of_advice, Mark, crate::record::AdviceMark);
    records_of!(reviews, Review, crate::record::Review);
    records_of!(advice, Advice, crate::record::NewAdvice);
    records_of!(withdrawals, Withdrawal, crate::record::Withdrawal);
    records_of!(openings, Opening, crate::record::Opening);

    /// How many records a later version of this software wrote.
    pub(crate) fn unreadable_records(&self) -> usize {
        self.said()
            .filter(|said| *said.what == Record::TooNew)
            .count()
    }

    pub(crate) fn settlements_at<'a>(&'a self, place: &Place) -> Vec<Said<'a, Settlement>> {
        self.settlements()
            .filter(|said| said.what.place == *place)
            .collect()
    }

    pub(crate) fn confirmations_at<'a>(&'a self, place: &Place) -> Vec<Said<'a, Confirmation>> {
        self.confirmations()
            .filter(|said| said.what.place == *place)
            .collect()
    }
}
