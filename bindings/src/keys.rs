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
    /// Wraps a secret of 32 bytes with a key that never leaves the hardware.
    fn wrap(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeystoreError>;
    /// Unwraps what `wrap` gave.
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, KeystoreError>;
    /// A number that only ever grows, kept where a restored backup does not reach it.
    fn generation(&self) -> Result<i64, KeystoreError>;
    /// Makes the generation one higher, durably, and gives the new one.
    fn advance(&self) -> Result<i64, KeystoreError>;
}

/// Why the keystore gave nothing. None of these leads to deleting anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KeystoreError {
    /// Busy or locked for now: it is tried again.
    #[error("the keystore did not answer")]
    Transient,
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
        secret: &Secret,
        _: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0.wrap(secret.expose().to_vec()).map_err(from_keystore)
    }

    fn unwrap_secret(&mut self, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        let secret = Zeroizing::new(self.0.unwrap(wrapped.to_vec()).map_err(from_keystore)?);
        // A secret of another length is another's: not ours to open with.
        Secret::parse(&secret).ok_or(KeyProviderError::Missing)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        count(self.0.generation())
    }

    fn advance(&mut self) -> Result<u64, KeyProviderError> {
        count(self.0.advance())
    }
}

fn count(number: Result<i64, KeystoreError>) -> Result<u64, KeyProviderError> {
    u64::try_from(number.map_err(from_keystore)?).map_err(|_| KeyProviderError::Missing)
}

const fn from_keystore(error: KeystoreError) -> KeyProviderError {
    match error {
        KeystoreError::Transient => KeyProviderError::Transient,
        KeystoreError::Missing => KeyProviderError::Missing,
        KeystoreError::Invalidated => KeyProviderError::Invalidated,
    }
}
