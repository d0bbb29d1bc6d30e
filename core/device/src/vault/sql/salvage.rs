//! Copying what can still be read of a damaged database, row by row, and what a case has left of its log.

use super::row;
use mooring_casefile::{Actor, CaseId, Change, Half};
use rusqlite::types::Value;
use rusqlite::{Connection, Result, Transaction, params_from_iter};

/// A table, and by which columns its rows stand in order.
pub(crate) struct Table {
    name: String,
    order: Vec<String>,
    columns: usize,
}

impl Table {
    /// What it is called.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// From which end a table is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

/// Every table of the schema.
pub(crate) fn tables(connection: &Connection) -> Result<Vec<Table>> {
    let listed: Vec<(String, bool)> = connection
        .prepare("SELECT name, wr FROM pragma_table_list WHERE type = 'table' AND schema = 'main' ORDER BY name")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let ours = listed
        .into_iter()
        .filter(|(name, _)| !name.starts_with("sqlite_"));
    ours.map(|(name, by_key)| table(connection, name, by_key))
        .collect()
}

fn table(connection: &Connection, name: String, by_key: bool) -> Result<Table> {
    let columns: Vec<(String, i64)> = connection
        .prepare("SELECT name, pk FROM pragma_table_info(?1)")?
        .query_map([&name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let count = columns.len();
    let order = if by_key {
        let mut key: Vec<_> = columns.into_iter().filter(|(_, pk)| *pk > 0).collect();
        key.sort_by_key(|(_, pk)| *pk);
        key.into_iter().map(|(column, _)| column).collect()
    } else {
        vec!["rowid".to_owned()]
    };
    Ok(Table {
        name,
        order,
        columns: count,
    })
}

/// Copies rows from one end until one can't be read; says whether all could. An error is one of writing.
pub(crate) fn copy(
    from: &Connection,
    to: &Transaction<'_>,
    table: &Table,
    end: End,
) -> Result<bool> {
    let Table {
        name,
        order,
        columns,
    } = table;
    let direction = match end {
        End::First => "ASC",
        End::Last => "DESC",
    };
    let places = vec!["?"; *columns].join(", ");
    let mut put = to.prepare(&format!("INSERT OR REPLACE INTO {name} VALUES ({places})"))?;
    let order: Vec<_> = order
        .iter()
        .map(|column| format!("{column} {direction}"))
        .collect();
    let order = order.join(", ");
    let Ok(mut read) = from.prepare(&format!("SELECT * FROM {name} ORDER BY {order}")) else {
        return Ok(false);
    };
    let Ok(mut rows) = read.query([]) else {
        return Ok(false);
    };
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => (0..*columns)
                .map(|at| row.get::<_, Value>(at))
                .collect::<Result<Vec<_>>>(),
            Ok(None) => return Ok(true),
            Err(_) => return Ok(false),
        };
        let Ok(row) = row else {
            return Ok(false);
        };
        put.execute(params_from_iter(row))?;
    }
}

/// Every case of which anything is left.
pub(crate) fn cases(connection: &Connection) -> Result<Vec<CaseId>> {
    connection
        .prepare(
            "SELECT case_id FROM cases UNION SELECT case_id FROM changes UNION SELECT case_id FROM halves ORDER BY case_id",
        )?
        .query_map([], |row| row::case(row, 0))?
        .collect()
}

/// The changes that a case has left, oldest first. What their bytes are, nobody has checked.
pub(crate) fn changes(connection: &Connection, case: CaseId) -> Result<Vec<Change>> {
    connection
        .prepare("SELECT change_id, half, actor, seq, bytes FROM changes WHERE case_id = ?1 ORDER BY position")?
        .query_map([case.bytes()], |row| {
            Ok(Change {
                id: row::change(row, 0)?,
                case,
                half: row::half(row, 1)?,
                actor: row::actor(row, 2)?,
                seq: row::count(row, 3)?,
                bytes: row.get(4)?,
            })
        })?
        .collect()
}

/// Forgets the heads and the snapshot of a half, and all its changes, to store what is left of them anew.
pub(crate) fn forget_half(tx: &Transaction<'_>, case: CaseId, half: Half) -> Result<()> {
    let key = (case.bytes(), row::half_number(half));
    tx.execute("DELETE FROM changes WHERE case_id = ?1 AND half = ?2", key)?;
    tx.execute("DELETE FROM halves WHERE case_id = ?1 AND half = ?2", key)?;
    Ok(())
}

/// How far HQ's receipts go for one actor.
pub(crate) fn receipted(
    connection: &Connection,
    case: CaseId,
    half: Half,
    actor: Actor,
) -> Result<u64> {
    let receipt = super::receipts::one(connection, case, half, actor)?;
    Ok(receipt.map_or(0, |receipt| receipt.last_seq))
}
