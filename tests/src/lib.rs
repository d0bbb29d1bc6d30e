//! The simulated world: a real HQ and real phones, each over its own encrypted store, in one thread, with a clock and a
//! network that the test decides. Only the wires between them are pretended.

#![expect(
    clippy::unwrap_used,
    clippy::missing_errors_doc,
    reason = "this crate is for tests only: whatever goes wrong in it should stop the test where it happened"
)]

mod chance;
mod link;
mod phone;
mod world;

pub use chance::Seeded;
pub use link::{Link, Weather};
pub use phone::{Backup, Phone};
pub use world::{World, doctor, settle_all};
