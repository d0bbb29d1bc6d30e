//! Entries from HQ that only a later version of the app can read.

use super::row;
use rusqlite::{Result, Transaction};

pub(crate) fn put(tx: &Transaction<'_>, cursor: u64, kind: u8, bytes: &[u8]) -> Result<()> {
    tx.prepare_cached("INSERT INTO unread_entries (feed_cursor, kind, bytes) VALUES (?1, ?2, ?3)")?
        .execute((row::stored(cursor), kind, bytes))?;
    Ok(())
}
