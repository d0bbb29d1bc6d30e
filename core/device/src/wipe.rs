//! Destroying a vault: on its person's word, or on HQ's signed order. What is sealed for HQ stays, and can still be sent.

use crate::device::Device;
use crate::error::{Error, Refused, Result};
use crate::outside;
use crate::seams::Seams;
use crate::vault;
use mooring_casefile::Now;
use mooring_identity::{Order, Ordered, Signed};
use std::path::Path;

impl Device {
    /// Destroys the open vault, if `pin` is its PIN: first what HQ lacks is sealed to it, then the keystore's keys go, then the files.
    /// Gives how many changes HQ does not have; they lie in the outbox, unless it could not be filled, and then nothing is destroyed.
    pub fn wipe(&mut self, pin: &[u8], now: Now) -> Result<u64> {
        let (open, seams) = self.opened(now)?;
        open.vault.check_pin(pin, seams, now)?;
        open.seal_all(seams, now)?;
        let only_here = open.vault.only_here();
        self.destroy()?;
        Ok(only_here)
    }

    /// Carries out an order that came with a page. What HQ lacks is sealed to it first, as far as it can be: an order does not wait.
    pub(crate) fn carry_out_order(&mut self, now: Now) -> Result<bool> {
        let ordered = self.open.as_mut().is_some_and(|open| open.wipe_ordered);
        if ordered {
            if let Some(open) = &mut self.open {
                let _ = open.seal_outbox(&mut self.seams, now);
            }
            self.destroy()?;
        }
        Ok(ordered)
    }

    fn destroy(&mut self) -> Result<()> {
        self.open = None;
        vault::destroy(&self.dir, &mut self.seams)
    }
}

/// Carries out HQ's order on a locked phone, as it came with the answer to an upload.
pub fn carry_out_order(dir: &Path, order: &[u8], seams: &mut Seams) -> Result<()> {
    carry_out_signed(dir, order, &[], seams)
}

/// The same, where HQ's keys may have changed since this phone heard of them: `key_set` counts if the root signed it and it is newer.
pub(crate) fn carry_out_signed(
    dir: &Path,
    order: &[u8],
    key_set: &[u8],
    seams: &mut Seams,
) -> Result<()> {
    let outside = outside::believe(dir, seams.provider.as_mut())?;
    let refused = Error::Refused(Refused::Signature);
    let order = Signed::<Order>::open(order, &outside.hq_now(key_set)?)
        .map_err(|_| refused.clone())?
        .into_statement();
    if order.agency != outside.agency || order.device != outside.device.bytes() {
        return Err(refused);
    }
    match order.what {
        Ordered::Wipe => vault::destroy(dir, seams),
    }
}
