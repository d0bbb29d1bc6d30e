//! The other ways to open a vault, another PIN, and a call that does not lock.

use crate::cost;
use crate::error::MooringError;
use crate::keys;
use crate::phone::{BlockingPhone, PhoneState};
use crate::pin::Pin;
use mooring_casefile::Now;
use mooring_device::{By, Device, Error, Older, State};
use std::sync::Arc;

#[uniffi::export]
impl BlockingPhone {
    /// Opens the vault by a finger or face, which the keystore asks for, where that was allowed.
    pub fn unlock_biometric(&self) -> Result<PhoneState, MooringError> {
        self.unlock_by(By::Biometric, Older::Refuse)
    }

    /// Opens a vault that is older than what this phone has seen, after the person was told that commits are missing. The next
    /// exchange brings back what HQ has.
    pub fn unlock_older(&self, pin: Arc<Pin>) -> Result<PhoneState, MooringError> {
        self.unlock_by(By::Pin(&pin.spend()), Older::GoOn)
    }

    /// Lets a finger or face open the vault from now on, if this is its PIN.
    pub fn allow_biometric(&self, pin: Arc<Pin>) -> Result<(), MooringError> {
        let pin = pin.spend();
        self.opened(|device, now| device.allow_biometric(&pin, now))
    }

    /// Lets only the PIN open it from now on.
    pub fn forbid_biometric(&self) -> Result<(), MooringError> {
        self.opened(Device::forbid_biometric)
    }

    /// Whether a finger or face opens it.
    pub fn allows_biometric(&self) -> Result<bool, MooringError> {
        self.opened(|device, _| device.allows_biometric())
    }

    /// Whether the open vault is older than what this phone has seen, and HQ has not said yet what it has. Say so on the screen: until
    /// the next whole exchange, what was captured since that older state may be missing here.
    pub fn restored(&self) -> Result<bool, MooringError> {
        self.opened(|device, _| device.restored())
    }

    /// Another PIN, if `old` is the present one. A wrong one is a try like any other.
    pub fn change_pin(&self, old: Arc<Pin>, new: Arc<Pin>) -> Result<(), MooringError> {
        let (old, new) = (old.spend(), new.spend());
        self.opened(|device, now| device.change_pin(&old, &new, now))
    }

    /// The app hands over to the phone's own dialer: until `end_call`, time does not lock.
    pub fn begin_call(&self) -> Result<(), MooringError> {
        self.at_call(Device::begin_call)
    }

    /// The person is back from the call.
    pub fn end_call(&self) -> Result<(), MooringError> {
        self.at_call(Device::end_call)
    }
}

impl BlockingPhone {
    pub(crate) fn unlock_by(&self, by: By<'_>, older: Older) -> Result<PhoneState, MooringError> {
        let state = self.door(|device, now| {
            let open = if let Some(known) = device {
                if known.state() != State::Locked {
                    return Ok(known.state());
                }
                known.unlock_by(by, older, now)?;
                known
            } else {
                let seams = keys::seams(self.keystore());
                device.insert(Device::open_by(self.dir(), by, older, seams, now)?)
            };
            if let By::Pin(pin) = by {
                cost::raise(open, pin, now, self.watch().as_ref());
            }
            Ok(open.state())
        })?;
        Ok(self.tell(state))
    }

    fn at_call(&self, verb: impl FnOnce(&mut Device, Now)) -> Result<(), MooringError> {
        self.opened(|device, now| {
            verb(device, now);
            Ok::<(), Error>(())
        })
    }
}
