//! Slot 1: a finger or face opens the vault, through a key that the keystore lets go of only then.

use crate::{
    KeyLock, KeyProvider, KeyProviderError, Purpose, Random, Reader, SealKey, Secret, Writer,
    derive_secret,
};

use super::header::Fixed;
use super::unlock::opened;
use super::{UnlockError, VaultHeader, VaultKey};

const BIOMETRIC_SLOT: u8 = 1;
const SLOT: Purpose = Purpose::new("mooring.vault.slot.biometric");
const KEK: Purpose = Purpose::new("mooring.vault.kek.biometric");
const LARGEST_WRAPPED: usize = 4096;

impl VaultHeader {
    /// The same header with slot 1 filled, for an open vault whose PIN was entered just now.
    pub fn add_biometric(
        &self,
        key: &VaultKey,
        provider: &mut dyn KeyProvider,
        random: &mut dyn Random,
    ) -> Result<Self, KeyProviderError> {
        let hardware = Secret::make(random);
        let wrapped = provider.wrap_secret(KeyLock::Biometric, &hardware, random)?;
        let context = Fixed::context_without_pin(key.vault_id, BIOMETRIC_SLOT, &wrapped);
        let sealed = kek(key.vault_id, &hardware).seal(&context, key.secret.expose(), random);
        let mut slot = Writer::new();
        slot.bytes(&wrapped).fixed(&sealed);
        let mut header = self.clone();
        let [_, biometric, _] = &mut header.slots;
        *biometric = slot.finish();
        Ok(header)
    }

    /// The same header with slot 1 empty.
    #[must_use]
    pub fn without_biometric(&self) -> Self {
        let mut header = self.clone();
        let [_, biometric, _] = &mut header.slots;
        biometric.clear();
        header
    }

    /// Opens slot 1. The system counts wrong fingers, not we; tries of the PIN stay counted.
    pub fn unlock_biometric(
        &self,
        provider: &mut dyn KeyProvider,
    ) -> Result<VaultKey, UnlockError> {
        let [_, slot, _] = &self.slots;
        if slot.is_empty() {
            return Err(UnlockError::NoSlot);
        }
        let mut reader = Reader::new(slot);
        let wrapped = reader
            .bytes(LARGEST_WRAPPED)
            .map_err(|_| UnlockError::Corrupt)?;
        let hardware = provider.unwrap_secret(KeyLock::Biometric, wrapped)?;
        let vault_id = self.fixed.vault_id;
        let context = Fixed::context_without_pin(vault_id, BIOMETRIC_SLOT, wrapped);
        let plain = kek(vault_id, &hardware).open(&context, reader.rest());
        // Nobody typed anything: a slot that does not open is damage.
        opened(plain, vault_id, UnlockError::Corrupt)
    }
}

fn kek(vault_id: [u8; 16], hardware: &Secret) -> SealKey {
    SealKey::new(
        derive_secret(&vault_id, hardware.expose(), KEK, &[BIOMETRIC_SLOT]),
        SLOT,
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{same, vault};
    use super::*;
    use crate::{KdfParams, SlotState, SoftwareKeyProvider, os_random};

    #[test]
    fn a_finger_opens_what_the_pin_opens_and_goes_on_doing_so_under_another_pin() {
        let (header, key, mut keystore) = vault(b"271828");
        let with = header
            .add_biometric(&key, &mut keystore, &mut os_random())
            .unwrap();
        same(&with.unlock_biometric(&mut keystore).unwrap(), &key);
        let changed = with
            .make_again(
                &key,
                b"314159",
                KdfParams::trying_out(),
                &mut keystore,
                &mut os_random(),
            )
            .unwrap();
        let read = VaultHeader::parse(&changed.encode()).unwrap();
        same(&read.unlock_biometric(&mut keystore).unwrap(), &key);
        assert_eq!(
            read.without_biometric().slots(),
            [SlotState::Filled, SlotState::Empty, SlotState::Empty]
        );
    }

    #[test]
    fn without_a_slot_without_the_keystore_or_in_another_vault_a_finger_opens_nothing() {
        let (header, key, mut keystore) = vault(b"271828");
        assert_eq!(
            header.unlock_biometric(&mut keystore).unwrap_err(),
            UnlockError::NoSlot
        );
        let with = header
            .add_biometric(&key, &mut keystore, &mut os_random())
            .unwrap();
        let mut other = SoftwareKeyProvider::make(&mut os_random());
        assert_eq!(
            with.unlock_biometric(&mut other).unwrap_err(),
            UnlockError::KeyMissing
        );
        let (mut second, _) = VaultHeader::make(
            b"271828",
            KdfParams::trying_out(),
            &mut keystore,
            &mut os_random(),
        )
        .unwrap();
        second.slots = with.slots;
        assert_eq!(
            second.unlock_biometric(&mut keystore).unwrap_err(),
            UnlockError::Corrupt
        );
    }
}
