//! What a phone seals to HQ outside its vault: it can be sent while the vault is locked, wiped or its lease is over.
//!
//! A record needs no other authentication than its own signature, is no part of the push chain, and is told from another by the hashes
//! of its changes: HQ takes each change once, however it comes.

mod answer;
mod proof;
mod receipt;
mod record;
mod upload;

pub use answer::OutboxAnswer;
pub use proof::OutboxProof;
pub use receipt::OutboxReceipt;
pub use record::{OutboxHead, OutboxRecord};
pub use upload::OutboxUpload;
