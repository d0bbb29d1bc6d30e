//! The platform's keystore, as a trait, and a stand-in for trying out.

use crate::random::fresh;
use crate::{IdentityError, Purpose, Random, Reader, SealKey, Secret, Writer};

/// What a program prints at every start while it runs on [`SoftwareKeyProvider`].
pub const NOTICE: &str = "The software key provider is for trying out: its key lies in a file beside the data, \
     so that whoever copies both needs only the PIN. Real phones use the hardware keystore.";

/// Why the keystore gave nothing. None of these is a reason to delete anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProviderError {
    /// It is busy or locked for now: try again.
    #[error("the keystore did not answer; try again")]
    Transient,
    /// It never had this key, or no longer has it: a phone that was reset, or data restored on another one.
    #[error("the keystore does not hold this key")]
    Missing,
    /// It has the key but may never use it again, as after a change of the enrolled fingerprints.
    #[error("the keystore has invalidated this key")]
    Invalidated,
}

/// The platform's keystore: it wraps a secret so that only this device can unwrap it, and counts generations that cannot go back.
pub trait KeyProvider {
    /// Wraps a secret. Hardware brings its own chance and ignores `random`.
    fn wrap_secret(
        &mut self,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError>;
    /// Unwraps what this device wrapped.
    fn unwrap_secret(&mut self, wrapped: &[u8]) -> Result<Secret, KeyProviderError>;
    /// A number that only ever grows, kept where a restored backup does not reach it.
    fn generation(&mut self) -> Result<u64, KeyProviderError>;
    /// Makes the generation one higher and gives the new one.
    fn advance(&mut self) -> Result<u64, KeyProviderError>;
}

const WRAPPED: Purpose = Purpose::new("mooring.software-keystore.wrapped");

/// A keystore in memory. Whoever owns it stores [`SoftwareKeyProvider::export`] after each change, and prints [`NOTICE`].
#[derive(Debug)]
pub struct SoftwareKeyProvider {
    id: [u8; 16],
    key: SealKey,
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

    fn from_parts(id: [u8; 16], seed: Secret, generation: u64) -> Self {
        let key = SealKey::new(
            crate::derive_secret(&id, seed.expose(), WRAPPED, &[]),
            WRAPPED,
        );
        Self {
            id,
            key,
            seed,
            generation,
        }
    }
}

impl KeyProvider for SoftwareKeyProvider {
    fn wrap_secret(
        &mut self,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        let mut out = self.id.to_vec();
        out.extend(self.key.seal(&self.id, secret.expose(), random));
        Ok(out)
    }

    fn unwrap_secret(&mut self, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        let (id, sealed) = wrapped
            .split_first_chunk::<16>()
            .ok_or(KeyProviderError::Missing)?;
        if *id != self.id {
            return Err(KeyProviderError::Missing);
        }
        let secret = self
            .key
            .open(&self.id, sealed)
            .map_err(|_| KeyProviderError::Missing)?;
        Secret::parse(&secret).ok_or(KeyProviderError::Missing)
    }

    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        Ok(self.generation)
    }

    fn advance(&mut self) -> Result<u64, KeyProviderError> {
        self.generation = self.generation.saturating_add(1);
        Ok(self.generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os_random;

    #[test]
    fn an_exported_keystore_still_unwraps_and_remembers_its_generation() {
        let mut first = SoftwareKeyProvider::make(&mut os_random());
        let wrapped = first
            .wrap_secret(&Secret::take(&mut [3; 32]), &mut os_random())
            .unwrap();
        first.advance().unwrap();
        let mut again = SoftwareKeyProvider::parse(&first.export()).unwrap();
        assert_eq!(again.unwrap_secret(&wrapped).unwrap().expose(), &[3; 32]);
        assert_eq!(again.generation(), Ok(1));
    }

    #[test]
    fn another_phones_keystore_misses_the_key() {
        let mut mine = SoftwareKeyProvider::make(&mut os_random());
        let wrapped = mine
            .wrap_secret(&Secret::take(&mut [3; 32]), &mut os_random())
            .unwrap();
        let mut other = SoftwareKeyProvider::make(&mut os_random());
        assert_eq!(
            other.unwrap_secret(&wrapped).unwrap_err(),
            KeyProviderError::Missing
        );
        assert_eq!(
            mine.unwrap_secret(&[]).unwrap_err(),
            KeyProviderError::Missing
        );
    }
}
