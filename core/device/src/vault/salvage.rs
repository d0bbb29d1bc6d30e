//! A new database in place of a damaged one, with every row of it that can still be read. The damaged one is kept beside it.

use super::database::Expect;
use super::sql::salvage::{self, End, Table};
use super::{Vault, connect, from_io, from_sqlite, sync_folder};
use crate::error::{Error, Result, VaultFault};
use mooring_identity::Random;
use rusqlite::{Connection, Transaction};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Without this table nobody knows whose vault it is: then nothing is replaced.
const FACTS: &str = "facts";

impl Vault {
    /// Copies out what can be read, and goes on with the copy. Gives where the damaged database lies from then on.
    ///
    /// Cut anywhere, the old one is in its place or the new one.
    pub(crate) fn salvage(&mut self, random: &mut dyn Random) -> Result<PathBuf> {
        // The copy must not meet a WAL that is not its own.
        self.checkpoint()?;
        let name = chance(random);
        let (fresh, damaged) = (
            self.path.with_file_name(format!("salvaged-{name}.db")),
            self.path.with_file_name(format!("damaged-{name}.db")),
        );
        let copied = self.copy_to(&fresh);
        let placed = copied.and_then(|()| self.put_in_place(&fresh, &damaged));
        if placed.is_err() {
            // What was copied is in the old one still.
            let _ = fs::remove_file(&fresh);
        }
        self.reconnect()?;
        placed.map(|()| damaged)
    }

    fn copy_to(&mut self, fresh: &Path) -> Result<()> {
        let mut copy = connect(fresh, &self.database_key, Expect::New)?;
        copy.execute_batch("PRAGMA foreign_keys = OFF;")
            .map_err(|error| from_sqlite(&error))?;
        let tables = salvage::tables(&copy).map_err(|error| from_sqlite(&error))?;
        let tx = copy.transaction().map_err(|error| from_sqlite(&error))?;
        for table in &tables {
            self.copy_table(&tx, table)?;
        }
        tx.commit().map_err(|error| from_sqlite(&error))?;
        copy.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(|error| from_sqlite(&error))?;
        drop(copy);
        let file = File::open(fresh).map_err(|error| from_io(&error))?;
        file.sync_all().map_err(|error| from_io(&error))
    }

    /// From the first row as far as it goes, then from the last: what lies in one damaged page alone is lost.
    fn copy_table(&mut self, tx: &Transaction<'_>, table: &Table) -> Result<()> {
        for end in [End::First, End::Last] {
            let whole = salvage::copy(&self.connection, tx, table, end);
            if whole.map_err(|error| from_sqlite(&error))? {
                return Ok(());
            }
            self.reconnect()?;
        }
        if table.name() == FACTS {
            return Err(Error::Vault(VaultFault::Corrupt));
        }
        Ok(())
    }

    fn put_in_place(&mut self, fresh: &Path, damaged: &Path) -> Result<()> {
        let nothing = Connection::open_in_memory().map_err(|error| from_sqlite(&error))?;
        drop(std::mem::replace(&mut self.connection, nothing));
        let wal = self.path.with_extension("db-wal");
        if fs::metadata(wal).is_ok_and(|wal| wal.len() > 0) {
            return Err(Error::TryLater);
        }
        let place = || {
            fs::hard_link(&self.path, damaged)?;
            fs::rename(fresh, &self.path)?;
            sync_folder(&self.path)
        };
        place().map_err(|error| from_io(&error))
    }
}

fn chance(random: &mut dyn Random) -> String {
    let mut chance = [0; 8];
    random.fill(&mut chance);
    let mut name = String::new();
    for byte in chance {
        let _ = write!(name, "{byte:02x}");
    }
    name
}
