//! The ledger's records as plain values. Sealed bytes stay sealed here.

mod cases;
mod desk;
mod log;
mod people;

pub(crate) use cases::SHREDDED;
pub use cases::{GlassReviewRow, HeldBy, HolderRow, ShreddedRow};
pub use desk::{Alert, AlertOutcome, Audit, DraftRow, ProtocolRow, ReviewRow, ShownRow};
pub use log::{
    Appended, Decision, Entry, Fate, FeedEntry, FeedItem, Hash, Leaf, Mark, Moves, NewAssignment,
    NewPush, NewRun, Part, PushRow, RunRow,
};
pub use people::{Code, CodeUse, DeviceRow, SessionRow, StaffRow};
