//! What one guess of the PIN costs: as much as this phone bears. It is measured here, because nothing below reads a clock.

use crate::error::MooringError;
use crate::keys::{self, Watch};
use mooring_casefile::Now;
use mooring_device::Device;
use mooring_identity::KdfParams;

/// For a new PIN: what a guess at the floor takes on this phone says how much dearer it may be.
pub(crate) fn for_a_new_pin(watch: &dyn Watch) -> Result<KdfParams, MooringError> {
    let before = keys::now(watch)?;
    KdfParams::floor().try_out();
    let after = keys::now(watch)?;
    Ok(KdfParams::floor().calibrated(took_ms(before, after)))
}

/// After an unlock by PIN that began at `began`: a phone that was quick makes each guess dearer. What stands in its way now is tried
/// again at the next unlock: the vault is open, and keeps the cost that it has.
pub(crate) fn raise(device: &mut Device, pin: &[u8], began: Now, watch: &dyn Watch) {
    if let Ok(now) = keys::now(watch) {
        let _ = device.raise_pin_cost(pin, took_ms(began, now), now);
    }
}

/// Two readings of the clock that nobody can set; one that ran back is no measure, and asks for nothing.
fn took_ms(before: Now, after: Now) -> u64 {
    after
        .uptime_ms
        .checked_sub(before.uptime_ms)
        .unwrap_or(u64::MAX)
}
