//! A push: one device's unsent runs, signed once over a Merkle root of their headers, and packed as a whole.

mod header;
mod open;
mod plan;
mod seal;

pub use header::{PushHeader, RunHeader};
pub use open::{ArrivedRun, OpenedPush, open_push};
pub use plan::plan_pushes;
pub use seal::{PackError, PushDraft, SealedPush};

use mooring_identity::{MerkleTree, derive_salt, leaf_hash};

/// The first byte of a push.
const VERSION: u8 = 0;

/// The tree over run headers, each leaf under its own salt.
fn tree(salt: &[u8; 32], headers: impl IntoIterator<Item = RunHeader>) -> MerkleTree {
    let leaves = (0_u64..)
        .zip(headers)
        .map(|(index, header)| leaf_hash(&derive_salt(salt, index), &header.encode()));
    MerkleTree::new(leaves.collect())
}
