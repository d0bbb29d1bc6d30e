//! The audit: one chain of rows, each with the hash of the one before, and checkpoints over it that HQ's key signed.
//!
//! Whoever can write to the ledger's file can write rows, and whoever also holds the online key can sign: against the second only
//! somebody outside helps. A checkpoint names a row and its hash and nothing else, so that a Merkle tree over the same rows, whose
//! roots phones witness with their exchanges, can take its place without touching a row.

mod book;
mod checkpoint;
mod phones;
mod verify;

pub use book::{AuditBook, AuditLine, Wanted};
pub use verify::{Broken, Noted, Verified};
