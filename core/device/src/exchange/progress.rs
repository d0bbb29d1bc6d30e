//! How far this phone has come: the cursor of what it pulled, and where its push chain stands.

use crate::error::{Error, Result};
use crate::vault::Vault;
use crate::vault::sql::facts::{self, Fact};
use mooring_exchange::PagePart;
use mooring_identity::{IdentityError, Reader, Writer};
use rusqlite::Transaction;

const VERSION: u8 = 0;
/// No page is larger.
const LARGEST_PAGE: usize = mooring_exchange::LARGEST_PAGE;

/// What the next request and the next push follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Progress {
    /// Everything up to here is stored.
    pub(crate) cursor: u64,
    /// The number of the last push that HQ receipted.
    pub(crate) dev_seq: u64,
    /// Its hash; zeros before the first.
    pub(crate) prev: [u8; 32],
}

impl Progress {
    pub(crate) fn load(vault: &mut Vault) -> Result<Self> {
        match vault.look(|connection| Ok(facts::get(connection, Fact::Progress)?))? {
            None => Ok(Self::default()),
            Some(bytes) => Self::parse(&bytes).map_err(|_| Error::Internal("progress")),
        }
    }

    pub(crate) fn store(self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .u64(self.cursor)
            .u64(self.dev_seq)
            .fixed(&self.prev);
        facts::put(tx, Fact::Progress, &out.finish())
    }

    /// Whether this chain reaches as far as that push, or is at that very one.
    pub(crate) fn reaches(&self, dev_seq: u64, push: &[u8; 32]) -> bool {
        dev_seq < self.dev_seq || (dev_seq == self.dev_seq && *push == self.prev)
    }

    fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let progress = Self {
            cursor: reader.u64()?,
            dev_seq: reader.u64()?,
            prev: reader.array()?,
        };
        reader.finish()?;
        Ok(progress)
    }
}

/// The page under way, if one was kept. Losing it costs fetching it again, so what can't be read counts as none.
pub(crate) fn load_part(vault: &mut Vault) -> Result<Option<PagePart>> {
    let stored = vault.look(|connection| Ok(facts::get(connection, Fact::PagePart)?))?;
    Ok(stored.and_then(|bytes| parse_part(&bytes).ok()))
}

pub(crate) fn store_part(tx: &Transaction<'_>, part: &PagePart) -> rusqlite::Result<()> {
    let mut out = Writer::new();
    out.u8(VERSION)
        .u64(part.until)
        .fixed(&part.hash)
        .u32(part.total)
        .bytes(&part.bytes);
    facts::put(tx, Fact::PagePart, &out.finish())
}

fn parse_part(bytes: &[u8]) -> Result<PagePart, IdentityError> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let (until, hash, total) = (reader.u64()?, reader.array()?, reader.u32()?);
    let bytes = reader.bytes(LARGEST_PAGE)?.to_vec();
    reader.finish()?;
    Ok(PagePart {
        until,
        hash,
        total,
        bytes,
    })
}
