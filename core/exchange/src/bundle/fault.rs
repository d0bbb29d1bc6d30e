//! Why nothing came of a token or a bundle.

use mooring_identity::IdentityError;

/// Why a token or a bundle was not taken. Nothing of it was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// Bytes, a signature or a seal that does not hold.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The directory at hand has revoked that phone, knows it under a later certificate, or does not know it although it should.
    #[error("HQ does not vouch for that phone any more")]
    Revoked,
}
