//! A keystore for trying out, on machines that have none: its key lies in a file, so that whoever copies the file and the
//! vault needs only the PIN. Phones use their hardware's.

use crate::keys::{KeyLock, Keystore, KeystoreError};
use mooring_identity::{
    KeyProvider, KeyProviderError, NOTICE, Secret, SoftwareKeyProvider, os_random,
};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::Zeroizing;

/// A keystore in a file, for trying out and for tests.
#[derive(uniffi::Object)]
pub struct SoftwareKeystore {
    file: PathBuf,
    keys: Mutex<SoftwareKeyProvider>,
}

#[uniffi::export]
impl SoftwareKeystore {
    /// The keystore of this file, which is made if it is not there.
    #[uniffi::constructor]
    pub fn open(file: String) -> Result<Arc<Self>, KeystoreError> {
        let file = PathBuf::from(file);
        let keys = match fs::read(&file) {
            Ok(bytes) => SoftwareKeyProvider::parse(&Zeroizing::new(bytes))
                .map_err(|_| KeystoreError::Missing)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let keys = SoftwareKeyProvider::make(&mut os_random());
                store(&file, &keys)?;
                keys
            }
            Err(_) => return Err(KeystoreError::Transient),
        };
        Ok(Arc::new(Self {
            file,
            keys: Mutex::new(keys),
        }))
    }

    /// What an app says at every start while it uses this keystore.
    pub fn notice(&self) -> String {
        NOTICE.to_owned()
    }

    /// This keystore as a phone takes it.
    pub fn keystore(self: Arc<Self>) -> Arc<dyn Keystore> {
        self
    }
}

#[uniffi::export]
impl Keystore for SoftwareKeystore {
    fn wrap(&self, lock: KeyLock, secret: Vec<u8>) -> Result<Vec<u8>, KeystoreError> {
        let secret = Secret::parse(&Zeroizing::new(secret)).ok_or(KeystoreError::Missing)?;
        self.with(|keys| keys.wrap_secret(lock, &secret, &mut os_random()))
    }

    fn unwrap(&self, lock: KeyLock, wrapped: Vec<u8>) -> Result<Vec<u8>, KeystoreError> {
        self.with(|keys| {
            keys.unwrap_secret(lock, &wrapped)
                .map(|secret| secret.expose().to_vec())
        })
    }

    fn generation(&self) -> Result<i64, KeystoreError> {
        self.with(KeyProvider::generation).map(crate::rows::count)
    }

    fn raise_generation(&self, to: i64) -> Result<(), KeystoreError> {
        let to = u64::try_from(to).map_err(|_| KeystoreError::Missing)?;
        self.with(|keys| keys.raise_generation(to))?;
        self.with(|keys| Ok(store(&self.file, keys)))?
    }

    fn destroy_keys(&self) -> Result<(), KeystoreError> {
        self.with(|keys| keys.destroy(&mut os_random()))?;
        self.with(|keys| Ok(store(&self.file, keys)))?
    }
}

impl SoftwareKeystore {
    fn with<T>(
        &self,
        verb: impl FnOnce(&mut SoftwareKeyProvider) -> Result<T, KeyProviderError>,
    ) -> Result<T, KeystoreError> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        verb(&mut keys).map_err(|error| match error {
            KeyProviderError::Transient => KeystoreError::Transient,
            KeyProviderError::Canceled => KeystoreError::Canceled,
            KeyProviderError::Unavailable => KeystoreError::Unavailable,
            KeyProviderError::Missing => KeystoreError::Missing,
            KeyProviderError::Invalidated => KeystoreError::Invalidated,
        })
    }
}

/// Replaces the file whole: written beside, synced, renamed.
fn store(file: &Path, keys: &SoftwareKeyProvider) -> Result<(), KeystoreError> {
    let beside = file.with_extension("new");
    let write = || {
        let mut out = File::create(&beside)?;
        out.write_all(&keys.export())?;
        out.sync_all()?;
        fs::rename(&beside, file)
    };
    write().map_err(|_: std::io::Error| KeystoreError::Transient)
}
