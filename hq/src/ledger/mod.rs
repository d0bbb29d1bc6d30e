//! What HQ holds durably: the append-only log of pushes and runs, the feed that phones pull, the desk's own
//! records, and the audit.
//!
//! Nothing outside this folder knows which engine lies below. Every method is one transaction: it happened whole and is on
//! disk when it returns `Ok`, or it did not happen. No method opens a sealed byte: the ledger holds what it can't read.

mod cases;
mod comebacks;
mod desk;
mod error;
mod fleet;
mod log;
mod roll;
mod rows;
mod second_factor;
pub mod sqlite;
mod trail;

#[cfg(test)]
mod conformance;

pub use cases::Cases;
pub use comebacks::Comebacks;
pub use desk::Desk;
pub use error::LedgerError;
pub use fleet::{Fleet, Vouched};
pub use log::Log;
pub use roll::Roll;
pub(crate) use rows::SHREDDED;
pub use rows::{
    Alert, AlertOutcome, Appended, Audit, AuditRow, CHAIN_BEGINS, CheckpointRow, Code, CodeUse,
    Comeback, Decision, DeviceRow, DraftRow, Entry, Fate, FedStatement, FeedEntry, FeedItem,
    GlassReviewRow, HalfSignIn, Hash, HeldBy, HolderRow, Leaf, LoggedRun, Mark, Moves,
    NewAssignment, NewPush, NewRun, NewSealed, NewStatement, Part, PhoneAct, ProtocolRow, PushRow,
    ReviewRow, Revocation, RunRow, RunTally, SealedFate, SealedRow, SealedRun, SecondFactorRow,
    Seen, SessionRow, ShownRow, ShreddedRow, StaffRow, ToPhone,
};
pub use second_factor::SecondFactors;
pub use trail::Trail;

/// The whole of it: the log, the roll of people and phones, the fleet and the phones that came back, the cases, second factors, the desk,
/// and the audit trail.
pub trait Ledger:
    Log + Roll + Fleet + Comebacks + Cases + SecondFactors + Desk + Trail + Send + Sync
{
}

impl<L: Log + Roll + Fleet + Comebacks + Cases + SecondFactors + Desk + Trail + Send + Sync> Ledger
    for L
{
}
