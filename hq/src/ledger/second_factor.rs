//! Second factors: what a person has besides the password, and sign-ins that wait for it.

use mooring_casefile::PersonId;

use super::{HalfSignIn, Hash, LedgerError, SecondFactorRow};

/// Second factors and half sign-ins.
pub trait SecondFactors {
    /// Keeps a new secret in place of one that was not confirmed. `Conflict` if a confirmed one is there.
    fn begin_second_factor(&self, row: &SecondFactorRow) -> Result<(), LedgerError>;

    /// A person's second factor, confirmed or not.
    fn second_factor(&self, staff: PersonId) -> Result<Option<SecondFactorRow>, LedgerError>;

    /// It counts from now on, with these recovery codes; this step is used up. False if it was confirmed before.
    fn confirm_second_factor(
        &self,
        staff: PersonId,
        step: i64,
        codes: &[Hash],
        now_ms: i64,
    ) -> Result<bool, LedgerError>;

    /// Uses up a step; false if it, or a later one, was used before.
    fn use_step(&self, staff: PersonId, step: i64) -> Result<bool, LedgerError>;

    /// Uses up a recovery code; false if there is no such code, or none left of it.
    fn use_recovery_code(
        &self,
        staff: PersonId,
        code: &Hash,
        now_ms: i64,
    ) -> Result<bool, LedgerError>;

    /// How many recovery codes are left.
    fn recovery_codes_left(&self, staff: PersonId) -> Result<u64, LedgerError>;

    /// Takes a person's second factor and codes away, and ends every sign-in of theirs, half or whole.
    fn forget_second_factor(&self, staff: PersonId, now_ms: i64) -> Result<(), LedgerError>;

    /// The password was right; the second factor has not been shown.
    fn begin_half(&self, half: &HalfSignIn) -> Result<(), LedgerError>;

    /// A half sign-in that has not ended.
    fn half(&self, token_hash: &Hash) -> Result<Option<HalfSignIn>, LedgerError>;

    /// It became a whole one, or is over; false if it was over before.
    fn end_half(&self, token_hash: &Hash) -> Result<bool, LedgerError>;
}
