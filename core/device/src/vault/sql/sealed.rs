//! Changes that HQ holds sealed. They stay unsent, since only the push's own receipt says where they went; but they are not here only.

use mooring_casefile::ChangeId;
use rusqlite::{Result, Transaction};

/// HQ holds this change sealed. One that is not unsent (any more) is not noted.
pub(crate) fn put(tx: &Transaction<'_>, change: ChangeId) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO sealed_at_hq (change_id)
         SELECT change_id FROM unsent WHERE change_id = ?1",
    )?
    .execute([change.bytes()])?;
    Ok(())
}

/// Forgets those that are not unsent any more: should HQ lose them again, nothing here says that it has them.
pub(crate) fn forget_receipted(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "DELETE FROM sealed_at_hq WHERE change_id NOT IN
           (SELECT change_id FROM unsent WHERE change_id IS NOT NULL)",
        [],
    )?;
    Ok(())
}
