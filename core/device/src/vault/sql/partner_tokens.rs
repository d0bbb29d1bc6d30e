//! Tokens that this phone shows to partners: each is used once, and its key goes with it.

use super::row;
use mooring_casefile::Now;
use rusqlite::{Connection, OptionalExtension, Result, Transaction};
use zeroize::Zeroizing;

/// At most so many wait at once: an older one goes.
const MOST: i64 = 8;

/// A token that waits for its bundle.
pub(crate) struct TokenRow {
    /// As shown.
    pub(crate) token: Vec<u8>,
    /// The key that was made for it.
    pub(crate) seed: Zeroizing<[u8; 32]>,
    /// In which start of the phone it was made.
    pub(crate) boot_id: [u8; 16],
    /// How long after that start.
    pub(crate) uptime_ms: u64,
}

pub(crate) fn put(
    tx: &Transaction<'_>,
    nonce: &[u8; 16],
    token: &[u8],
    seed: &[u8; 32],
    now: Now,
) -> Result<()> {
    // Those of an earlier start are over.
    tx.prepare_cached("DELETE FROM partner_tokens WHERE boot_id <> ?1")?
        .execute([now.boot_id])?;
    tx.prepare_cached(
        "DELETE FROM partner_tokens WHERE nonce NOT IN
           (SELECT nonce FROM partner_tokens ORDER BY uptime_ms DESC LIMIT ?1)",
    )?
    .execute([MOST - 1])?;
    tx.prepare_cached(
        "INSERT INTO partner_tokens (nonce, token, seed, boot_id, uptime_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((nonce, token, seed, now.boot_id, row::stored(now.uptime_ms)))?;
    Ok(())
}

pub(crate) fn get(connection: &Connection, nonce: &[u8; 16]) -> Result<Option<TokenRow>> {
    connection
        .prepare_cached(
            "SELECT token, seed, boot_id, uptime_ms FROM partner_tokens WHERE nonce = ?1",
        )?
        .query_row([nonce], |row| {
            Ok(TokenRow {
                token: row.get(0)?,
                seed: Zeroizing::new(row::bytes(row, 1)?),
                boot_id: row::bytes(row, 2)?,
                uptime_ms: row::count(row, 3)?,
            })
        })
        .optional()
}

/// It was used.
pub(crate) fn forget(tx: &Transaction<'_>, nonce: &[u8; 16]) -> Result<()> {
    tx.prepare_cached("DELETE FROM partner_tokens WHERE nonce = ?1")?
        .execute([nonce])?;
    Ok(())
}
