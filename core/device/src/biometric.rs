//! A finger or face in place of the PIN.

use crate::device::Device;
use crate::error::{Error, Result};
use mooring_casefile::Now;

impl Device {
    /// Lets a finger or face open the vault from now on, if `pin` is its PIN.
    pub fn allow_biometric(&mut self, pin: &[u8], now: Now) -> Result<()> {
        let (open, seams) = self.opened(now)?;
        open.vault.add_biometric(pin, seams, now)
    }

    /// Lets only the PIN open it from now on.
    pub fn forbid_biometric(&mut self, now: Now) -> Result<()> {
        self.opened(now)?.0.vault.drop_biometric()
    }

    /// Whether a finger or face opens it.
    pub fn allows_biometric(&self) -> Result<bool> {
        let open = self.open.as_ref().ok_or(Error::Locked)?;
        open.vault.opens_by_biometric()
    }
}
