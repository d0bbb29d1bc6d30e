//! Making a vault's keys, and sealing them again under another PIN.

use crate::random::fresh;
use crate::{KdfParams, KeyLock, KeyProvider, KeyProviderError, Random, SealKey, Secret};

use super::header::{Fixed, VERSION};
use super::unlock::{PIN_SLOT, SLOT, key_encryption_key};
use super::{VaultHeader, VaultKey};

impl VaultHeader {
    /// A new vault: a fresh master key, sealed in slot 0 under the PIN and a fresh secret that the keystore wraps.
    pub fn make(
        pin: &[u8],
        kdf: KdfParams,
        provider: &mut dyn KeyProvider,
        random: &mut dyn Random,
    ) -> Result<(Self, VaultKey), KeyProviderError> {
        let key = VaultKey {
            secret: Secret::make(random),
            vault_id: fresh(random),
        };
        Ok((seal(&key, pin, kdf, provider, random)?, key))
    }

    /// The same vault under another PIN, or at another cost, with a fresh secret of the keystore and all tries given back. The other
    /// slots stay as they are.
    pub fn make_again(
        &self,
        key: &VaultKey,
        pin: &[u8],
        kdf: KdfParams,
        provider: &mut dyn KeyProvider,
        random: &mut dyn Random,
    ) -> Result<Self, KeyProviderError> {
        let mut header = seal(key, pin, kdf, provider, random)?;
        for (to, from) in header.slots.iter_mut().zip(&self.slots).skip(1) {
            to.clone_from(from);
        }
        Ok(header)
    }
}

fn seal(
    key: &VaultKey,
    pin: &[u8],
    kdf: KdfParams,
    provider: &mut dyn KeyProvider,
    random: &mut dyn Random,
) -> Result<VaultHeader, KeyProviderError> {
    let hardware = Secret::make(random);
    let wrapped = provider.wrap_secret(KeyLock::Device, &hardware, random)?;
    let fixed = Fixed {
        version: VERSION,
        vault_id: key.vault_id,
        kdf,
        salt: fresh(random),
        wrapped,
    };
    let kek = SealKey::new(key_encryption_key(&fixed, &hardware, pin), SLOT);
    let slot = kek.seal(&fixed.context(PIN_SLOT), key.secret.expose(), random);
    Ok(VaultHeader::new(fixed, slot))
}
