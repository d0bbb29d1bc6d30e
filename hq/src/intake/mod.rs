//! What phones send: verified, appended, receipted; then merged. The session decides, this folder carries out.
//!
//! HQ never answers for what is not on disk. What is wrong with one part of a push says nothing of the others.

mod append;
mod chunks;
mod exchange;
mod fates;
mod outbox;
mod page;

pub use exchange::{Answered, Outcome};
pub use outbox::OutboxRefusal;
