//! The audit chain over `SQLite`.

use mooring_casefile::DeviceId;
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, params};

use super::blobs::{
    case_blob, case_id, device_blob, device_id, person_blob, person_id, record_blob, record_id,
};
use super::{SqliteLedger, engine, phone_trail};
use crate::ledger::{
    Audit, AuditRow, CHAIN_BEGINS, CheckpointRow, Hash, LedgerError, PhoneAct, Trail,
};

/// A row that lacks its hash, where none may lack it.
const UNCHAINED: LedgerError = LedgerError::Inside(-8);

impl Trail for SqliteLedger {
    fn audit(&self, row: &Audit) -> Result<AuditRow, LedgerError> {
        self.write(|tx| append(tx, row))
    }

    fn audited(&self, from: i64, limit: u32) -> Result<Vec<AuditRow>, LedgerError> {
        self.read(|db| list(db, AUDITED, params![from, limit]))
    }

    fn newest_audited(&self) -> Result<Option<AuditRow>, LedgerError> {
        self.read(newest)
    }

    fn audit_numbers_given(&self) -> Result<i64, LedgerError> {
        self.read(|db| {
            let given = db
                .query_row(
                    "SELECT seq FROM sqlite_sequence WHERE name = 'audit'",
                    [],
                    |row| row.get(0),
                )
                .optional()
                .map_err(engine)?;
            Ok(given.unwrap_or(0))
        })
    }

    fn chain_older_rows(&self) -> Result<(), LedgerError> {
        self.write(chain_older_rows)
    }

    fn keep_checkpoint(&self, checkpoint: &CheckpointRow) -> Result<(), LedgerError> {
        self.write(|tx| keep_checkpoint(tx, checkpoint))
    }

    fn checkpoints(&self) -> Result<Vec<CheckpointRow>, LedgerError> {
        self.read(checkpoints)
    }

    fn keep_phone_acts(&self, acts: &[PhoneAct], joined: &Audit) -> Result<AuditRow, LedgerError> {
        self.write(|tx| {
            phone_trail::keep(tx, acts)?;
            append(tx, joined)
        })
    }

    fn phone_tip(&self, device: DeviceId) -> Result<Option<PhoneAct>, LedgerError> {
        self.read(|db| phone_trail::tip(db, device))
    }

    fn phone_act(
        &self,
        device: DeviceId,
        branch: i64,
        position: u64,
    ) -> Result<Option<PhoneAct>, LedgerError> {
        self.read(|db| phone_trail::act(db, device, branch, position))
    }

    fn count_phone_acts(&self) -> Result<u64, LedgerError> {
        self.read(phone_trail::count)
    }
}

const AUDITED: &str =
    "SELECT id, at_ms, staff, sign_in, verb, case_id, code, about, device, detail, hash
     FROM audit WHERE id >= ?1 ORDER BY id LIMIT ?2";
const NEWEST: &str =
    "SELECT id, at_ms, staff, sign_in, verb, case_id, code, about, device, detail, hash
     FROM audit ORDER BY id DESC LIMIT 1";
const UNHASHED: &str =
    "SELECT id, at_ms, staff, sign_in, verb, case_id, code, about, device, detail, hash
     FROM audit WHERE hash IS NULL ORDER BY id";

fn newest(db: &Connection) -> Result<Option<AuditRow>, LedgerError> {
    Ok(list(db, NEWEST, [])?.pop())
}

fn append(tx: &Transaction<'_>, row: &Audit) -> Result<AuditRow, LedgerError> {
    let (before, hash_before) = match newest(tx)? {
        None => (0, CHAIN_BEGINS),
        Some(last) => (last.number, last.hash.ok_or(UNCHAINED)?),
    };
    tx.execute(
        "INSERT INTO audit (at_ms, staff, sign_in, verb, case_id, code, about, device, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            row.at_ms,
            row.staff.map(person_blob),
            row.sign_in.map(record_blob),
            row.verb,
            row.case.map(case_blob),
            row.code,
            row.about.map(person_blob),
            row.device.map(device_blob),
            row.detail
        ],
    )
    .map_err(engine)?;
    // The engine gives the number. If rows at the end were taken away behind our back it leaves a gap, which stays to be seen.
    let number = tx.last_insert_rowid();
    debug_assert!(number > before);
    let hash = row.hash(number, &hash_before);
    set_hash(tx, number, &hash)?;
    Ok(AuditRow {
        number,
        said: row.clone(),
        hash: Some(hash),
    })
}

fn set_hash(tx: &Transaction<'_>, number: i64, hash: &Hash) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE audit SET hash = ?2 WHERE id = ?1",
        params![number, hash],
    )
    .map_err(engine)?;
    Ok(())
}

fn chain_older_rows(tx: &Transaction<'_>) -> Result<(), LedgerError> {
    for row in list(tx, UNHASHED, [])? {
        let before: Option<Option<Hash>> = tx
            .query_row(
                "SELECT hash FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT 1",
                [row.number],
                |row| row.get(0),
            )
            .optional()
            .map_err(engine)?;
        let before = before.map_or(Ok(CHAIN_BEGINS), |hash| hash.ok_or(UNCHAINED))?;
        set_hash(tx, row.number, &row.said.hash(row.number, &before))?;
    }
    Ok(())
}

fn keep_checkpoint(tx: &Transaction<'_>, checkpoint: &CheckpointRow) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO audit_checkpoint (number, signed, key_set) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![checkpoint.number, checkpoint.signed, checkpoint.key_set],
    )
    .map_err(engine)?;
    Ok(())
}

fn checkpoints(db: &Connection) -> Result<Vec<CheckpointRow>, LedgerError> {
    let mut statement = db
        .prepare_cached("SELECT number, signed, key_set FROM audit_checkpoint ORDER BY number")
        .map_err(engine)?;
    let rows = statement
        .query_map([], |row| {
            Ok(CheckpointRow {
                number: row.get(0)?,
                signed: row.get(1)?,
                key_set: row.get(2)?,
            })
        })
        .map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<AuditRow>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let rows = statement.query_map(params, read).map_err(engine)?;
    rows.map(|row| row.map_err(engine)).collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    let said = Audit {
        at_ms: row.get(1)?,
        staff: row.get::<_, Option<[u8; 16]>>(2)?.map(person_id),
        sign_in: row.get::<_, Option<[u8; 16]>>(3)?.map(record_id),
        verb: row.get(4)?,
        case: row.get::<_, Option<[u8; 16]>>(5)?.map(case_id),
        code: row.get(6)?,
        about: row.get::<_, Option<[u8; 16]>>(7)?.map(person_id),
        device: row.get::<_, Option<[u8; 16]>>(8)?.map(device_id),
        detail: row.get(9)?,
    };
    Ok(AuditRow {
        number: row.get(0)?,
        said,
        hash: row.get(10)?,
    })
}
