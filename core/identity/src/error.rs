//! What can be wrong with bytes that claim to come from somebody.

/// Why bytes were not believed. Each variant is a different thing to do for the caller; none carries content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The bytes do not have the form that their version asks for.
    #[error("malformed")]
    Malformed,
    /// A later version of the software wrote this: update, do not guess.
    #[error("written by a later version")]
    TooNew,
    /// A length beyond the cap of its field; nothing was allocated for it.
    #[error("too large")]
    TooLarge,
    /// The signature or proof does not hold under the key that was expected.
    #[error("the signature does not hold")]
    Forged,
    /// Genuine perhaps, but of another agency or another device.
    #[error("meant for somebody else")]
    WrongAddressee,
    /// The sealed bytes do not open with this key for this purpose.
    #[error("does not open")]
    Sealed,
}
