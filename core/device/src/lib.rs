//! What an app can do, a verb a file, over one encrypted vault. No clock, no chance, no socket of its own: they come in.
#![allow(dead_code, unused_imports, reason = "in the making")]

mod error;
mod seams;
mod vault;

pub use error::{BadInput, Error, Forbidden, Missing, NotSaved, Refused, Result, VaultFault};
pub use seams::Seams;
pub use vault::sql::cases::CaseRow;
pub use vault::sql::protocols::Origin;
pub use vault::sql::receipts::{Fate, ReceiptRow};
