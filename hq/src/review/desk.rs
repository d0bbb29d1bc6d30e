//! What every route holds: headquarters, the clock, the zone in which times are said.

use std::sync::Arc;

use mooring_casefile::Now;

use super::present::hours::{Hours, Zone};
use crate::clock::Clock;
use crate::{Headquarters, Refused};

/// Whether the browser may send the sign-in over an unencrypted connection: only on a loopback listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Loopback HTTP.
    Plain,
    /// HTTPS, with the operator's certificate.
    Secure,
}

/// How the review pages are served.
#[derive(Clone)]
pub struct Options {
    /// In which zone times are said.
    pub zone: Zone,
    /// How the sign-in travels.
    pub cookie: Cookie,
    /// Where the time comes from.
    pub clock: Clock,
}

/// Headquarters as a route sees it.
#[derive(Clone)]
pub(crate) struct Desk {
    hq: Arc<Headquarters>,
    options: Options,
}

impl Desk {
    pub(crate) fn new(hq: Arc<Headquarters>, options: Options) -> Self {
        Self { hq, options }
    }

    pub(crate) fn cookie(&self) -> Cookie {
        self.options.cookie
    }

    pub(crate) fn headquarters(&self) -> &Headquarters {
        &self.hq
    }

    pub(crate) fn now(&self) -> Now {
        (self.options.clock)()
    }

    /// Runs `work` where it may block; a panic in it is one refused request, not a dead page for all.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Asked<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<T, Refused> {
        let desk = self.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let now = desk.now();
            let hours = Hours {
                now_ms: now.wall_ms,
                zone: desk.options.zone,
            };
            work(&Asked {
                hq: &desk.hq,
                now,
                hours,
            })
        });
        asked.await.unwrap_or(Err(Refused::Internal {
            code: "review-panic",
        }))
    }
}

/// One request's view of headquarters: one moment, one zone.
pub(crate) struct Asked<'a> {
    pub(crate) hq: &'a Headquarters,
    pub(crate) now: Now,
    pub(crate) hours: Hours,
}
