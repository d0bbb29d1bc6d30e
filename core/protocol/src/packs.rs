//! The starter pack: protocols in this project's own words, as data; none of them is a validated instrument.

use crate::protocol::Protocol;

/// The protocols of the starter pack.
pub fn starter_pack() -> Vec<Protocol> {
    Vec::new()
}
