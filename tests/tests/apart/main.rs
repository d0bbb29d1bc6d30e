//! Phones apart from HQ: those that meet each other, and those that come back from a backup.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

mod partner;
mod restored;
