//! What HQ holds durably: the append-only log of pushes and runs, the feed that phones pull, and the desk's own records.
//!
//! Nothing outside this folder knows which engine lies below. Every method is one transaction: it happened whole and is on
//! disk when it returns `Ok`, or it did not happen. No method opens a sealed byte: the ledger holds what it can't read.

mod comebacks;
mod desk;
mod error;
mod log;
mod roll;
mod rows;
pub mod sqlite;

#[cfg(test)]
mod conformance;

pub use comebacks::Comebacks;
pub use desk::Desk;
pub use error::LedgerError;
pub use log::Log;
pub use roll::Roll;
pub use rows::{
    Alert, AlertOutcome, Appended, Audit, Code, CodeUse, Comeback, Decision, DeviceRow, DraftRow,
    Entry, Fate, FeedEntry, FeedItem, Hash, Leaf, Mark, Moves, NewAssignment, NewPush, NewRun,
    Part, ProtocolRow, PushRow, ReviewRow, RunRow, Seen, SessionRow, ShownRow, StaffRow,
};

/// The whole of it: the log, the roll of people and phones, the phones that came back, and the desk.
pub trait Ledger: Log + Roll + Comebacks + Desk + Send + Sync {}

impl<L: Log + Roll + Comebacks + Desk + Send + Sync> Ledger for L {}
