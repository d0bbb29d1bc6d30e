//! Power cuts, bad disks, cut migrations and damaged pages, over the real vault.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't go on says so by stopping"
)]

mod bad_disk;
mod migrations;
mod pages;
mod power_cut;
mod story;
