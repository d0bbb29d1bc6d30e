//! Making the keys of a new agency: root, online key, ledger key, TLS authority, and what phones seal to.

use std::path::Path;
use std::sync::{Arc, RwLock};

use mooring_identity::{
    AgencyId, KeySet, Random, RecipientKey, RootStatement, SealingKeys, Secret, Signed, SigningKey,
};

use super::export::make_custodians;
use super::lock::Lock;
use super::ring::Ring;
use super::{Keys, KeysError, TlsAuthority};

/// New keys, and apart from them those that do not stay.
pub(super) struct Made {
    /// What stays online.
    pub(super) keys: Keys,
    /// The root's private key.
    pub(super) root_key: SigningKey,
    /// Those of the two custodians.
    pub(super) custodians: [RecipientKey; 2],
}

pub(super) fn make(
    folder: &Path,
    name: &str,
    lock: Lock,
    now_ms: i64,
    random: &mut dyn Random,
) -> Result<Made, KeysError> {
    let root_key = SigningKey::make(random);
    let online = SigningKey::make(random);
    let tls = TlsAuthority::make(name)?;
    let statement = RootStatement {
        name: name.to_owned(),
        root: root_key.verify_key(),
        tls_ca_der: tls.certificate().to_vec(),
        made_ms: now_ms,
    };
    let agency = AgencyId::of(&root_key.verify_key());
    let key_set = KeySet {
        agency,
        serial: 1,
        made_ms: now_ms,
        keys: vec![online.verify_key()],
    };
    let (ledger, names) = (Secret::make(random), Secret::make(random));
    let opening = RecipientKey::make(random);
    let custodians = make_custodians(random);
    let sealing_keys = SealingKeys {
        agency,
        serial: 1,
        made_ms: now_ms,
        hq: opening.recipient(),
        custodians: Some(custodians.each_ref().map(RecipientKey::recipient)),
    };
    let ring = Ring::new(
        Signed::sign(key_set, &root_key),
        Some(Signed::sign(sealing_keys, &root_key)),
        vec![online],
        vec![opening],
    )
    .map_err(|_| KeysError::Unwritable(folder.to_path_buf()))?;
    let keys = Keys {
        root: Signed::sign(statement, &root_key),
        folder: folder.to_path_buf(),
        ring: RwLock::new(Arc::new(ring)),
        ledger,
        names,
        tls,
        lock,
    };
    Ok(Made {
        keys,
        root_key,
        custodians,
    })
}
