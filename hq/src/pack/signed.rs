//! A signed pack as one file, version 0: the root's statement, the key set, what HQ says of the files, then the files.
//!
//! Everything in it can be checked by whoever knows the agency's fingerprint, and nothing in it is read before that held.

use std::io;
use std::path::Path;

use mooring_identity::{
    AgencyId, IdentityError, KeySet, PackEntry, PackStatement, Reader, RootStatement, Signed,
    Writer, sha256,
};

use super::checked::{self, Checked};
use super::folder::{self, LARGEST_FILE, MOST_FILES, PackFile};
use crate::keys::Signer;

const VERSION: u8 = 0;
const LARGEST_STATEMENT: usize = 1 << 20;
/// The largest pack, in bytes.
pub const LARGEST_PACK: u64 = 64 << 20;

/// Why no pack was made.
#[derive(Debug, thiserror::Error)]
pub enum NotBuilt {
    /// The folder could not be read.
    #[error("the folder cannot be read: {0}")]
    Folder(#[from] io::Error),
    /// A protocol in it cannot be used; a pack with a faulty protocol would reach every phone.
    #[error("the pack has faults")]
    Faults(Checked),
    /// All files together are too large.
    #[error("larger than a pack may be")]
    TooLarge,
}

/// A pack whose every signature and hash holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The agency that it says it is of: to be compared with the fingerprint that is known otherwise.
    pub agency: AgencyId,
    /// What the agency calls itself.
    pub agency_name: String,
    /// Its serial.
    pub serial: u64,
    /// When it was made.
    pub made_ms: i64,
    /// The files and their sizes.
    pub files: Vec<(String, usize)>,
    /// What checking its protocols finds.
    pub checked: Checked,
}

/// Makes a pack of a folder that has no faults.
pub fn build(
    folder: &Path,
    signer: &Signer,
    serial: u64,
    made_ms: i64,
) -> Result<Vec<u8>, NotBuilt> {
    let files = folder::read(folder)?;
    let found = checked::files(&files);
    if !found.faults.is_empty() {
        return Err(NotBuilt::Faults(found));
    }
    let total: u64 = files.iter().map(|file| file.bytes.len() as u64).sum();
    if total > LARGEST_PACK - 4 * (1 << 20) {
        return Err(NotBuilt::TooLarge);
    }
    let entry = |file: &PackFile| PackEntry {
        name: file.name.clone(),
        sha256: sha256(&file.bytes),
    };
    let statement = PackStatement {
        agency: signer.root.statement().agency(),
        serial,
        made_ms,
        files: files.iter().map(entry).collect(),
    };
    let mut out = Writer::new();
    out.u8(VERSION)
        .bytes(signer.root.bytes())
        .bytes(signer.key_set.bytes())
        .bytes(Signed::sign(statement, &signer.key).bytes());
    for file in &files {
        out.bytes(&file.bytes);
    }
    Ok(out.finish())
}

/// Checks a pack: the root's word for the key, the key's word for the files, each file's hash, and each protocol.
pub fn verify(bytes: &[u8]) -> Result<Verified, IdentityError> {
    if bytes.len() as u64 > LARGEST_PACK {
        return Err(IdentityError::TooLarge);
    }
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let root = RootStatement::open(reader.bytes(LARGEST_STATEMENT)?)?;
    let key_set = Signed::<KeySet>::open(reader.bytes(LARGEST_STATEMENT)?, &root.statement().root)?;
    let statement =
        Signed::<PackStatement>::open(reader.bytes(LARGEST_STATEMENT)?, key_set.statement())?
            .into_statement();
    let agency = root.statement().agency();
    if key_set.statement().agency != agency || statement.agency != agency {
        return Err(IdentityError::WrongAddressee);
    }
    let files = read_files(&mut reader, &statement)?;
    reader.finish()?;
    Ok(Verified {
        agency,
        agency_name: root.statement().name.clone(),
        serial: statement.serial,
        made_ms: statement.made_ms,
        checked: checked::files(&files),
        files: files
            .into_iter()
            .map(|file| (file.name, file.bytes.len()))
            .collect(),
    })
}

fn read_files(
    reader: &mut Reader<'_>,
    statement: &PackStatement,
) -> Result<Vec<PackFile>, IdentityError> {
    if statement.files.len() > MOST_FILES {
        return Err(IdentityError::TooLarge);
    }
    let largest = usize::try_from(LARGEST_FILE).unwrap_or(usize::MAX);
    let read = |entry: &PackEntry| {
        let bytes = reader.bytes(largest)?;
        if sha256(bytes) != entry.sha256 {
            return Err(IdentityError::Forged);
        }
        Ok(PackFile {
            name: entry.name.clone(),
            bytes: bytes.to_vec(),
        })
    };
    statement.files.iter().map(read).collect()
}
