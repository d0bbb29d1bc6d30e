//! A vault that its person can't open any more, opened by two custodians of the agency together.

use crate::cost;
use crate::error::MooringError;
use crate::keys;
use crate::phone::{BlockingPhone, PhoneState};
use crate::pin::Pin;
use mooring_device::{Device, Recovery};
use std::sync::Arc;

/// A question to the custodians. Keep it until their answer: it alone opens that.
#[derive(uniffi::Object)]
pub struct RecoveryQuestion(Recovery);

#[uniffi::export]
impl RecoveryQuestion {
    /// The bytes to carry to both custodians, the first one first.
    pub fn request(&self) -> Vec<u8> {
        self.0.request.clone()
    }

    /// Twenty digits to show and to read to them by voice, so that they answer this phone and no other.
    pub fn words(&self) -> String {
        self.0.words.clone()
    }
}

#[uniffi::export]
impl BlockingPhone {
    /// Asks, with the vault locked. Neither PIN nor keystore is needed, and nothing changes by asking.
    pub fn begin_recovery(&self) -> Result<Arc<RecoveryQuestion>, MooringError> {
        let mut seams = keys::seams(self.keystore());
        let recovery = self.door(|_, _| mooring_device::begin_recovery(self.dir(), &mut seams))?;
        Ok(Arc::new(RecoveryQuestion(recovery)))
    }

    /// Opens the vault with the custodians' answer, under a new PIN, whose bytes are wiped. No finger opens it until that is allowed
    /// again.
    pub fn finish_recovery(
        &self,
        question: Arc<RecoveryQuestion>,
        answer: Vec<u8>,
        pin: Arc<Pin>,
    ) -> Result<PhoneState, MooringError> {
        let pin = pin.spend();
        let cost = cost::for_a_new_pin(self.watch().as_ref())?;
        let state = self.door(|device, now| {
            let seams = keys::seams(self.keystore());
            let new = (pin.as_slice(), cost);
            let opened =
                Device::finish_recovery(self.dir(), &question.0, &answer, new, seams, now)?;
            Ok(device.insert(opened).state())
        })?;
        Ok(self.tell(state))
    }
}
