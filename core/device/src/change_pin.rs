//! Another PIN, or a dearer one: the vault's key is sealed again, and not a byte of the database changes.

use crate::device::Device;
use crate::error::Result;
use mooring_casefile::Now;
use mooring_identity::KdfParams;

impl Device {
    /// Seals the vault under `new`, if `old` is its PIN. A wrong one is a try like any other.
    pub fn change_pin(&mut self, old: &[u8], new: &[u8], now: Now) -> Result<()> {
        let (open, seams) = self.opened(now)?;
        let cost = open.vault.pin_cost()?;
        open.vault.change_pin(old, new, cost, seams, now)
    }

    /// What one guess of the PIN costs.
    pub fn pin_cost(&self) -> Result<KdfParams> {
        let open = self.open.as_ref().ok_or(crate::error::Error::Locked)?;
        open.vault.pin_cost()
    }

    /// After an unlock that took `took_ms`: where this phone could make each guess dearer without keeping its person waiting, it does.
    /// It says whether it did. Never cheaper.
    pub fn raise_pin_cost(&mut self, pin: &[u8], took_ms: u64, now: Now) -> Result<bool> {
        let (open, seams) = self.opened(now)?;
        let cost = open.vault.pin_cost()?;
        let wanted = cost.calibrated(took_ms);
        if wanted == cost {
            return Ok(false);
        }
        open.vault.change_pin(pin, pin, wanted, seams, now)?;
        Ok(true)
    }
}
