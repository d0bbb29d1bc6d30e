//! What an app can do, a verb a file, over one encrypted vault. No clock, no chance, no socket of its own: they come in.
//!
//! [`Device`] is one phone. Once a verb has returned, what it did is on disk; if it says "not saved", nothing of it is.
#![allow(
    clippy::missing_errors_doc,
    reason = "each variant of Error says what an app does about it; repeating that at each verb would hide what is special"
)]
#![allow(
    clippy::doc_markdown,
    reason = "SQLite and SQLCipher are names, not code"
)]

mod accept;
mod add_to_team;
mod ask;
mod biometric;
mod break_glass;
mod call;
mod case;
mod change_pin;
mod close_case;
mod confirm;
mod device;
mod enrol;
mod error;
mod exchange;
mod holding;
mod lease;
mod list;
mod locked_visit;
mod mark_advice;
mod me;
mod new_case;
mod note_event;
mod open_vault;
mod outbox;
mod outside;
mod override_level;
mod partner;
mod protocols;
mod record_answer;
mod recover;
mod retract;
mod salvage;
mod seams;
mod set_aside;
mod settle;
mod show;
mod start;
mod sync;
mod tick;
mod vault;
mod who;
mod wipe;

pub use accept::Acceptable;
pub use case::Saved;
pub use device::{Device, State};
pub use enrol::{EnrolStep, read_address};
pub use error::{BadInput, Error, Forbidden, Missing, NotSaved, Refused, Result, VaultFault};
pub use exchange::{Dropped, Exchanged, Next, Over};
pub use holding::StandbyCard;
pub use lease::Standing;
pub use locked_visit::{LockedVisit, guides};
pub use mooring_exchange::{PartsHeld, cut_for_qr};
pub use outbox::{Outbox, UploadAnswered};
pub use partner::{GivenBundle, TakenBundle};
pub use protocols::ShelvedProtocol;
pub use record_answer::NewAnswer;
pub use recover::{Recovery, begin_recovery};
pub use retract::AnswerAt;
pub use salvage::Salvaged;
pub use seams::Seams;
pub use set_aside::set_aside;
pub use settle::NewSettlement;
pub use show::CaseShown;
pub use sync::{AtHq, SyncState};
pub use tick::{Again, Due};
pub use vault::sql::cases::CaseRow;
pub use vault::sql::protocols::Origin;
pub use vault::{By, Older};
pub use who::WhoAmI;
pub use wipe::carry_out_order;
