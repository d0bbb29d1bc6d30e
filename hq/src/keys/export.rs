//! Private keys that leave this machine: written once, to be taken offline.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use mooring_identity::{Random, RecipientKey, RootStatement, Secret, Signed, SigningKey};

use super::KeysError;
use super::files::{make_folder, secret, sync_folder, write_file};

const README: &str = "root-private-key.bin certifies this agency's online keys. HQ does not need it to run.
Copy it to two places that are not on a network, and delete it here.
Whoever has it can pretend to be this agency; without it, lost online keys can never be replaced.

custodian-1-private-key.bin and custodian-2-private-key.bin open a phone whose own keys are lost, and only together.
Give each to another person, who keeps it offline, and delete both here. Whoever has both, and a phone, reads that phone.
";

/// Puts the root's private key where the operator takes it offline from.
pub(super) fn export_root(data: &Path, root: &SigningKey) -> Result<PathBuf, KeysError> {
    export(data, "root-private-key.bin", root.seed())
}

/// Puts each custodian's private key beside the root's. Those of a later serial stand beside those of an earlier one.
pub(super) fn export_custodians(
    data: &Path,
    keys: &[RecipientKey; 2],
    serial: u64,
) -> Result<[PathBuf; 2], KeysError> {
    let [first, second] = keys;
    let name = |number: u8| match serial {
        1 => format!("custodian-{number}-private-key.bin"),
        later => format!("custodian-{number}-private-key-{later}.bin"),
    };
    Ok([
        export(data, &name(1), first.seed())?,
        export(data, &name(2), second.seed())?,
    ])
}

fn export(data: &Path, name: &str, seed: &Secret) -> Result<PathBuf, KeysError> {
    let folder = data.join("export");
    if !folder.is_dir() {
        make_folder(&folder)?;
    }
    explain(&folder.join("README"))?;
    let file = folder.join(name);
    if file.exists() {
        // A start that was cut off made it: nothing that anyone has rests on it. Still, no key is deleted here.
        let aside = unused(&folder, name);
        fs::rename(&file, aside).map_err(|_| KeysError::Unwritable(file.clone()))?;
    }
    write_file(&file, seed.expose())?;
    sync_folder(&folder)?;
    Ok(file)
}

/// A name that no file has yet.
fn unused(folder: &Path, name: &str) -> PathBuf {
    let first = folder.join(format!("unused-{name}"));
    let later = (2_u32..).map(|number| folder.join(format!("unused-{number}-{name}")));
    let mut names = std::iter::once(first).chain(later);
    names
        .find(|file| !file.exists())
        .unwrap_or_else(|| folder.join(name))
}

fn explain(file: &Path) -> Result<(), KeysError> {
    let write = || {
        let mut options = OpenOptions::new();
        let mut out = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(file)?;
        out.write_all(README.as_bytes())?;
        out.sync_all()
    };
    write().map_err(|_: io::Error| KeysError::Unwritable(file.to_path_buf()))
}

/// Reads the root's private key from where it was taken, and makes sure that it is this agency's.
pub(super) fn read_root(
    file: &Path,
    root: &Signed<RootStatement>,
) -> Result<SigningKey, KeysError> {
    let key = SigningKey::from_seed(secret(file)?);
    if key.verify_key() == root.statement().root {
        Ok(key)
    } else {
        Err(KeysError::NotTheRoot(file.to_path_buf()))
    }
}

/// Reads a custodian's private key.
pub fn read_custodian(file: &Path) -> Result<RecipientKey, KeysError> {
    Ok(RecipientKey::from_seed(secret(file)?))
}

/// Two custodians' keys. HQ keeps neither.
pub(super) fn make_custodians(random: &mut dyn Random) -> [RecipientKey; 2] {
    [RecipientKey::make(random), RecipientKey::make(random)]
}
