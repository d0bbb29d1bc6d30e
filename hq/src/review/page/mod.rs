//! The pages as plain values and their HTML. Nothing here reads a case, a clock or a ledger: what a page says has been decided
//! before (`present`), so that every page can be drawn, tested and looked at without a headquarters behind it.

pub(crate) mod acceptance;
pub(crate) mod account;
pub(crate) mod advice;
pub(crate) mod assessment;
pub(crate) mod badge;
pub(crate) mod case;
pub(crate) mod changes;
pub(crate) mod code;
pub(crate) mod contest;
pub(crate) mod frame;
pub(crate) mod glass;
pub(crate) mod governs;
pub(crate) mod holders;
pub(crate) mod judgment;
pub(crate) mod notice;
pub(crate) mod past;
pub(crate) mod queue;
pub(crate) mod rescue;
pub(crate) mod review_form;
pub(crate) mod sign_in;
pub(crate) mod strip;
pub(crate) mod timeline;
pub(crate) mod words;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
