//! The review pages: what a psychiatrist reads, signs, settles and advises, on a listener of its own. Server-rendered, usable
//! without script, live with it.
//!
//! `route` takes requests apart and calls headquarters, `present` puts what it says into words, `page` draws those.
//! Nothing here merges, derives a level or writes a record.

mod act;
mod assets;
mod cookie;
mod desk;
mod done;
mod guard;
mod page;
mod present;
mod route;
mod typed;

use std::sync::Arc;

use axum::Router;

pub use desk::{Cookie, Options};
pub use present::hours::Zone;

use crate::Headquarters;

/// Everything that the review listener serves.
pub fn router(hq: Arc<Headquarters>, options: Options) -> Router {
    route::routes(desk::Desk::new(hq, options))
}
