//! The open cases: read from the vault, changed in one transaction each, and never ahead of it in memory.

mod changed;
mod compact;
mod delivery;
mod hold;
mod shelf;
#[cfg(test)]
mod tests;
mod undo;

pub use changed::Saved;
pub(crate) use changed::{Plan, from_edit, row, store};
pub(crate) use delivery::deliveries;
pub(crate) use hold::OpenCase;
pub(crate) use shelf::{Shelf, row as shelf_row};
pub(crate) use undo::{Undo, undo};
