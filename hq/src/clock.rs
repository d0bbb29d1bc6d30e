//! The clock as an argument: only `main` makes the real one, tests bring their own.

use std::sync::Arc;

use mooring_casefile::Now;

/// Tells the time when asked. Listeners ask it once a request.
pub type Clock = Arc<dyn Fn() -> Now + Send + Sync>;
