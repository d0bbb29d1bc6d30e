//! What the platform brings: its keystore, and chance.

use mooring_identity::{KeyProvider, Random};

/// The platform's side of a device.
pub struct Seams {
    /// The keystore.
    pub provider: Box<dyn KeyProvider + Send>,
    /// Chance.
    pub random: Box<dyn Random + Send>,
}
