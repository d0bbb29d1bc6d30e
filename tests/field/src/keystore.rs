//! The software key provider, kept in a file beside the vault. For trying out only: whoever copies both needs just the PIN.

use mooring_identity::{
    KeyLock, KeyProvider, KeyProviderError, Random, Secret, SoftwareKeyProvider, os_random,
};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

const FILE: &str = "software-keystore";

/// A keystore whose state is on disk before it answers.
pub(crate) struct FileKeystore {
    path: PathBuf,
    inner: SoftwareKeyProvider,
}

impl FileKeystore {
    /// That of this folder. A folder without one gets one only once something is wrapped.
    pub(crate) fn of(dir: &Path) -> io::Result<Self> {
        let path = dir.join(FILE);
        let inner = match fs::read(&path) {
            Ok(bytes) => SoftwareKeyProvider::parse(&bytes)
                .map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                SoftwareKeyProvider::make(&mut os_random())
            }
            Err(error) => return Err(error),
        };
        Ok(Self { path, inner })
    }

    fn keep(&self) -> Result<(), KeyProviderError> {
        let beside = self.path.with_extension("new");
        let write = || -> io::Result<()> {
            let mut file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&beside)?;
            file.write_all(&self.inner.export())?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            match self.path.parent() {
                Some(folder) => File::open(folder)?.sync_all(),
                None => Ok(()),
            }
        };
        write().map_err(|_| KeyProviderError::Transient)
    }
}

impl KeyProvider for FileKeystore {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        let wrapped = self.inner.wrap_secret(lock, secret, random)?;
        self.keep()?;
        Ok(wrapped)
    }

    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        self.inner.unwrap_secret(lock, wrapped)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        self.inner.generation()
    }

    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        self.inner.raise_generation(to)?;
        self.keep()
    }

    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        self.inner.destroy(random)?;
        self.keep()
    }
}
