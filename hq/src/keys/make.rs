//! Making the keys of a new agency: root, online key, ledger key, TLS authority.

use mooring_identity::{AgencyId, KeySet, Random, RootStatement, Secret, Signed, SigningKey};

use super::{Keys, KeysError, TlsAuthority};

/// New keys, and the root's private key apart from them.
pub(super) struct Made {
    /// What stays online.
    pub(super) keys: Keys,
    /// What does not.
    pub(super) root_key: SigningKey,
}

pub(super) fn make(name: &str, now_ms: i64, random: &mut dyn Random) -> Result<Made, KeysError> {
    let root_key = SigningKey::make(random);
    let online = SigningKey::make(random);
    let tls = TlsAuthority::make(name)?;
    let statement = RootStatement {
        name: name.to_owned(),
        root: root_key.verify_key(),
        tls_ca_der: tls.certificate().to_vec(),
        made_ms: now_ms,
    };
    let key_set = KeySet {
        agency: AgencyId::of(&root_key.verify_key()),
        serial: 1,
        made_ms: now_ms,
        keys: vec![online.verify_key()],
    };
    let keys = Keys {
        root: Signed::sign(statement, &root_key),
        key_set: Signed::sign(key_set, &root_key),
        online,
        ledger: Secret::make(random),
        names: Secret::make(random),
        tls,
    };
    Ok(Made { keys, root_key })
}
