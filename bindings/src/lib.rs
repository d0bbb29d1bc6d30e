//! The facade that Kotlin and Swift see: blocking calls on one object, plain data, one error. It holds no rule, no SQL and
//! no crypto; what it does is turn types over, keep panics and personal data from crossing, and wipe what it frees.
//!
//! Order of reading: `phone` (the object and its door), `visit` (its verbs), `error`, then the types.

#![expect(
    clippy::missing_errors_doc,
    reason = "every call fails with MooringError, whose cases say what to do next"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "what crosses the border is owned"
)]

mod cost;
mod error;
mod exchange;
mod guides;
mod ids;
mod keys;
mod lease;
mod listen;
mod locked_visit;
#[cfg(feature = "panic-on-purpose")]
mod on_purpose;
mod opening;
mod outbox;
mod panics;
mod phone;
mod pin;
mod progress;
mod recovery;
mod rows;
mod shown;
mod terms;
mod trying_out;
mod visit;
mod wipe;

pub use error::{MooringError, NotAccepted, NotAllowed, NotHere, NotTaken, NotWritten, WontOpen};
pub use exchange::{Carry, DroppedCase, Exchanged, Me, NewAdvice, Request, root_address};
pub use guides::{Guide, LadderShown, PhoneNumber, RungShown, guides, ladder, numbers_for_person};
pub use keys::{KeyLock, Keystore, KeystoreError, Reading, Watch, WatchError};
pub use lease::{Colleague, MayRead};
pub use listen::{Changed, Listener};
pub use locked_visit::BlockingLockedVisit;
pub use outbox::OutboxAnswered;
pub use phone::{BlockingPhone, LookAgain, PhoneState, Tick};
pub use pin::Pin;
pub use progress::{ExchangeProgress, ProgressListener};
pub use recovery::RecoveryQuestion;
pub use rows::{CaseRow, ProtocolRow};
pub use shown::{
    AdviceProgress, AdviceShown, Asked, AssessmentShown, BesideShown, CaseShown, DomainShown,
    Happening, HeldLevel, HeldValueShown, Hint, MoveShown, OverrideShown, PairShown, PlaceShown,
    ProblemShown, RatingChange, ReviewShown, RiskShown, Said, SettlementShown, StageShown, Step,
    StepAnswer, StepOption, Sync, TotalShown, Unfinished, ValueShown, WaitingLevel, Warning, Why,
};
pub use terms::{domain_words, level_token, level_words};
pub use trying_out::SoftwareKeystore;
pub use visit::{Acceptance, AnswerPlace, Given, Saved};

use zeroizing_alloc::ZeroAlloc;

uniffi::setup_scaffolding!("mooring");

// A PIN, a key or an answer passes through buffers that the generated code frees: what is freed is wiped.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);
