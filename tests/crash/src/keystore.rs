//! A keystore that outlives the processes that use it.

use std::sync::{Arc, Mutex};

use mooring_identity::{
    KeyLock, KeyProvider, KeyProviderError, Random, Secret, SoftwareKeyProvider,
};

use crate::chance::Dice;

/// A keystore.
#[derive(Clone)]
pub(crate) struct Keystore(Arc<Mutex<SoftwareKeyProvider>>);

impl Keystore {
    pub(crate) fn new(seed: u64) -> Self {
        let made = SoftwareKeyProvider::make(&mut Dice::new(seed));
        Self(Arc::new(Mutex::new(made)))
    }
}

impl KeyProvider for Keystore {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0.lock().unwrap().wrap_secret(lock, secret, random)
    }

    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        self.0.lock().unwrap().unwrap_secret(lock, wrapped)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        self.0.lock().unwrap().generation()
    }

    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        self.0.lock().unwrap().raise_generation(to)
    }

    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        self.0.lock().unwrap().destroy(random)
    }
}
