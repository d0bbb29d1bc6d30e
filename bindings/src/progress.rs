//! How far an exchange is, for whoever waits for it.

use crate::panics;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How far an exchange is. (`Progress` is Foundation's own name in Swift.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, uniffi::Record)]
pub struct ExchangeProgress {
    /// Requests that were answered.
    pub requests: i64,
    /// Bytes sent.
    pub bytes_sent: i64,
    /// Bytes received.
    pub bytes_received: i64,
}

/// Hears how far an exchange is, after each answer of HQ that was stored. Implemented by the app; must not wait.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// So far.
    fn progressed(&self, so_far: ExchangeProgress);
}

/// The exchange that is under way, and who hears of it.
#[derive(Default)]
pub(crate) struct Following(Mutex<Underway>);

#[derive(Default)]
struct Underway {
    so_far: ExchangeProgress,
    /// What was handed out and not answered yet.
    carried: i64,
    listener: Option<Arc<dyn ProgressListener>>,
}

impl Following {
    pub(crate) fn begin(&self, listener: Option<Arc<dyn ProgressListener>>) {
        *self.underway() = Underway {
            listener,
            ..Underway::default()
        };
    }

    pub(crate) fn handed_out(&self, bytes: usize) {
        self.underway().carried = count(bytes);
    }

    /// Counts an answer, and says so with no lock held: a listener may call the phone.
    pub(crate) fn answered(&self, bytes: usize) {
        let mut underway = self.underway();
        let carried = std::mem::take(&mut underway.carried);
        underway.so_far.requests += 1;
        underway.so_far.bytes_sent += carried;
        underway.so_far.bytes_received += count(bytes);
        let (so_far, listener) = (underway.so_far, underway.listener.clone());
        drop(underway);
        if let Some(listener) = listener {
            // A listener that throws is its own affair: the answer has been stored.
            let _ = panics::caught(|| listener.progressed(so_far));
        }
    }

    /// Lets the listener go.
    pub(crate) fn end(&self) {
        self.underway().listener = None;
    }

    fn underway(&self) -> MutexGuard<'_, Underway> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count(bytes: usize) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
