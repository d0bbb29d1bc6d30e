//! Sealed changes whose records stay until HQ has named them, whatever the vault's own marks say: after a salvage those may be missing.

use crate::vault::sql::facts::{self, Fact};
use mooring_casefile::ChangeId;
use mooring_identity::{IdentityError, Reader, Writer};
use rusqlite::{Connection, Result, Transaction};
use std::collections::BTreeSet;

const VERSION: u8 = 0;
const MOST: usize = 1_000_000;

/// Adds these.
pub(crate) fn add(tx: &Transaction<'_>, changes: &BTreeSet<ChangeId>) -> Result<()> {
    let mut all = load(tx)?;
    all.extend(changes);
    store(tx, &all)
}

/// HQ has named these.
pub(super) fn forget(tx: &Transaction<'_>, named: &BTreeSet<ChangeId>) -> Result<()> {
    let all = load(tx)?;
    if all.is_disjoint(named) {
        return Ok(());
    }
    store(tx, &all.difference(named).copied().collect())
}

/// Those that HQ has not named yet.
pub(super) fn load(connection: &Connection) -> Result<BTreeSet<ChangeId>> {
    let stored = facts::get(connection, Fact::KeptSealed)?;
    Ok(stored
        .and_then(|bytes| parse(&bytes).ok())
        .unwrap_or_default())
}

fn store(tx: &Transaction<'_>, changes: &BTreeSet<ChangeId>) -> Result<()> {
    if changes.is_empty() {
        return facts::forget(tx, Fact::KeptSealed);
    }
    facts::put(tx, Fact::KeptSealed, &encode(changes))
}

fn encode(changes: &BTreeSet<ChangeId>) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION).varint(changes.len() as u64);
    for change in changes {
        out.fixed(&change.bytes());
    }
    out.finish()
}

fn parse(bytes: &[u8]) -> std::result::Result<BTreeSet<ChangeId>, IdentityError> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let count = reader.count(MOST, 32)?;
    let changes = (0..count)
        .map(|_| reader.array().map(ChangeId::new))
        .collect::<std::result::Result<_, _>>()?;
    reader.finish()?;
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_version_0_is_still_read_and_a_later_one_is_too_new() {
        let golden = [&[0, 1][..], &[8; 32]].concat();
        let changes = BTreeSet::from([ChangeId::new([8; 32])]);
        assert_eq!(parse(&golden), Ok(changes.clone()));
        assert_eq!(encode(&changes), golden);
        let later = [&[1, 1][..], &[8; 32]].concat();
        assert_eq!(parse(&later), Err(IdentityError::TooNew));
    }
}
