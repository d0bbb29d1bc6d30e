//! The case file from outside: what several people and replicas do to it, and what outside bytes can't do.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests throughout; clippy only knows the functions marked as such"
)]

mod acceptance;
mod chunk;
mod contested;
mod difference;
mod forged;
mod guard;
mod lowering;
mod matrix;
mod mutants;
mod overrides;
mod replicas;
mod storage;
mod team;
mod views;
mod visit;
mod world;
