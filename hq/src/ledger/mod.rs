//! What HQ holds durably: the append-only log of pushes and runs, the feed that phones pull, and the desk's own records.
//!
//! Nothing outside this folder knows which engine lies below. Every method is one transaction: it happened whole and is on
//! disk when it returns `Ok`, or it did not happen. No method opens a sealed byte: the ledger holds what it can't read.

mod desk;
mod error;
mod fleet;
mod log;
mod roll;
mod rows;
pub mod sqlite;

#[cfg(test)]
mod conformance;

pub use desk::Desk;
pub use error::LedgerError;
pub use fleet::{Fleet, Vouched};
pub use log::Log;
pub use roll::Roll;
pub use rows::{
    Alert, AlertOutcome, Appended, Audit, Code, CodeUse, Decision, DeviceRow, DraftRow, Entry,
    Fate, FedStatement, FeedEntry, FeedItem, Hash, Leaf, Mark, Moves, NewAssignment, NewPush,
    NewRun, NewSealed, NewStatement, Part, ProtocolRow, PushRow, ReviewRow, Revocation, RunRow,
    RunTally, SealedFate, SealedRow, SessionRow, ShownRow, StaffRow, ToPhone,
};

/// The whole of it: the log, the roll of people and phones, the fleet, and the desk.
pub trait Ledger: Log + Roll + Fleet + Desk + Send + Sync {}

impl<L: Log + Roll + Fleet + Desk + Send + Sync> Ledger for L {}
