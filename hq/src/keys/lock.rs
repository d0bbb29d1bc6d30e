//! What seals HQ's key files: a key in a file that the operator names, kept somewhere else than the data folder.

use std::path::Path;

use mooring_identity::{Purpose, Random, SealKey, Secret};
use zeroize::Zeroizing;

use super::KeysError;
use super::files::{secret, write_file};

const PURPOSE: Purpose = Purpose::new("mooring.hq.key-file");

/// The key over the key files; none where their mode alone guards them.
pub(crate) struct Lock(Option<SealKey>);

impl Lock {
    /// Reads the operator's key file.
    pub(super) fn open(file: Option<&Path>) -> Result<Self, KeysError> {
        let key = file.map(secret).transpose()?;
        Ok(Self(key.map(|key| SealKey::new(key, PURPOSE))))
    }

    /// The same for a new data folder: a key file that is named and not there is made.
    pub(super) fn make(file: Option<&Path>, random: &mut dyn Random) -> Result<Self, KeysError> {
        if let Some(file) = file.filter(|file| !file.exists()) {
            write_file(file, Secret::make(random).expose())?;
        }
        Self::open(file)
    }

    /// Whether anything is sealed.
    pub(super) const fn is_shut(&self) -> bool {
        self.0.is_some()
    }

    /// A key file's content, sealed for the file of this name; nothing where nothing is sealed.
    pub(super) fn seal(
        &self,
        name: &str,
        plain: &[u8],
        random: &mut dyn Random,
    ) -> Option<Vec<u8>> {
        let key = self.0.as_ref()?;
        Some(key.seal(name.as_bytes(), plain, random))
    }

    /// What [`Lock::seal`] made.
    pub(super) fn unseal(
        &self,
        file: &Path,
        name: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        let key = self.0.as_ref();
        let key = key.ok_or_else(|| KeysError::KeyFileNeeded(file.to_path_buf()))?;
        let opened = key.open(name.as_bytes(), sealed);
        opened.map_err(|_| KeysError::WrongKeyFile(file.to_path_buf()))
    }
}
