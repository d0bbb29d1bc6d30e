//! HQ's keys on disk: made once, whole or not at all, readable by the owner alone.
//!
//! They are sealed by a key file that the operator names and keeps elsewhere, or by file mode alone, and HQ says so at every start. The root's private key is needed only to certify other
//! keys: it is written to `export/` once, to be taken offline, and the two custodians' beside it.

mod export;
mod files;
mod lock;
mod make;
mod renew;
mod ring;
mod tls;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use lock::Lock;
use mooring_identity::{AgencyId, KeySet, Random, RootStatement, Secret, Signed, SigningKey};

pub use export::read_custodian;
pub use renew::{FormerKey, MadeSealing};
pub(crate) use ring::Ring;
pub(crate) use tls::TlsAuthority;

/// What HQ says at every start about where its keys lie.
pub const NOTICE: &str = "The keys of this HQ lie in its data folder, sealed by file mode alone: whoever can read that \
                          folder can read every case. Keep it on an encrypted disk.";

/// Everything that HQ signs, opens and proves itself with. No Clone, no Debug: keys are held, not passed about.
pub(crate) struct Keys {
    /// The root's statement about itself, as phones fetch it.
    pub(crate) root: Signed<RootStatement>,
    folder: PathBuf,
    ring: RwLock<Arc<Ring>>,
    lock: Lock,
    /// What opens the ledger.
    pub(crate) ledger: Secret,
    /// What HQ derives unguessable names from.
    pub(crate) names: Secret,
    /// What certifies the device listener.
    pub(crate) tls: TlsAuthority,
}

impl Keys {
    /// The agency.
    pub(crate) fn agency(&self) -> AgencyId {
        self.root.statement().agency()
    }

    /// Reads the keys of a data folder, with the operator's key file if there is one.
    pub(crate) fn open(data: &Path, key_file: Option<&Path>) -> Result<Self, KeysError> {
        files::read(&data.join("keys"), Lock::open(key_file)?)
    }

    /// Seals the key files that lie in the clear, if the operator named a key file since they were made.
    pub(crate) fn seal_files(&self, random: &mut dyn Random) -> Result<(), KeysError> {
        files::seal_all(&self.folder, &self.lock, random)
    }

    /// Whether the folder has keys.
    pub(crate) fn exist(data: &Path) -> bool {
        data.join("keys").is_dir()
    }

    /// The keys that may change, as they are now.
    pub(crate) fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the keys that may change again, because another process changed them.
    pub(crate) fn reread(&self) -> Result<(), KeysError> {
        let ring = files::read_ring(&self.folder, &self.root, &self.lock)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    /// Makes the keys of a new data folder, and says where those were put that do not stay.
    pub(crate) fn make(
        data: &Path,
        name: &str,
        key_file: Option<&Path>,
        now_ms: i64,
        random: &mut dyn Random,
    ) -> Result<(Self, Exported), KeysError> {
        let folder = data.join("keys");
        let lock = Lock::make(key_file, random)?;
        let made = make::make(&folder, name, lock, now_ms, random)?;
        let exported = Exported {
            root: export::export_root(data, &made.root_key)?,
            custodians: export::export_custodians(data, &made.custodians, 1)?,
        };
        files::write(&folder, &made.keys, random)?;
        Ok((made.keys, exported))
    }
}

/// Where the private keys wait that are to be taken offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The root's.
    pub root: PathBuf,
    /// The two custodians', for two different people.
    pub custodians: [PathBuf; 2],
}

/// An online key with what the root says of it: enough to sign for the agency, and not to open its ledger.
pub struct Signer {
    pub(crate) root: Signed<RootStatement>,
    pub(crate) key_set: Signed<KeySet>,
    pub(crate) key: SigningKey,
}

impl Signer {
    /// A key that the root vouches for; nothing for any other.
    pub fn new(
        root: Signed<RootStatement>,
        key_set: Signed<KeySet>,
        key: SigningKey,
    ) -> Option<Self> {
        let vouched = key_set.statement().agency == root.statement().agency()
            && key_set.statement().keys.contains(&key.verify_key());
        vouched.then_some(Self { root, key_set, key })
    }

    /// Reads HQ's online key; the root's statements are looked for beside it, as HQ writes them.
    pub fn open(online: &Path, key_file: Option<&Path>) -> Result<Self, KeysError> {
        files::read_signer(online, &Lock::open(key_file)?)
    }
}

/// Why the keys could not be had. Nothing was replaced: a key that can't be read never deletes data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// A file is missing, unreadable or not what it should be.
    #[error("the key file {0} cannot be read; nothing was changed")]
    Unreadable(PathBuf),
    /// The disk refused.
    #[error("the key file {0} cannot be written")]
    Unwritable(PathBuf),
    /// Others than the owner may read it.
    #[error(
        "the key file {0} can be read by others; make it readable by its owner alone (chmod 600)"
    )]
    Exposed(PathBuf),
    /// A private key that is not this agency's root.
    #[error("the key in {0} is not this agency's root; nothing was changed")]
    NotTheRoot(PathBuf),
    /// It is sealed, and no key file was named.
    #[error("the key file {0} is sealed: name the operator's key file (--key-file)")]
    KeyFileNeeded(PathBuf),
    /// It is sealed under another key, or damaged.
    #[error(
        "the key file {0} does not open with this --key-file: it is another one's, or damaged; nothing was changed"
    )]
    WrongKeyFile(PathBuf),
    /// The certificate could not be made.
    #[error("the certificate could not be made")]
    Certificate,
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use mooring_identity::os_random;

    use super::*;

    fn made() -> (tempfile::TempDir, Keys) {
        let data = tempfile::tempdir().unwrap();
        let (keys, _) = Keys::make(
            data.path(),
            "Westside",
            None,
            1_764_000_000_000,
            &mut os_random(),
        )
        .unwrap();
        (data, keys)
    }

    #[test]
    fn what_was_made_is_what_opens() {
        let (data, keys) = made();
        let again = Keys::open(data.path(), None).unwrap();
        assert_eq!(again.agency(), keys.agency());
        assert_eq!(
            again.ring().online().verify_key(),
            keys.ring().online().verify_key()
        );
        assert_eq!(again.ledger.expose(), keys.ledger.expose());
        assert_eq!(again.root.statement().tls_ca_der, keys.tls.certificate());
        assert!(again.tls.make_leaf(&["hq.example".into()]).is_ok());
    }

    #[test]
    fn every_key_file_is_the_owners_alone() {
        let (data, _) = made();
        for folder in ["keys", "export"] {
            for entry in fs::read_dir(data.path().join(folder)).unwrap() {
                let mode = entry.unwrap().metadata().unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0);
            }
        }
        let exposed = data.path().join("keys/online.key");
        fs::set_permissions(&exposed, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(
            Keys::open(data.path(), None).err(),
            Some(KeysError::Exposed(exposed))
        );
    }

    #[test]
    fn a_damaged_key_is_reported_and_left_as_it_is() {
        let (data, _) = made();
        let file = data.path().join("keys/ledger.key");
        fs::write(&file, b"short").unwrap();
        assert_eq!(
            Keys::open(data.path(), None).err(),
            Some(KeysError::Unreadable(file.clone()))
        );
        assert_eq!(fs::read(&file).unwrap(), b"short");
    }

    #[test]
    fn a_first_start_that_was_cut_off_can_be_begun_again() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("keys.new")).unwrap();
        fs::create_dir(data.path().join("export")).unwrap();
        fs::write(data.path().join("export/root-private-key.bin"), b"old").unwrap();
        assert!(Keys::make(data.path(), "Westside", None, 0, &mut os_random()).is_ok());
        let aside = fs::read(data.path().join("export/unused-root-private-key.bin")).unwrap();
        assert_eq!(aside, b"old");
        assert!(Keys::open(data.path(), None).is_ok());
    }

    #[test]
    fn the_root_key_is_not_among_the_online_keys() {
        let (data, keys) = made();
        let exported = fs::read(data.path().join("export/root-private-key.bin")).unwrap();
        let root = SigningKey::from_seed(Secret::parse(&exported[1..]).unwrap());
        assert_eq!(root.verify_key(), keys.root.statement().root);
        for entry in fs::read_dir(data.path().join("keys")).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(32).any(|window| window == &exported[1..]));
        }
    }

    /// Whether any file of the folder holds these bytes.
    fn lies_in_the_clear(data: &Path, secret: &[u8]) -> bool {
        fs::read_dir(data.join("keys")).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(secret.len()).any(|window| window == secret)
        })
    }

    #[test]
    fn with_a_key_file_no_key_lies_in_the_clear_and_none_opens_without_it() {
        let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key_file = elsewhere.path().join("hq.key");
        let made = Keys::make(
            data.path(),
            "Westside",
            Some(&key_file),
            0,
            &mut os_random(),
        );
        let (keys, _) = made.unwrap();
        for secret in [
            keys.ledger.expose(),
            keys.names.expose(),
            keys.ring().online().seed().expose(),
        ] {
            assert!(!lies_in_the_clear(data.path(), secret));
        }
        let again = Keys::open(data.path(), Some(&key_file)).unwrap();
        assert_eq!(again.ledger.expose(), keys.ledger.expose());
        let needed = Keys::open(data.path(), None).err();
        assert!(
            matches!(needed, Some(KeysError::KeyFileNeeded(_))),
            "{needed:?}"
        );
        let other = elsewhere.path().join("other.key");
        files::write_file(&other, &[9; 32]).unwrap();
        let wrong = Keys::open(data.path(), Some(&other)).err();
        assert!(
            matches!(wrong, Some(KeysError::WrongKeyFile(_))),
            "{wrong:?}"
        );
    }

    #[test]
    fn a_key_file_named_later_seals_what_lay_in_the_clear() {
        let (data, keys) = made();
        assert!(lies_in_the_clear(data.path(), keys.ledger.expose()));
        let elsewhere = tempfile::tempdir().unwrap();
        let key_file = elsewhere.path().join("hq.key");
        files::write_file(&key_file, &[9; 32]).unwrap();
        let locked = Keys::open(data.path(), Some(&key_file)).unwrap();
        locked.seal_files(&mut os_random()).unwrap();
        assert!(!lies_in_the_clear(data.path(), keys.ledger.expose()));
        let again = Keys::open(data.path(), Some(&key_file)).unwrap();
        assert_eq!(again.tls.key(), keys.tls.key());
        assert_eq!(
            again.ring().online().seed().expose(),
            keys.ring().online().seed().expose()
        );
    }

    #[test]
    fn a_sealed_key_in_another_ones_place_opens_nothing() {
        let (data, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key_file = elsewhere.path().join("hq.key");
        Keys::make(
            data.path(),
            "Westside",
            Some(&key_file),
            0,
            &mut os_random(),
        )
        .unwrap();
        let at = |name: &str| data.path().join("keys").join(name);
        fs::copy(at("names.key"), at("ledger.key")).unwrap();
        let swapped = Keys::open(data.path(), Some(&key_file)).err();
        assert_eq!(swapped, Some(KeysError::WrongKeyFile(at("ledger.key"))));
    }
}
