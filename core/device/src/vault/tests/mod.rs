//! The vault by itself: what each broken state says, and that it leaves every byte as it was.

mod faults;
mod migrations;
mod rollback;
mod states;
mod tries;

use super::*;
use crate::seams::Seams;
use mooring_identity::{
    KdfParams, KeyLock, KeyProvider, KeyProviderError, Random, Secret, SoftwareKeyProvider,
    VaultHeader, os_random,
};
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub(super) const PIN: &[u8] = b"271828";
pub(super) const NOW: Now = Now {
    wall_ms: 1_760_000_000_000,
    uptime_ms: 10_000_000,
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
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0.lock().unwrap().0.wrap_secret(lock, secret, random)
    }
    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        let mut inner = self.0.lock().unwrap();
        match inner.1 {
            Some(error) => Err(error),
            None => inner.0.unwrap_secret(lock, wrapped),
        }
    }
    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        self.0.lock().unwrap().0.generation()
    }
    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        self.0.lock().unwrap().0.raise_generation(to)
    }
    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        self.0.lock().unwrap().0.destroy(random)
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
        self.open_at(pin, NOW)
    }

    pub(super) fn open_at(&self, pin: &[u8], now: Now) -> Result<Vault> {
        self.open_by(By::Pin(pin), Older::Refuse, now)
    }

    pub(super) fn open_by(&self, by: By<'_>, older: Older, now: Now) -> Result<Vault> {
        let seams = &mut self.keystore.seams();
        open(self.dir.path(), by, older, seams, now)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(FOLDER).join(name)
    }

    /// Every byte of the vault but the header's count of tries. An empty WAL, which looking alone may make, has none.
    pub(super) fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(self.dir.path().join(FOLDER)).unwrap() {
            let entry = entry.unwrap();
            let mut bytes = fs::read(entry.path()).unwrap();
            if entry.file_name() == HEADER {
                let header = VaultHeader::parse(&bytes);
                let counter = header.map_or(0, |header| header.counter_len());
                bytes.truncate(bytes.len() - counter);
            }
            if !bytes.is_empty() {
                all.insert(entry.file_name().into_string().unwrap(), bytes);
            }
        }
        all
    }
}

/// Later, by the clock that nobody can set.
pub(super) const fn after(ms: u64) -> Now {
    Now {
        uptime_ms: NOW.uptime_ms + ms,
        ..NOW
    }
}

/// Opening says `expected`, and every byte is as it was.
#[track_caller]
pub(super) fn check_refused(closed: &Closed, pin: &[u8], expected: Error) {
    check_refused_by(closed, By::Pin(pin), NOW, expected);
}

#[track_caller]
pub(super) fn check_refused_by(closed: &Closed, by: By<'_>, now: Now, expected: Error) {
    let before = closed.bytes();
    assert_eq!(closed.open_by(by, Older::Refuse, now).err(), Some(expected));
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
