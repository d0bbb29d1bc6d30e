//! HQ from outside: crafted phones push, staff read and sign, everything in one process and on real files.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a test that does not get on should say where at once"
)]

mod alerts;
mod audit;
mod canary;
mod cases;
mod desk;
mod enrolling;
mod exchange;
mod ladder;
mod people;
mod phone;
mod phone_audit;
mod proving;
mod queue;
mod refusals;
mod resume;
mod second_factor;
mod signing;
mod tampering;
mod world;
