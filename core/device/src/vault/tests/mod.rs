//! The vault by itself: what each broken state says, and that it leaves every byte as it was.

mod faults;
mod migrations;
mod states;

use super::*;
use crate::seams::Seams;
use mooring_identity::{
    KdfParams, KeyProvider, KeyProviderError, Random, Secret, SoftwareKeyProvider, os_random,
};
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub(super) const PIN: &[u8] = b"271828";
pub(super) const NOW: Now = Now {
    wall_ms: 1_760_000_000_000,
    uptime_ms: 1,
    boot_id: [7; 16],
};

/// A keystore that a test can break, and that survives the process that used it.
#[derive(Clone)]
pub(super) struct Keystore(Arc<Mutex<(SoftwareKeyProvider, Option<KeyProviderError>)>>);

impl Keystore {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new((
            SoftwareKeyProvider::make(&mut os_random()),
            None,
        ))))
    }

    pub(super) fn fail_with(&self, error: Option<KeyProviderError>) {
        self.0.lock().unwrap().1 = error;
    }

    pub(super) fn seams(&self) -> Seams {
        Seams {
            provider: Box::new(self.clone()),
            random: Box::new(os_random()),
        }
    }
}

impl KeyProvider for Keystore {
    fn wrap_secret(
        &mut self,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0.lock().unwrap().0.wrap_secret(secret, random)
    }
    fn unwrap_secret(&mut self, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        let mut inner = self.0.lock().unwrap();
        match inner.1 {
            Some(error) => Err(error),
            None => inner.0.unwrap_secret(wrapped),
        }
    }
    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        self.0.lock().unwrap().0.generation()
    }
    fn advance(&mut self) -> Result<u64, KeyProviderError> {
        self.0.lock().unwrap().0.advance()
    }
}

/// A vault in a folder of its own, closed.
pub(super) struct Closed {
    pub(super) dir: TempDir,
    pub(super) keystore: Keystore,
}

impl Closed {
    pub(super) fn new() -> Self {
        let closed = Self {
            dir: TempDir::new().unwrap(),
            keystore: Keystore::new(),
        };
        let mut vault = create(
            closed.dir.path(),
            PIN,
            KdfParams::trying_out(),
            &mut closed.keystore.seams(),
        )
        .unwrap();
        vault
            .write(NOW, |tx| {
                Ok(sql::facts::put(tx, sql::facts::Fact::Address, b"kept")?)
            })
            .unwrap();
        drop(vault);
        closed
    }

    pub(super) fn open(&self, pin: &[u8]) -> Result<Vault> {
        open(self.dir.path(), pin, &mut self.keystore.seams(), NOW)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(FOLDER).join(name)
    }

    /// Every byte of the vault but the header's count of tries.
    pub(super) fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(self.dir.path().join(FOLDER)).unwrap() {
            let entry = entry.unwrap();
            let mut bytes = fs::read(entry.path()).unwrap();
            if entry.file_name() == HEADER {
                bytes.truncate(bytes.len().saturating_sub(12));
            }
            all.insert(entry.file_name().into_string().unwrap(), bytes);
        }
        all
    }
}

/// Opening says `expected`, and every byte is as it was.
#[track_caller]
pub(super) fn check_refused(closed: &Closed, pin: &[u8], expected: Error) {
    let before = closed.bytes();
    assert_eq!(closed.open(pin).err(), Some(expected));
    assert!(
        before == closed.bytes(),
        "a vault that did not open has changed"
    );
}

pub(super) fn address(vault: &mut Vault) -> Option<Vec<u8>> {
    vault
        .look(|connection| Ok(sql::facts::get(connection, sql::facts::Fact::Address)?))
        .unwrap()
}
