//! Ids and tokens from the one source of chance that HQ was opened with.

use std::sync::PoisonError;

use mooring_casefile::{Actor, DeviceId, Now, PersonId, RecordId};
use mooring_identity::Random;

use super::Office;
use crate::hex::hex;

impl Office {
    pub(crate) fn with_random<T>(&self, use_it: impl FnOnce(&mut dyn Random) -> T) -> T {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        use_it(random.as_mut())
    }

    pub(crate) fn make_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with_random(|random| random.fill(&mut bytes));
        bytes
    }

    /// A token of 128 bits that is safe in an address.
    pub fn make_token(&self) -> String {
        hex(&self.make_bytes::<16>())
    }

    pub(crate) fn make_record(&self, now: Now) -> RecordId {
        RecordId::derive(now.wall_ms, self.make_bytes())
    }

    pub(crate) fn make_person(&self) -> PersonId {
        PersonId::new(self.make_bytes())
    }

    pub(crate) fn make_device(&self) -> DeviceId {
        DeviceId::new(self.make_bytes())
    }

    pub(crate) fn make_actor(&self) -> Actor {
        Actor::new(self.make_bytes())
    }
}
