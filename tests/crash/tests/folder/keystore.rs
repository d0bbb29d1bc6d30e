//! A keystore that remembers what it was at each step: it is no part of the folder, and keeps what it was told at once.

use mooring_crash::{Dice, Recording};
use mooring_identity::{
    KeyLock, KeyProvider, KeyProviderError, Random, Secret, SoftwareKeyProvider,
};
use std::sync::{Arc, Mutex};

/// A keystore.
#[derive(Clone)]
pub(crate) struct Keystore(Arc<Mutex<Inner>>);

struct Inner {
    now: SoftwareKeyProvider,
    /// What it was from when on.
    was: Vec<(usize, Vec<u8>)>,
    recording: Option<Arc<Recording>>,
}

impl Keystore {
    pub(crate) fn new(now: SoftwareKeyProvider) -> Self {
        let was = vec![(0, now.export().to_vec())];
        let recording = None;
        Self(Arc::new(Mutex::new(Inner {
            now,
            was,
            recording,
        })))
    }

    /// From now on its changes are put beside those of the folder.
    pub(crate) fn follow(&self, recording: &Arc<Recording>) {
        let mut inner = self.0.lock().unwrap();
        inner.was = vec![(0, inner.now.export().to_vec())];
        inner.recording = Some(Arc::clone(recording));
    }

    pub(crate) fn leave(&self) {
        self.0.lock().unwrap().recording = None;
    }

    /// One as this was after this step. Of what it was told right at that step, any part may not have come to pass yet.
    pub(crate) fn at(&self, step: usize, dice: &mut Dice) -> Self {
        let inner = self.0.lock().unwrap();
        let sure = inner.was.partition_point(|(at, _)| *at < step).max(1);
        let most = inner.was.partition_point(|(at, _)| *at <= step).max(1);
        let (_, export) = &inner.was[sure - 1 + dice.below(most - sure + 1)];
        Self::new(SoftwareKeyProvider::parse(export).unwrap())
    }
}

impl KeyProvider for Keystore {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0.lock().unwrap().now.wrap_secret(lock, secret, random)
    }

    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        self.0.lock().unwrap().now.unwrap_secret(lock, wrapped)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        self.0.lock().unwrap().now.generation()
    }

    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        let mut inner = self.0.lock().unwrap();
        inner.now.raise_generation(to)?;
        let at = inner
            .recording
            .as_ref()
            .map_or(0, |recording| recording.len());
        let export = inner.now.export().to_vec();
        inner.was.push((at, export));
        Ok(())
    }

    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        self.0.lock().unwrap().now.destroy(random)
    }
}
