//! The keystore's generation as the vault itself has seen it: synced with each opening's commit, and under the vault's key.

use super::facts::{self, Fact};
use mooring_identity::{IdentityError, Reader, Writer};
use rusqlite::{Connection, Result, Transaction};

const VERSION: u8 = 0;

pub(crate) fn put(tx: &Transaction<'_>, generation: u64) -> Result<()> {
    facts::put(tx, Fact::Generation, &encode(generation))
}

/// None in a vault from before it was noted, and where it can't be read.
pub(crate) fn seen(connection: &Connection) -> Result<Option<u64>> {
    let tables: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'facts'",
        [],
        |row| row.get(0),
    )?;
    if tables == 0 {
        return Ok(None);
    }
    let noted = facts::get(connection, Fact::Generation)?;
    Ok(noted.and_then(|bytes| parse(&bytes).ok()))
}

fn encode(generation: u64) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION).u64(generation);
    out.finish()
}

fn parse(bytes: &[u8]) -> Result<u64, IdentityError> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let generation = reader.u64()?;
    reader.finish()?;
    Ok(generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_of_version_0_is_still_read_and_a_later_one_is_too_new() {
        let golden = [0, 0, 0, 0, 0, 0, 0, 1, 0x30];
        assert_eq!(parse(&golden), Ok(0x130));
        assert_eq!(encode(0x130), golden);
        assert_eq!(
            parse(&[1, 0, 0, 0, 0, 0, 0, 1, 0x30]),
            Err(IdentityError::TooNew)
        );
    }
}
