//! The ledger's records as plain values. Sealed bytes stay sealed here.

mod comeback;
mod desk;
mod log;
mod people;

pub use comeback::{Comeback, Seen};
pub use desk::{Alert, AlertOutcome, Audit, DraftRow, ProtocolRow, ReviewRow, ShownRow};
pub use log::{
    Appended, Decision, Entry, Fate, FeedEntry, FeedItem, Hash, Leaf, Mark, Moves, NewAssignment,
    NewPush, NewRun, Part, PushRow, RunRow,
};
pub use people::{Code, CodeUse, DeviceRow, SessionRow, StaffRow};
