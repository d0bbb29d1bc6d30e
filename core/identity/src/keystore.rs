//! The platform's keystore, as a trait, and a stand-in for trying out.

use crate::random::fresh;
use crate::{IdentityError, Purpose, Random, Reader, SealKey, Secret, Writer};
use std::sync::{Arc, Mutex, MutexGuard};

/// What a program prints at every start while it runs on [`SoftwareKeyProvider`].
pub const NOTICE: &str = "The software key provider is for trying out: its key lies in a file beside the data, \
     so that whoever copies both needs only the PIN. Real phones use the hardware keystore.";

/// Why the keystore gave nothing. None of these is a reason to delete anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProviderError {
    /// It is busy or locked for now: try again.
    #[error("the keystore did not answer; try again")]
    Transient,
    /// The person did not show their finger or face, or the system did not know it: ask again, or ask for the PIN.
    #[error("not shown, or not known")]
    Canceled,
    /// This phone has no such hardware, or nobody set it up: never ask it for this.
    #[error("this phone has no such key")]
    Unavailable,
    /// It never had this key, or no longer has it: a phone that was reset, or data restored on another one.
    #[error("the keystore does not hold this key")]
    Missing,
    /// It has the key but may never use it again, as after a change of the enrolled fingerprints.
    #[error("the keystore has invalidated this key")]
    Invalidated,
}

impl KeyProviderError {
    /// Whether asking again may be answered otherwise. The rest stays as it is, however often it is asked.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Transient | Self::Canceled => true,
            Self::Unavailable | Self::Missing | Self::Invalidated => false,
        }
    }
}

/// What the platform asks for before it uses one of its two keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLock {
    /// That this is this device, unlocked since it started: the PIN comes on top of it.
    Device,
    /// A finger or face of the person, each time; and the key goes when another is enrolled.
    Biometric,
}

/// The platform's keystore: it wraps a secret so that only this device can unwrap it, and counts generations that cannot go back.
pub trait KeyProvider {
    /// Wraps a secret. Hardware brings its own chance and ignores `random`.
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError>;
    /// Unwraps what this device wrapped behind the same lock.
    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError>;
    /// A number that only ever grows, kept where a restored backup does not reach it.
    fn generation(&mut self) -> Result<u64, KeyProviderError>;
    /// Makes the generation at least `to`, durably, before it returns. It never goes back: a lower `to` changes nothing.
    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError>;
    /// Destroys both keys: what they wrapped is gone for good. The generation stays. Only an explicit wipe asks for it.
    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError>;
}

const WRAPPED: Purpose = Purpose::new("mooring.software-keystore.wrapped");
const BEHIND_BIOMETRIC: Purpose = Purpose::new("mooring.software-keystore.biometric");

/// A keystore in memory. Whoever owns it stores [`SoftwareKeyProvider::export`] after each change, and prints [`NOTICE`].
#[derive(Debug)]
pub struct SoftwareKeyProvider {
    id: [u8; 16],
    seed: Secret,
    generation: u64,
}

impl SoftwareKeyProvider {
    /// A new one with a fresh key.
    pub fn make(random: &mut dyn Random) -> Self {
        Self::from_parts(fresh(random), Secret::make(random), 0)
    }

    /// The one that was exported.
    pub fn parse(exported: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(exported);
        reader.version(0)?;
        let id = reader.array()?;
        let seed = Secret::take(&mut reader.array()?);
        let generation = reader.u64()?;
        reader.finish()?;
        Ok(Self::from_parts(id, seed, generation))
    }

    /// All that it is, secret included, for whoever stores it.
    pub fn export(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let mut out = Writer::new();
        out.u8(0)
            .fixed(&self.id)
            .fixed(self.seed.expose())
            .u64(self.generation);
        zeroize::Zeroizing::new(out.finish())
    }

    const fn from_parts(id: [u8; 16], seed: Secret, generation: u64) -> Self {
        Self {
            id,
            seed,
            generation,
        }
    }

    /// No biometrics guard it here: the two keys differ, and that is all that trying out needs.
    fn key(&self, lock: KeyLock) -> SealKey {
        let purpose = match lock {
            KeyLock::Device => WRAPPED,
            KeyLock::Biometric => BEHIND_BIOMETRIC,
        };
        SealKey::new(
            crate::derive_secret(&self.id, self.seed.expose(), purpose, &[]),
            purpose,
        )
    }
}

/// One keystore that several hold: what one start of an app leaves in it, the next one finds. A holder that panicked makes it say
/// "try again".
impl KeyProvider for Arc<Mutex<SoftwareKeyProvider>> {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        held(self)?.wrap_secret(lock, secret, random)
    }

    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        held(self)?.unwrap_secret(lock, wrapped)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        held(self)?.generation()
    }

    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        held(self)?.raise_generation(to)
    }

    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        held(self)?.destroy(random)
    }
}

fn held(
    shared: &Mutex<SoftwareKeyProvider>,
) -> Result<MutexGuard<'_, SoftwareKeyProvider>, KeyProviderError> {
    shared.lock().map_err(|_| KeyProviderError::Transient)
}

impl KeyProvider for SoftwareKeyProvider {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        let mut out = self.id.to_vec();
        out.extend(self.key(lock).seal(&self.id, secret.expose(), random));
        Ok(out)
    }

    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        let (id, sealed) = wrapped
            .split_first_chunk::<16>()
            .ok_or(KeyProviderError::Missing)?;
        if *id != self.id {
            return Err(KeyProviderError::Missing);
        }
        let secret = self
            .key(lock)
            .open(&self.id, sealed)
            .map_err(|_| KeyProviderError::Missing)?;
        Secret::parse(&secret).ok_or(KeyProviderError::Missing)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        Ok(self.generation)
    }

    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        self.generation = self.generation.max(to);
        Ok(())
    }

    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        *self = Self::from_parts(fresh(random), Secret::make(random), self.generation);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os_random;

    fn wrap(keystore: &mut SoftwareKeyProvider, lock: KeyLock) -> Vec<u8> {
        keystore
            .wrap_secret(lock, &Secret::take(&mut [3; 32]), &mut os_random())
            .unwrap()
    }

    #[track_caller]
    fn check_missing(keystore: &mut SoftwareKeyProvider, lock: KeyLock, wrapped: &[u8]) {
        assert_eq!(
            keystore.unwrap_secret(lock, wrapped).unwrap_err(),
            KeyProviderError::Missing
        );
    }

    #[test]
    fn an_exported_keystore_still_unwraps_and_remembers_its_generation() {
        let mut first = SoftwareKeyProvider::make(&mut os_random());
        let wrapped = wrap(&mut first, KeyLock::Device);
        first.raise_generation(7).unwrap();
        let mut again = SoftwareKeyProvider::parse(&first.export()).unwrap();
        let secret = again.unwrap_secret(KeyLock::Device, &wrapped).unwrap();
        assert_eq!(secret.expose(), &[3; 32]);
        assert_eq!(again.generation(), Ok(7));
    }

    #[test]
    fn the_generation_never_goes_back() {
        let mut keystore = SoftwareKeyProvider::make(&mut os_random());
        keystore.raise_generation(7).unwrap();
        keystore.raise_generation(3).unwrap();
        keystore.destroy(&mut os_random()).unwrap();
        assert_eq!(keystore.generation(), Ok(7));
    }

    #[test]
    fn another_phones_keystore_or_the_other_lock_misses_the_key() {
        let mut mine = SoftwareKeyProvider::make(&mut os_random());
        let wrapped = wrap(&mut mine, KeyLock::Device);
        let mut other = SoftwareKeyProvider::make(&mut os_random());
        check_missing(&mut other, KeyLock::Device, &wrapped);
        check_missing(&mut mine, KeyLock::Biometric, &wrapped);
        check_missing(&mut mine, KeyLock::Device, &[]);
    }

    #[test]
    fn a_destroyed_keystore_unwraps_nothing_of_before() {
        let mut mine = SoftwareKeyProvider::make(&mut os_random());
        let wrapped = wrap(&mut mine, KeyLock::Device);
        mine.destroy(&mut os_random()).unwrap();
        check_missing(&mut mine, KeyLock::Device, &wrapped);
    }

    #[test]
    fn each_error_says_whether_asking_again_helps() {
        assert!(KeyProviderError::Transient.is_transient());
        assert!(KeyProviderError::Canceled.is_transient());
        assert!(!KeyProviderError::Unavailable.is_transient());
        assert!(!KeyProviderError::Missing.is_transient());
        assert!(!KeyProviderError::Invalidated.is_transient());
    }
}
