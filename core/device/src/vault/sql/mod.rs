//! All SQL of the phone, whole and named. A function that takes a `Transaction` writes, one that takes a `Connection` reads.

pub(crate) mod actors;
pub(crate) mod assignments;
pub(crate) mod audit;
pub(crate) mod audit_sent;
pub(crate) mod cases;
pub(crate) mod changes;
pub(crate) mod commits;
pub(crate) mod dropped;
pub(crate) mod facts;
pub(crate) mod generation;
pub(crate) mod halves;
pub(crate) mod partner_tokens;
pub(crate) mod proofs;
pub(crate) mod protocols;
pub(crate) mod push;
pub(crate) mod receipts;
mod row;
pub(crate) mod salvage;
pub(crate) mod sealed;
pub(crate) mod unread;
pub(crate) mod unsent;
pub(crate) mod waiting;
