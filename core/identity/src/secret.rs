//! Thirty-two secret bytes, held and not passed about.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Random;

/// A 32-byte key: no Clone, a blank Debug, zeroed on drop, boxed so that moving it leaves no copies behind.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Secret(Box<[u8; 32]>);

impl Secret {
    /// A fresh one.
    pub fn make(random: &mut dyn Random) -> Self {
        let mut out = Self::empty();
        random.fill(out.0.as_mut());
        out
    }

    /// Takes these bytes over and zeroes the caller's copy.
    pub fn take(bytes: &mut [u8; 32]) -> Self {
        let mut out = Self::empty();
        out.0.copy_from_slice(bytes);
        bytes.zeroize();
        out
    }

    /// Copies these bytes; `None` unless there are 32.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut out = Self::empty();
        if bytes.len() != out.0.len() {
            return None;
        }
        out.0.copy_from_slice(bytes);
        Some(out)
    }

    /// The bytes, for whoever must hand them to a cipher or a keystore.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn empty() -> Self {
        Self(Box::new([0; 32]))
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; 32] {
        &mut self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
