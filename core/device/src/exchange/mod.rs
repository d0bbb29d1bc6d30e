//! One exchange with HQ, seen from the phone: bytes out, bytes in, and every effect durable before the next step.
//!
//! Nothing here opens a socket. An exchange that is dropped anywhere loses nothing: the next one begins from what is stored.

mod arrive;
mod drop_over;
mod exchanged;
mod fates;
mod pack;
mod page;
mod progress;
pub(crate) use progress::Progress;
mod receipt;
mod renewal;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use arrive::{Holds, Source, arrive};
pub use drop_over::{Dropped, Over};
pub use exchanged::Exchanged;
pub(crate) use exchanged::Tally;
pub(crate) use pack::{by_case, of_case};
pub use run::Next;
pub(crate) use run::Running;
