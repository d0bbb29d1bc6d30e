//! Destroying a vault: on its person's word, or on HQ's signed order. What HQ lacks stays sealed and can still be sent.

use crate::error::MooringError;
use crate::keys;
use crate::phone::BlockingPhone;
use crate::pin::Pin;
use crate::rows::count;
use mooring_device::{Device, State};
use std::sync::Arc;

#[uniffi::export]
impl BlockingPhone {
    /// Destroys the open vault, if this is its PIN, and gives how many changes HQ does not have: they lie sealed, and `outbox_request`
    /// sends them. Where they can't be sealed, nothing is destroyed. A wrong PIN is a try like any other.
    pub fn wipe(&self, pin: Arc<Pin>) -> Result<i64, MooringError> {
        let pin = pin.spend();
        let left = self.opened(|device, now| device.wipe(&pin, now));
        // A wipe that was cut half-way has locked it as well.
        self.tell_state()?;
        left.map(count)
    }

    /// Carries out HQ's order on a locked phone. One that is not HQ's, or is another phone's, destroys nothing.
    pub fn carry_out_order(&self, order: Vec<u8>) -> Result<(), MooringError> {
        let mut seams = keys::seams(self.keystore());
        self.door(|_, _| mooring_device::carry_out_order(self.dir(), &order, &mut seams))?;
        self.tell_state()
    }
}

impl BlockingPhone {
    fn tell_state(&self) -> Result<(), MooringError> {
        let state =
            self.door(|device, _| Ok(device.as_ref().map_or(State::Locked, Device::state)))?;
        self.tell(state);
        Ok(())
    }
}
