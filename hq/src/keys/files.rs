//! Key files: a version byte and the key, written beside, synced and renamed.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::{Arc, RwLock};

use mooring_identity::{
    KeySet, Random, RecipientKey, RootStatement, SealingKeys, Secret, Signed, SigningKey,
    Statement, Verifies,
};
use zeroize::Zeroizing;

use super::lock::Lock;
use super::ring::{Missing, Ring, online_file, opening_file};
use super::{Keys, KeysError, Signer, TlsAuthority};

const VERSION: u8 = 0;
/// A file whose content is sealed by the operator's key file.
const SEALED: u8 = 1;
const ROOT: &str = "root.statement";
const KEY_SET: &str = "key-set.statement";
/// The first online key; later ones are named by their public half.
const ONLINE: &str = "online.key";
const SEALING_KEYS: &str = "sealing-keys.statement";
const LEDGER: &str = "ledger.key";
const NAMES: &str = "names.key";
const TLS_KEY: &str = "tls-authority.key";
const TLS_CERTIFICATE: &str = "tls-authority.certificate";

/// Writes all keys into a folder that appears only when it is whole.
pub(super) fn write(folder: &Path, keys: &Keys, random: &mut dyn Random) -> Result<(), KeysError> {
    let beside = folder.with_extension("new");
    let unwritable = |_| KeysError::Unwritable(folder.to_path_buf());
    if beside.exists() {
        // Only an interrupted first start leaves one, and nothing was ever sealed under it.
        fs::remove_dir_all(&beside).map_err(unwritable)?;
    }
    make_folder(&beside)?;
    let ring = keys.ring();
    let public: [(&str, &[u8]); 3] = [
        (ROOT, keys.root.bytes()),
        (KEY_SET, ring.key_set.bytes()),
        (TLS_CERTIFICATE, keys.tls.certificate()),
    ];
    for (name, bytes) in public {
        write_file(&beside.join(name), bytes)?;
    }
    let secrets: [(&str, &[u8]); 4] = [
        (ONLINE, ring.online().seed().expose()),
        (LEDGER, keys.ledger.expose()),
        (NAMES, keys.names.expose()),
        (TLS_KEY, keys.tls.key()),
    ];
    for (name, bytes) in secrets {
        write_secret(&beside.join(name), bytes, &keys.lock, random)?;
    }
    for key in ring.opening() {
        let file = beside.join(opening_file(&key.recipient()));
        write_secret(&file, key.seed().expose(), &keys.lock, random)?;
    }
    if let Some(sealing_keys) = &ring.sealing_keys {
        write_file(&beside.join(SEALING_KEYS), sealing_keys.bytes())?;
    }
    sync_folder(&beside)?;
    fs::rename(&beside, folder).map_err(unwritable)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Reads all keys and checks that they belong together.
pub(super) fn read(folder: &Path, lock: Lock) -> Result<Keys, KeysError> {
    let at = |name: &str| folder.join(name);
    let root =
        RootStatement::open(&read_file(&at(ROOT))?).map_err(|_| KeysError::Unreadable(at(ROOT)))?;
    let ring = read_ring(folder, &root, &lock)?;
    let certificate = read_file(&at(TLS_CERTIFICATE))?;
    if *certificate != root.statement().tls_ca_der {
        return Err(KeysError::Unreadable(at(TLS_CERTIFICATE)));
    }
    Ok(Keys {
        folder: folder.to_path_buf(),
        ring: RwLock::new(Arc::new(ring)),
        ledger: locked_secret(&at(LEDGER), &lock)?,
        names: locked_secret(&at(NAMES), &lock)?,
        tls: TlsAuthority::new(
            &root.statement().name,
            read_locked(&at(TLS_KEY), &lock)?,
            certificate.to_vec(),
        ),
        lock,
        root,
    })
}

/// Reads the keys that may change.
pub(super) fn read_ring(
    folder: &Path,
    root: &Signed<RootStatement>,
    lock: &Lock,
) -> Result<Ring, KeysError> {
    let at = |name: &str| folder.join(name);
    let root = &root.statement().root;
    let key_set = statement::<KeySet>(&at(KEY_SET), root)?;
    let sealing_keys = if at(SEALING_KEYS).exists() {
        Some(statement::<SealingKeys>(&at(SEALING_KEYS), root)?)
    } else {
        None
    };
    let (mut online, mut opening) = (Vec::new(), Vec::new());
    for name in names_in(folder)? {
        if name == ONLINE || is_named(&name, "online-") {
            online.push(SigningKey::from_seed(locked_secret(&at(&name), lock)?));
        } else if is_named(&name, "sealing-") {
            opening.push(RecipientKey::from_seed(locked_secret(&at(&name), lock)?));
        }
    }
    Ring::new(key_set, sealing_keys, online, opening).map_err(|missing| {
        KeysError::Unreadable(match missing {
            Missing::Online => at(ONLINE),
            Missing::Opening => at(SEALING_KEYS),
        })
    })
}

/// Whether it is a key of this kind, and not what a write that was cut off left.
fn is_named(name: &str, kind: &str) -> bool {
    let rest = name.strip_prefix(kind);
    rest.is_some_and(|rest| rest.strip_suffix(".key").is_some())
}

fn names_in(folder: &Path) -> Result<Vec<String>, KeysError> {
    let unreadable = |_| KeysError::Unreadable(folder.to_path_buf());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// Adds an online key and then the set that names it: cut off in between, HQ goes on with the keys that it had.
pub(super) fn add_online(
    folder: &Path,
    key: &SigningKey,
    key_set: &Signed<KeySet>,
    lock: &Lock,
    random: &mut dyn Random,
) -> Result<(), KeysError> {
    let file = folder.join(online_file(&key.verify_key()));
    write_secret(&file, key.seed().expose(), lock, random)?;
    replace_file(&folder.join(KEY_SET), key_set.bytes())
}

/// Adds a key that HQ opens with and then the statement that names it.
pub(super) fn add_sealing(
    folder: &Path,
    key: &RecipientKey,
    keys: &Signed<SealingKeys>,
    lock: &Lock,
    random: &mut dyn Random,
) -> Result<(), KeysError> {
    let file = folder.join(opening_file(&key.recipient()));
    write_secret(&file, key.seed().expose(), lock, random)?;
    replace_file(&folder.join(SEALING_KEYS), keys.bytes())
}

/// Reads an online key, and what the root says of it in the files beside it.
pub(super) fn read_signer(online: &Path, lock: &Lock) -> Result<Signer, KeysError> {
    let beside = |name: &str| online.with_file_name(name);
    let root = RootStatement::open(&read_file(&beside(ROOT))?)
        .map_err(|_| KeysError::Unreadable(beside(ROOT)))?;
    let key_set = statement::<KeySet>(&beside(KEY_SET), &root.statement().root)?;
    let key = SigningKey::from_seed(locked_secret(online, lock)?);
    Signer::new(root, key_set, key).ok_or_else(|| KeysError::Unreadable(online.to_path_buf()))
}

fn statement<T: Statement>(file: &Path, by: &dyn Verifies) -> Result<Signed<T>, KeysError> {
    Signed::open(&read_file(file)?, by).map_err(|_| KeysError::Unreadable(file.to_path_buf()))
}

/// Seals what lies in the clear yet. Cut off in between, each file is one or the other, and the next start goes on.
pub(super) fn seal_all(
    folder: &Path,
    lock: &Lock,
    random: &mut dyn Random,
) -> Result<(), KeysError> {
    if !lock.is_shut() {
        return Ok(());
    }
    let secrets = names_in(folder)?.into_iter();
    for name in secrets.filter(|name| name.strip_suffix(".key").is_some()) {
        let file = folder.join(&name);
        let bytes = read_bytes(&file)?;
        if let Some((&VERSION, plain)) = bytes.split_first() {
            let sealed = lock.seal(&name, plain, random).unwrap_or_default();
            replace(&file, SEALED, &sealed)?;
        }
    }
    Ok(())
}

fn write_secret(
    file: &Path,
    bytes: &[u8],
    lock: &Lock,
    random: &mut dyn Random,
) -> Result<(), KeysError> {
    match lock.seal(&name_of(file), bytes, random) {
        Some(sealed) => write_version(file, SEALED, &sealed),
        None => write_file(file, bytes),
    }
}

fn read_locked(file: &Path, lock: &Lock) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    let bytes = read_bytes(file)?;
    match bytes.split_first() {
        Some((&VERSION, plain)) => Ok(Zeroizing::new(plain.to_vec())),
        Some((&SEALED, sealed)) => lock.unseal(file, &name_of(file), sealed),
        Some(_) | None => Err(KeysError::Unreadable(file.to_path_buf())),
    }
}

fn locked_secret(file: &Path, lock: &Lock) -> Result<Secret, KeysError> {
    Secret::parse(&read_locked(file, lock)?)
        .ok_or_else(|| KeysError::Unreadable(file.to_path_buf()))
}

/// What a file is sealed for: a sealed key in another one's place opens nothing.
fn name_of(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

pub(super) fn secret(file: &Path) -> Result<Secret, KeysError> {
    Secret::parse(&read_file(file)?).ok_or_else(|| KeysError::Unreadable(file.to_path_buf()))
}

fn read_file(file: &Path) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    let bytes = read_bytes(file)?;
    match bytes.split_first() {
        Some((&VERSION, rest)) => Ok(Zeroizing::new(rest.to_vec())),
        Some(_) | None => Err(KeysError::Unreadable(file.to_path_buf())),
    }
}

fn read_bytes(file: &Path) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    let unreadable = |_| KeysError::Unreadable(file.to_path_buf());
    let mode = fs::metadata(file).map_err(unreadable)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeysError::Exposed(file.to_path_buf()));
    }
    fs::read(file).map(Zeroizing::new).map_err(unreadable)
}

pub(super) fn write_file(file: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    write_version(file, VERSION, bytes)
}

fn write_version(file: &Path, version: u8, bytes: &[u8]) -> Result<(), KeysError> {
    let write = || {
        let mut out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        out.write_all(&[version])?;
        out.write_all(bytes)?;
        out.sync_all()
    };
    write().map_err(|_| KeysError::Unwritable(file.to_path_buf()))
}

/// Puts the new content in place of the old, whole or not at all.
fn replace_file(file: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    replace(file, VERSION, bytes)
}

fn replace(file: &Path, version: u8, bytes: &[u8]) -> Result<(), KeysError> {
    let unwritable = |_| KeysError::Unwritable(file.to_path_buf());
    let beside = file.with_extension("new");
    if beside.exists() {
        // A start that was cut off left it; the file that counts is whole.
        fs::remove_file(&beside).map_err(unwritable)?;
    }
    write_version(&beside, version, bytes)?;
    fs::rename(&beside, file).map_err(unwritable)?;
    file.parent().map_or(Ok(()), sync_folder)
}

pub(super) fn make_folder(folder: &Path) -> Result<(), KeysError> {
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .map_err(|_| KeysError::Unwritable(folder.to_path_buf()))
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), KeysError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|_| KeysError::Unwritable(folder.to_path_buf()))
}
