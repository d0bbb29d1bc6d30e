//! Telling an app what changed, so that its lists and pages read it again. What is told carries ids, never content.

use crate::panics;
use crate::phone::PhoneState;
use mooring_casefile::CaseId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Hears what changed. Implemented by the app; must not wait, and may call the phone.
#[uniffi::export(with_foreign)]
pub trait Listener: Send + Sync {
    /// Something changed.
    fn changed(&self, what: Changed);
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Changed {
    /// The vault was opened or locked, or joined an agency.
    State {
        /// What it is now.
        state: PhoneState,
    },
    /// One case: what is known, its level, or what HQ has of it.
    Case {
        /// Which.
        case: CaseId,
    },
    /// The shelf of protocols.
    Protocols,
    /// Anything: an exchange took something in.
    Everything,
}

/// Those who listen.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Known>);

#[derive(Default)]
struct Known {
    last: i64,
    by_number: BTreeMap<i64, Arc<dyn Listener>>,
}

impl Listeners {
    pub(crate) fn add(&self, listener: Arc<dyn Listener>) -> i64 {
        let mut known = self.known();
        known.last += 1;
        let number = known.last;
        known.by_number.insert(number, listener);
        number
    }

    pub(crate) fn remove(&self, number: i64) {
        self.known().by_number.remove(&number);
    }

    /// Tells them all, with no lock held: a listener may call the phone, or stop listening.
    pub(crate) fn tell(&self, what: Changed) {
        let all: Vec<_> = self.known().by_number.values().cloned().collect();
        for listener in all {
            // A listener that throws is its own affair: the call that it hears of has been done.
            let _ = panics::caught(|| listener.changed(what));
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
