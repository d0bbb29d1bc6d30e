//! Phones that came back from a backup, and keys that were seen in two places.

use super::{Comeback, LedgerError};

/// What phones said of having come back, and what was seen of their keys. It only grows.
pub trait Comebacks {
    /// A phone gets another certificate in place of this one, and why is kept, together; `Conflict` if another came first.
    fn recertify(
        &self,
        certificates: (&[u8], &[u8]),
        comeback: &Comeback,
    ) -> Result<(), LedgerError>;

    /// Keeps what was seen.
    fn note_comeback(&self, comeback: &Comeback) -> Result<(), LedgerError>;

    /// All, oldest first.
    fn comebacks(&self) -> Result<Vec<Comeback>, LedgerError>;
}
