//! What the tests of the vault's keys share.

use crate::{KdfParams, SoftwareKeyProvider, VaultHeader, VaultKey, os_random};

pub(super) fn vault(pin: &[u8]) -> (VaultHeader, VaultKey, SoftwareKeyProvider) {
    let mut provider = SoftwareKeyProvider::make(&mut os_random());
    let (header, key) = VaultHeader::make(
        pin,
        KdfParams::trying_out(),
        &mut provider,
        &mut os_random(),
    )
    .unwrap();
    (header, key, provider)
}

#[track_caller]
pub(super) fn same(one: &VaultKey, other: &VaultKey) {
    assert_eq!(
        one.derive_database_key().expose(),
        other.derive_database_key().expose()
    );
}
