//! No panic crosses, and none prints what it was about: a panic's message can quote an answer.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::Once;

static QUIET: Once = Once::new();

/// From now on a panic of this library says nothing on stderr. The hook is the library's own: the app's stays as it is.
pub(crate) fn keep_quiet() {
    QUIET.call_once(|| set_hook(Box::new(|_| {})));
}

/// Runs `verb`; `None` is a panic.
pub(crate) fn caught<T>(verb: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(verb)).ok()
}
