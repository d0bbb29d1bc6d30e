//! The ledger's records as plain values. Sealed bytes stay sealed here.

mod cases;
mod comeback;
mod desk;
mod fleet;
mod log;
mod people;
mod trail;

pub(crate) use cases::SHREDDED;
pub use cases::{GlassReviewRow, HeldBy, HolderRow, ShreddedRow};
pub use comeback::{Comeback, Seen};
pub use desk::{Alert, AlertOutcome, DraftRow, ProtocolRow, ReviewRow, ShownRow};
pub use fleet::{
    FedStatement, NewSealed, NewStatement, Revocation, RunTally, SealedFate, SealedRow, SealedRun,
    ToPhone,
};
pub use log::{
    Appended, Decision, Entry, Fate, FeedEntry, FeedItem, Hash, Leaf, LoggedRun, Mark, Moves,
    NewAssignment, NewPush, NewRun, Part, PushRow, RunRow,
};
pub use people::{Code, CodeUse, DeviceRow, HalfSignIn, SecondFactorRow, SessionRow, StaffRow};
pub use trail::{Audit, AuditRow, CHAIN_BEGINS, CheckpointRow, PhoneAct};
