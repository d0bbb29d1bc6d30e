//! A pack: HQ, about the files that an agency's phones go by.

use crate::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

const LONGEST_NAME: usize = 512;
const MOST_FILES: usize = 1_000;

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackEntry {
    /// Its name, with `/` between folders.
    pub name: String,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// HQ, about every file of one pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackStatement {
    /// The agency.
    pub agency: AgencyId,
    /// Grows with each pack that replaces another.
    pub serial: u64,
    /// When it was made.
    pub made_ms: i64,
    /// The files, by name, each once.
    pub files: Vec<PackEntry>,
}

impl Statement for PackStatement {
    const DOMAIN: Domain = Domain::Pack;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .u64(self.serial)
            .i64(self.made_ms)
            .varint(self.files.len() as u64);
        for file in &self.files {
            out.text(&file.name).fixed(&file.sha256);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let (agency, serial, made_ms) = (AgencyId(reader.array()?), reader.u64()?, reader.i64()?);
        let count = reader.count(MOST_FILES, 33)?;
        let mut files: Vec<PackEntry> = Vec::with_capacity(count);
        for _ in 0..count {
            let name = reader.text(LONGEST_NAME)?.to_owned();
            // One order, and no name twice: there is one way to say what a pack holds.
            if files.last().is_some_and(|last| last.name >= name) {
                return Err(IdentityError::Malformed);
            }
            let sha256 = reader.array()?;
            files.push(PackEntry { name, sha256 });
        }
        Ok(Self {
            agency,
            serial,
            made_ms,
            files,
        })
    }
}
