//! A disk that forgets: the real vault over a file system in memory that remembers each write and each sync, so that every
//! state in which a power cut could leave it can be built, opened and looked at. The same disk can be full, failing or
//! read-only from any write on.
//!
//! The only crate of the workspace that may say `unsafe`: SQLite's file system is a table of C functions.

#![expect(
    clippy::unwrap_used,
    reason = "this crate is for tests only: whatever goes wrong in it should stop the test where it happened"
)]
#![allow(clippy::doc_markdown, reason = "SQLite is a name, not code")]

mod chance;
mod connection;
mod cut;
mod disk;
mod phone;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod shim;
mod vfs;
mod volume;

pub use chance::Dice;
pub use connection::with_connection;
pub use cut::{Cut, Cuts};
pub use disk::{Disk, Files, Op, Trouble, TroubleKind};
pub use phone::{DATABASE, Phone};
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub use shim::Recording;
pub use volume::{Event, Volume, read_folder, write_folder};
