//! How it travels: the wire formats, version 0, as pure functions over bytes, and the session, one state machine for both ends.
//!
//! Nothing here opens a socket, waits, reads a clock or stores anything: a driver (the phone's device crate, HQ's intake) carries out
//! each [`Effect`] and feeds the next [`Event`]. A session that is dropped at any point loses nothing and doubles nothing: all that
//! counts is in what the driver had made durable.
#![allow(
    clippy::missing_errors_doc,
    reason = "IdentityError says on each variant when it is given; repeating it at each parser would hide what is special"
)]

mod assignment;
mod audit;
mod bundle;
mod ids;
mod limits;
mod mark;
mod outbox;
mod page;
mod push;
mod receipt;
mod refusal;
mod reply;
mod request;
mod restored;
mod run;
mod session;
mod squeeze;

pub use assignment::{Access, Assignment};
pub use audit::{AUDIT_BEGINS, AuditAct, AuditActs, AuditMark, MOST_ACTS};
pub use bundle::{
    BundleDraft, BundleFault, GivenRun, OpenedBundle, PageRoot, PartnerBundle, PartnerToken,
    PartsHeld, ProvedRun, RunProof, RunVoucher, ShownToken, TokenDraft, Trust, cut_for_qr,
    open_bundle, prove_page, proved_runs, seal_bundle, token_of,
};
pub use limits::{
    LARGEST_CHANGE, LARGEST_CHUNK, LARGEST_PAGE, LARGEST_PUSH, LARGEST_RAW, MOST_KEYS, MOST_RUNS,
    PAGE_TARGET,
};
pub use mark::{Have, MarkState, RunKey, RunMark};
pub use outbox::{
    OutboxAnswer, OutboxHead, OutboxProof, OutboxReceipt, OutboxRecord, OutboxUpload,
};
pub use page::{Entry, Page, PageEntry, PagePart};
pub use push::{
    ArrivedRun, OpenedPush, PackError, PushDraft, PushHeader, RunHeader, SealedPush, open_push,
    plan_pushes,
};
pub use receipt::{Receipt, RefusedRun, RunFault};
pub use refusal::{PushRefusal, Refusal};
pub use reply::{Answer, PageChunk, PushStatus, Reply};
pub use request::{Chunk, PagePosition, Request, claimed_position};
pub use restored::Restored;
pub use run::{decode_run, encode_run, in_turn};
pub use session::{
    Appended, Arrival, ChunkState, Effect, Ended, Event, Means, PageDraft, Peer, PhoneStart,
    Session, Summary,
};
