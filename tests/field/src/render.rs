//! From views to JSON: everything known, under plain names. It decides nothing.

mod case;
mod risk;

pub(crate) use case::{case, flow};
pub(crate) use risk::risk;
