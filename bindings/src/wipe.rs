//! Destroying a vault on its person's word. What HQ lacks stays sealed and can still be sent. (HQ's order comes with `tick` or with the
//! answer to what was sent sealed.)

use crate::error::MooringError;
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
}

impl BlockingPhone {
    fn tell_state(&self) -> Result<(), MooringError> {
        let state =
            self.door(|device, _| Ok(device.as_ref().map_or(State::Locked, Device::state)))?;
        self.tell(state);
        Ok(())
    }
}
