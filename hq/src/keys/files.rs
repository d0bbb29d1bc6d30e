//! Key files: a version byte and the key, written beside, synced and renamed.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use mooring_identity::{KeySet, RootStatement, Secret, Signed, SigningKey, Statement, Verifies};
use zeroize::Zeroizing;

use super::{Keys, KeysError, Signer, TlsAuthority};

const VERSION: u8 = 0;
const ROOT: &str = "root.statement";
const KEY_SET: &str = "key-set.statement";
const ONLINE: &str = "online.key";
const LEDGER: &str = "ledger.key";
const NAMES: &str = "names.key";
const TLS_KEY: &str = "tls-authority.key";
const TLS_CERTIFICATE: &str = "tls-authority.certificate";

const EXPORT_README: &str = "root-private-key.bin certifies this agency's online keys. HQ does not need it to run.
Copy it to two places that are not on a network, and delete it here.
Whoever has it can pretend to be this agency; without it, lost online keys can never be replaced.

The agency's recovery key, which opens phones whose own keys are lost, will be exported here as well.
This version makes none.
";

/// Writes all keys into a folder that appears only when it is whole.
pub(super) fn write(folder: &Path, keys: &Keys) -> Result<(), KeysError> {
    let beside = folder.with_extension("new");
    let unwritable = |_| KeysError::Unwritable(folder.to_path_buf());
    if beside.exists() {
        // Only an interrupted first start leaves one, and nothing was ever sealed under it.
        fs::remove_dir_all(&beside).map_err(unwritable)?;
    }
    make_folder(&beside)?;
    let files: [(&str, &[u8]); 7] = [
        (ROOT, keys.root.bytes()),
        (KEY_SET, keys.key_set.bytes()),
        (ONLINE, keys.online.seed().expose()),
        (LEDGER, keys.ledger.expose()),
        (NAMES, keys.names.expose()),
        (TLS_KEY, keys.tls.key()),
        (TLS_CERTIFICATE, keys.tls.certificate()),
    ];
    for (name, bytes) in files {
        write_file(&beside.join(name), bytes)?;
    }
    sync_folder(&beside)?;
    fs::rename(&beside, folder).map_err(unwritable)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Reads all keys and checks that they belong together.
pub(super) fn read(folder: &Path) -> Result<Keys, KeysError> {
    let at = |name: &str| folder.join(name);
    let root =
        RootStatement::open(&read_file(&at(ROOT))?).map_err(|_| KeysError::Unreadable(at(ROOT)))?;
    let key_set = statement::<KeySet>(&at(KEY_SET), &root.statement().root)?;
    let online = SigningKey::from_seed(secret(&at(ONLINE))?);
    if !key_set.statement().keys.contains(&online.verify_key()) {
        return Err(KeysError::Unreadable(at(ONLINE)));
    }
    let certificate = read_file(&at(TLS_CERTIFICATE))?;
    if *certificate != root.statement().tls_ca_der {
        return Err(KeysError::Unreadable(at(TLS_CERTIFICATE)));
    }
    Ok(Keys {
        key_set,
        online,
        ledger: secret(&at(LEDGER))?,
        names: secret(&at(NAMES))?,
        tls: TlsAuthority::new(
            &root.statement().name,
            read_file(&at(TLS_KEY))?,
            certificate.to_vec(),
        ),
        root,
    })
}

/// Reads an online key, and what the root says of it in the files beside it.
pub(super) fn read_signer(online: &Path) -> Result<Signer, KeysError> {
    let beside = |name: &str| online.with_file_name(name);
    let root = RootStatement::open(&read_file(&beside(ROOT))?)
        .map_err(|_| KeysError::Unreadable(beside(ROOT)))?;
    let key_set = statement::<KeySet>(&beside(KEY_SET), &root.statement().root)?;
    let key = SigningKey::from_seed(secret(online)?);
    Signer::new(root, key_set, key).ok_or_else(|| KeysError::Unreadable(online.to_path_buf()))
}

/// Puts the root's private key where the operator takes it offline from.
pub(super) fn export_root(data: &Path, root: &SigningKey) -> Result<PathBuf, KeysError> {
    let folder = data.join("export");
    if !folder.is_dir() {
        make_folder(&folder)?;
    }
    explain_export(&folder.join("README"))?;
    let file = folder.join("root-private-key.bin");
    if file.exists() {
        // A first start that was cut off made it: it certified nothing that anyone has. Still, no key is deleted here.
        let aside = folder.join("unused-root-private-key.bin");
        fs::rename(&file, aside).map_err(|_| KeysError::Unwritable(file.clone()))?;
    }
    write_file(&file, root.seed().expose())?;
    sync_folder(&folder)?;
    Ok(file)
}

fn explain_export(file: &Path) -> Result<(), KeysError> {
    let write = || {
        let mut options = OpenOptions::new();
        let mut out = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(file)?;
        out.write_all(EXPORT_README.as_bytes())?;
        out.sync_all()
    };
    write().map_err(|_: io::Error| KeysError::Unwritable(file.to_path_buf()))
}

fn statement<T: Statement>(file: &Path, by: &dyn Verifies) -> Result<Signed<T>, KeysError> {
    Signed::open(&read_file(file)?, by).map_err(|_| KeysError::Unreadable(file.to_path_buf()))
}

fn secret(file: &Path) -> Result<Secret, KeysError> {
    Secret::parse(&read_file(file)?).ok_or_else(|| KeysError::Unreadable(file.to_path_buf()))
}

fn read_file(file: &Path) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    let unreadable = || KeysError::Unreadable(file.to_path_buf());
    let mode = fs::metadata(file)
        .map_err(|_| unreadable())?
        .permissions()
        .mode();
    if mode & 0o077 != 0 {
        return Err(KeysError::Exposed(file.to_path_buf()));
    }
    let bytes = Zeroizing::new(fs::read(file).map_err(|_| unreadable())?);
    match bytes.split_first() {
        Some((&VERSION, rest)) => Ok(Zeroizing::new(rest.to_vec())),
        Some(_) | None => Err(unreadable()),
    }
}

fn write_file(file: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    let write = || {
        let mut out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        out.write_all(&[VERSION])?;
        out.write_all(bytes)?;
        out.sync_all()
    };
    write().map_err(|_| KeysError::Unwritable(file.to_path_buf()))
}

fn make_folder(folder: &Path) -> Result<(), KeysError> {
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .map_err(|_| KeysError::Unwritable(folder.to_path_buf()))
}

fn sync_folder(folder: &Path) -> Result<(), KeysError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|_| KeysError::Unwritable(folder.to_path_buf()))
}
