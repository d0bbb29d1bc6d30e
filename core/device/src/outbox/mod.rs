//! The sealed outbox: what HQ lacks, sealed to HQ beside the vault, so that neither a lock, a wipe nor an expired lease keeps it here.

mod answer;
mod folder;
pub(crate) mod kept;
mod seal;

pub use answer::UploadAnswered;
pub use folder::Outbox;
