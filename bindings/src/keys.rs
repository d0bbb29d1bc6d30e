//! What the platform brings: its keystore and its clocks. Foreign traits can't be remote, so each has an adapter of a few lines.

use crate::error::MooringError;
use mooring_casefile::Now;
use mooring_device::{Error, Seams};
use mooring_identity::{KeyProvider, KeyProviderError, Random, Secret, os_random, sha256};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The platform's keystore: it wraps a secret so that only this device can unwrap it. Implemented by the app's platform.
///
/// `wrap` and `unwrap` get and give 32 bytes that open the vault: forget them at once, never log them.
#[uniffi::export(with_foreign)]
pub trait Keystore: Send + Sync {
    /// Wraps a secret of 32 bytes with a key that never leaves the hardware and is used only behind this lock.
    fn wrap(&self, lock: KeyLock, secret: Vec<u8>) -> Result<Vec<u8>, KeystoreError>;
    /// Unwraps what `wrap` gave behind the same lock.
    fn unwrap(&self, lock: KeyLock, wrapped: Vec<u8>) -> Result<Vec<u8>, KeystoreError>;
    /// A number that only ever grows, kept where a restored backup does not reach it; 0 at first.
    fn generation(&self) -> Result<i64, KeystoreError>;
    /// Makes the generation at least this, durably, before it returns. A lower number changes nothing.
    fn raise_generation(&self, to: i64) -> Result<(), KeystoreError>;
    /// Destroys both keys, for good. Only an explicit wipe asks for it.
    fn destroy_keys(&self) -> Result<(), KeystoreError>;
}

/// What the platform asks for before it uses one of its two keys.
pub type KeyLock = mooring_identity::KeyLock;

/// What the platform asks for before it uses one of its two keys.
#[uniffi::remote(Enum)]
pub enum KeyLock {
    /// That this is this device, unlocked since it started: the PIN comes on top of it.
    Device,
    /// A finger or face of the person, each time; and the key goes when another is enrolled.
    Biometric,
}

/// Why the keystore gave nothing. None of these leads to deleting anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeystoreError {
    /// Busy or locked for now: it is tried again.
    #[error("the keystore did not answer")]
    Transient,
    /// The person did not show their finger or face, or it was not known.
    #[error("not shown, or not known")]
    Canceled,
    /// This phone has no such hardware, or nobody set it up.
    #[error("this phone has no such key")]
    Unavailable,
    /// It never had this key, or no longer has it.
    #[error("the keystore does not hold this key")]
    Missing,
    /// It may never use this key again, as after a change of the enrolled fingerprints.
    #[error("the keystore has invalidated this key")]
    Invalidated,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeystoreError {
    // Whatever an unforeseen exception means, it is no proof that the key is gone.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Transient
    }
}

/// The platform's clocks. Implemented by the app's platform; the packages bring one.
#[uniffi::export(with_foreign)]
pub trait Watch: Send + Sync {
    /// Reads them.
    fn read(&self) -> Result<Reading, WatchError>;
}

/// One reading of the platform's clocks.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Reading {
    /// Milliseconds since 1970 by the wall clock, which a person can set.
    pub wall_ms: i64,
    /// Milliseconds since the phone started, sleep included, which nobody can set.
    pub uptime_ms: i64,
    /// Anything that is another one after each start of the phone.
    pub boot: String,
}

/// The clocks could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum WatchError {
    /// Not now.
    #[error("the clock did not answer")]
    Unreadable,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for WatchError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Unreadable
    }
}

/// What every verb takes.
pub(crate) fn now(watch: &dyn Watch) -> Result<Now, MooringError> {
    let reading = watch.read().map_err(|_| Error::TryLater)?;
    let mut boot_id = [0; 16];
    for (to, from) in boot_id.iter_mut().zip(sha256(reading.boot.as_bytes())) {
        *to = from;
    }
    let uptime_ms = u64::try_from(reading.uptime_ms).unwrap_or(0);
    Ok(Now {
        wall_ms: reading.wall_ms,
        uptime_ms,
        boot_id,
    })
}

/// The seams of a device over the platform's keystore.
pub(crate) fn seams(keystore: &Arc<dyn Keystore>) -> Seams {
    Seams {
        provider: Box::new(Adapter(Arc::clone(keystore))),
        random: Box::new(os_random()),
    }
}

struct Adapter(Arc<dyn Keystore>);

impl KeyProvider for Adapter {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        _: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0
            .wrap(lock, secret.expose().to_vec())
            .map_err(from_keystore)
    }

    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        let secret = self.0.unwrap(lock, wrapped.to_vec());
        let secret = Zeroizing::new(secret.map_err(from_keystore)?);
        // A secret of another length is another's: not ours to open with.
        Secret::parse(&secret).ok_or(KeyProviderError::Missing)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        let generation = self.0.generation().map_err(from_keystore)?;
        u64::try_from(generation).map_err(|_| KeyProviderError::Missing)
    }

    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        self.0
            .raise_generation(crate::rows::count(to))
            .map_err(from_keystore)
    }

    fn destroy(&mut self, _: &mut dyn Random) -> Result<(), KeyProviderError> {
        self.0.destroy_keys().map_err(from_keystore)
    }
}

const fn from_keystore(error: KeystoreError) -> KeyProviderError {
    match error {
        KeystoreError::Transient => KeyProviderError::Transient,
        KeystoreError::Canceled => KeyProviderError::Canceled,
        KeystoreError::Unavailable => KeyProviderError::Unavailable,
        KeystoreError::Missing => KeyProviderError::Missing,
        KeystoreError::Invalidated => KeyProviderError::Invalidated,
    }
}
