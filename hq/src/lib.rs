//! Headquarters: takes in what phones push, keeps it durably, merges it, and gives it to those who read and sign.
//!
//! [`Headquarters`] is synchronous and knows no HTTP; [`serve`] puts it behind two listeners. `ledger` is the only part that
//! knows a database, `caseboard` the only one that merges, `review` the only one that draws pages.
#![allow(
    clippy::missing_errors_doc,
    reason = "LedgerError, Refused and OpenError say on each variant when they are given; repeating it at each verb would \
              hide what is special"
)]

mod access;
mod audit;
mod caseboard;
mod clock;
mod desk;
mod fleet;
mod headquarters;
mod hex;
mod intake;
mod keys;
pub mod ledger;
mod office;
pub mod pack;
mod refused;
pub mod review;
mod serve;

pub use access::{
    AddedStaff, Entered, IDLE_MS, NewStaff, RECOVERY_CODES, SecondFactor, Session, SettingUp,
    SignInId, SignedIn,
};
pub use audit::{AuditBook, AuditLine, Broken, Noted, Verified, Wanted};
pub use caseboard::{Doubt, HeldRun, Opening, Rebuilt, Shelves, Summons, Unfinished, Unproven};
pub use clock::Clock;
pub use desk::{
    Accept, Accepting, CasePage, Deadline, Draft, Glass, GlassReview, Holder, May, Names,
    NewAdvice, OpenAsk, Override, Phone, Queue, QueueRow, ReviewForm, ReviewState, Settle, ShownId,
    Shredded, Sign, SignedText, Signing, Who, stamp_words,
};
pub use fleet::{EnrolledPhone, LostPhone, MadeCode, SealedAside};
pub use headquarters::{Headquarters, Live};
pub use intake::{Answered, OutboxRefusal, Outcome};
pub use keys::{
    Exported, FormerKey, KeysError, MadeSealing, NOTICE as KEYS_NOTICE, read_custodian,
};
pub use office::{FirstStart, Office, OpenError, SecondFactorRule, Setup, Standby};
pub use refused::{Refused, stamp_ms};
pub use serve::{Listening, Options, OwnCertificate, ServeError, Stop, device_router, serve};
