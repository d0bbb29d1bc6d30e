//! A PIN on its way in. Its bytes cross one at a time, as numbers: no buffer of the language border ever holds them, so there is
//! none that somebody would have to wipe.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// More than any PIN, so that the bytes stay where they were put.
const ROOM: usize = 64;

/// A PIN: bytes that are wiped once it was used, or goes. Good for one call.
#[derive(uniffi::Object)]
pub struct Pin(Mutex<Zeroizing<Vec<u8>>>);

#[uniffi::export]
impl Pin {
    /// One without bytes yet.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        let bytes = Zeroizing::new(Vec::with_capacity(ROOM));
        Arc::new(Self(Mutex::new(bytes)))
    }

    /// Appends a byte.
    pub fn push(&self, byte: i8) {
        self.bytes().push(byte.cast_unsigned());
    }

    /// Forgets the bytes.
    pub fn wipe(&self) {
        drop(self.spend());
    }
}

impl Pin {
    /// One of these bytes, for callers in Rust.
    pub fn of(bytes: impl IntoIterator<Item = u8>) -> Arc<Self> {
        let pin = Self::new();
        pin.bytes().extend(bytes);
        pin
    }

    /// The bytes, of which none stay here.
    pub(crate) fn spend(&self) -> Zeroizing<Vec<u8>> {
        std::mem::take(&mut self.bytes())
    }

    fn bytes(&self) -> MutexGuard<'_, Zeroizing<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
