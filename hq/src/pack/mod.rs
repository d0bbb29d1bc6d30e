//! What the author of an agency's protocols needs: checking, trying out, walking through, and a signed pack.
//!
//! Everything here works on bytes and folders alone: no ledger, no server. The engine is the one that phones have.

mod checked;
mod faults;
mod folder;
mod report;
mod run;
mod show;
mod signed;
mod text;

pub use crate::keys::Signer;
pub use checked::{Checked, check_files, check_folder};
pub use run::{Asked, Refusal, Run, run};
pub use show::show;
pub use signed::{LARGEST_PACK, NotBuilt, Verified, build, verify};
