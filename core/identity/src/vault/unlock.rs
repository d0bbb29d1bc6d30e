//! From PIN and keystore to the vault's key.

use zeroize::Zeroizing;

use crate::{
    IdentityError, KeyLock, KeyProvider, KeyProviderError, Purpose, SealKey, Secret, derive_secret,
};

use super::header::Fixed;
use super::{TRIES, VaultHeader, VaultKey};

pub(super) const PIN_SLOT: u8 = 0;
pub(super) const SLOT: Purpose = Purpose::new("mooring.vault.slot");
const KEK: Purpose = Purpose::new("mooring.vault.kek");

/// Why a vault did not open. None of these deletes or changes anything but the attempt counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The PIN is not the one.
    #[error("wrong PIN; {tries_left} tries left")]
    WrongPin {
        /// How many are left, by the header's counter.
        tries_left: u32,
    },
    /// The slot asked for is empty: the PIN's after too many tries, the biometric one if it was never filled.
    #[error("this vault does not open that way")]
    NoSlot,
    /// The finger or face was not shown or not known: ask again, or ask for the PIN.
    #[error("not shown, or not known")]
    Canceled,
    /// The keystore does not have the key: the phone was reset, or these files come from another one.
    #[error("this phone's keystore does not hold the vault's key")]
    KeyMissing,
    /// The keystore may no longer use the key.
    #[error("this phone's keystore has invalidated the vault's key")]
    KeyInvalidated,
    /// The keystore did not answer: try again.
    #[error("the keystore did not answer; try again")]
    TryAgain,
    /// The header is damaged. The files stay as they are.
    #[error("the vault's header is damaged")]
    Corrupt,
    /// A later version wrote the header. The files stay as they are.
    #[error("a later version made this vault")]
    TooNew,
}

impl From<KeyProviderError> for UnlockError {
    fn from(error: KeyProviderError) -> Self {
        match error {
            KeyProviderError::Transient => Self::TryAgain,
            KeyProviderError::Canceled => Self::Canceled,
            KeyProviderError::Unavailable => Self::NoSlot,
            KeyProviderError::Missing => Self::KeyMissing,
            KeyProviderError::Invalidated => Self::KeyInvalidated,
        }
    }
}

impl VaultHeader {
    /// The keystore's secret, asked for before a try is counted: a keystore that fails uses up nobody's tries.
    pub fn unwrap_hardware(&self, provider: &mut dyn KeyProvider) -> Result<Secret, UnlockError> {
        let [slot, _, _] = &self.slots;
        if slot.is_empty() {
            return Err(UnlockError::NoSlot);
        }
        Ok(provider.unwrap_secret(KeyLock::Device, &self.fixed.wrapped)?)
    }

    /// Opens slot 0. The PIN is key material and is never compared: a wrong one makes a key that does not open the slot.
    ///
    /// Count the attempt first, durably: see [`VaultHeader::count_attempt`].
    pub fn unlock(&self, pin: &[u8], hardware: &Secret) -> Result<VaultKey, UnlockError> {
        let [slot, _, _] = &self.slots;
        if slot.is_empty() {
            return Err(UnlockError::NoSlot);
        }
        let kek = SealKey::new(key_encryption_key(&self.fixed, hardware, pin), SLOT);
        let wrong = UnlockError::WrongPin {
            tries_left: TRIES.saturating_sub(self.tries.count),
        };
        let plain = kek.open(&self.fixed.context(PIN_SLOT), slot);
        opened(plain, self.fixed.vault_id, wrong)
    }
}

/// The master key that a slot held; `sealed` is what a slot that does not open means there.
pub(super) fn opened(
    plain: Result<Zeroizing<Vec<u8>>, IdentityError>,
    vault_id: [u8; 16],
    sealed: UnlockError,
) -> Result<VaultKey, UnlockError> {
    let plain = plain.map_err(|error| match error {
        IdentityError::Sealed => sealed,
        IdentityError::TooNew => UnlockError::TooNew,
        IdentityError::Malformed
        | IdentityError::TooLarge
        | IdentityError::Forged
        | IdentityError::WrongAddressee => UnlockError::Corrupt,
    })?;
    let secret = Secret::parse(&plain).ok_or(UnlockError::Corrupt)?;
    Ok(VaultKey { secret, vault_id })
}

/// KEK = HKDF(vault id, S || P).
pub(super) fn key_encryption_key(fixed: &Fixed, hardware: &Secret, pin: &[u8]) -> Secret {
    let slow = fixed.kdf.derive(pin, &fixed.salt);
    let mut both = Zeroizing::new([0_u8; 64]);
    let (left, right) = both.split_at_mut(32);
    left.copy_from_slice(hardware.expose());
    right.copy_from_slice(slow.expose());
    derive_secret(&fixed.vault_id, both.as_slice(), KEK, &[PIN_SLOT])
}

#[cfg(test)]
mod tests {
    use super::super::TriedAt;
    use super::super::testing::{same, vault};
    use super::*;
    use crate::{KdfParams, Random, SlotState, SoftwareKeyProvider, os_random};

    struct Broken(KeyProviderError);

    impl KeyProvider for Broken {
        fn wrap_secret(
            &mut self,
            _: KeyLock,
            _: &Secret,
            _: &mut dyn Random,
        ) -> Result<Vec<u8>, KeyProviderError> {
            Err(self.0)
        }
        fn unwrap_secret(&mut self, _: KeyLock, _: &[u8]) -> Result<Secret, KeyProviderError> {
            Err(self.0)
        }
        fn generation(&mut self) -> Result<u64, KeyProviderError> {
            Err(self.0)
        }
        fn raise_generation(&mut self, _: u64) -> Result<(), KeyProviderError> {
            Err(self.0)
        }
        fn destroy(&mut self, _: &mut dyn Random) -> Result<(), KeyProviderError> {
            Err(self.0)
        }
    }

    fn unlock(
        header: &VaultHeader,
        pin: &[u8],
        provider: &mut dyn KeyProvider,
    ) -> Result<VaultKey, UnlockError> {
        let hardware = header.unwrap_hardware(provider)?;
        header.unlock(pin, &hardware)
    }

    #[track_caller]
    fn check(
        header: &VaultHeader,
        pin: &[u8],
        provider: &mut dyn KeyProvider,
        expected: UnlockError,
    ) {
        assert_eq!(unlock(header, pin, provider).unwrap_err(), expected);
    }

    fn count(header: &mut VaultHeader) {
        let _ = header.count_attempt(0, TriedAt::default());
    }

    #[test]
    fn the_right_pin_gives_the_same_database_key_again() {
        let (header, key, mut provider) = vault(b"271828");
        let read = VaultHeader::parse(&header.encode()).unwrap();
        let again = unlock(&read, b"271828", &mut provider).unwrap();
        same(&again, &key);
        assert_eq!(again.derive_database_salt(), key.derive_database_salt());
        assert_ne!(key.derive_database_key().expose(), key.secret.expose());
    }

    #[test]
    fn a_wrong_pin_is_a_wrong_pin_and_says_how_many_are_left() {
        let (mut header, _, mut provider) = vault(b"271828");
        count(&mut header);
        let expected = UnlockError::WrongPin { tries_left: 9 };
        check(&header, b"271829", &mut provider, expected);
        check(&header, b"", &mut provider, expected);
    }

    #[test]
    fn the_pin_without_this_phones_keystore_opens_nothing() {
        let (header, _, _) = vault(b"271828");
        let mut other = SoftwareKeyProvider::make(&mut os_random());
        check(&header, b"271828", &mut other, UnlockError::KeyMissing);
        for (broken, expected) in [
            (KeyProviderError::Transient, UnlockError::TryAgain),
            (KeyProviderError::Canceled, UnlockError::Canceled),
            (KeyProviderError::Unavailable, UnlockError::NoSlot),
            (KeyProviderError::Invalidated, UnlockError::KeyInvalidated),
        ] {
            check(&header, b"271828", &mut Broken(broken), expected);
        }
    }

    #[test]
    fn any_flipped_bit_of_the_header_is_damage_and_never_a_wrong_pin() {
        let (header, _, _) = vault(b"271828");
        let bytes = header.encode();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                let newer = at == 8 && bad[at] > 1;
                let expected = if newer {
                    UnlockError::TooNew
                } else {
                    UnlockError::Corrupt
                };
                assert_eq!(VaultHeader::parse(&bad).unwrap_err(), expected, "byte {at}");
            }
        }
        for length in 0..bytes.len() {
            assert_eq!(
                VaultHeader::parse(&bytes[..length]).unwrap_err(),
                UnlockError::Corrupt
            );
        }
    }

    #[test]
    fn a_header_whose_cost_was_lowered_no_longer_opens() {
        let (header, _, mut provider) = vault(b"271828");
        let mut cheaper = header;
        cheaper.fixed.kdf = KdfParams::parse(32, 1, 1).unwrap();
        assert!(unlock(&cheaper, b"271828", &mut provider).is_err());
    }

    #[test]
    fn a_slot_of_another_vault_opens_nothing() {
        let (one, _, mut provider) = vault(b"271828");
        let (two, _) = VaultHeader::make(
            b"271828",
            KdfParams::trying_out(),
            &mut provider,
            &mut os_random(),
        )
        .unwrap();
        let mut mixed = one;
        mixed.slots = two.slots;
        assert!(unlock(&mixed, b"271828", &mut provider).is_err());
    }

    #[test]
    fn the_counter_is_outside_what_the_slots_are_bound_to() {
        let (mut header, _, mut provider) = vault(b"271828");
        let before = header.encode();
        count(&mut header);
        let bytes = header.encode();
        let fixed = bytes.len() - header.counter_len();
        assert_eq!(bytes[..fixed], before[..fixed]);
        let mut header = VaultHeader::parse(&bytes).unwrap();
        assert_eq!(header.attempts(0), 1);
        assert!(unlock(&header, b"271828", &mut provider).is_ok());
        header.clear_attempts();
        assert_eq!(header.attempts(0), 0);
    }

    #[test]
    fn another_pin_opens_the_same_vault_once_it_was_sealed_again() {
        let (header, key, mut provider) = vault(b"271828");
        let dearer = KdfParams::parse(64, 2, 1).unwrap();
        let changed = header
            .make_again(&key, b"314159", dearer, &mut provider, &mut os_random())
            .unwrap();
        assert_eq!(changed.kdf(), dearer);
        same(&unlock(&changed, b"314159", &mut provider).unwrap(), &key);
        assert!(unlock(&changed, b"271828", &mut provider).is_err());
        assert_eq!(
            changed.slots(),
            [SlotState::Filled, SlotState::Empty, SlotState::Empty]
        );
    }

    #[test]
    fn once_the_slots_are_gone_the_right_pin_opens_nothing() {
        let (mut header, _, mut provider) = vault(b"271828");
        let hardware = header.unwrap_hardware(&mut provider).unwrap();
        header.drop_slots();
        check(&header, b"271828", &mut provider, UnlockError::NoSlot);
        assert_eq!(
            header.unlock(b"271828", &hardware).unwrap_err(),
            UnlockError::NoSlot
        );
    }
}
