//! Second factors and half sign-ins over `SQLite`.

use mooring_casefile::PersonId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::blobs::{person_blob, person_id, unsigned};
use super::{SqliteLedger, engine};
use crate::ledger::{HalfSignIn, Hash, LedgerError, SecondFactorRow, SecondFactors};

impl SecondFactors for SqliteLedger {
    fn begin_second_factor(&self, row: &SecondFactorRow) -> Result<(), LedgerError> {
        self.write(|tx| begin(tx, row))
    }

    fn second_factor(&self, staff: PersonId) -> Result<Option<SecondFactorRow>, LedgerError> {
        self.read(|db| find(db, staff))
    }

    fn confirm_second_factor(
        &self,
        staff: PersonId,
        step: i64,
        codes: &[Hash],
        now_ms: i64,
    ) -> Result<bool, LedgerError> {
        self.write(|tx| confirm(tx, staff, step, codes, now_ms))
    }

    fn use_step(&self, staff: PersonId, step: i64) -> Result<bool, LedgerError> {
        self.write(|tx| {
            changed(tx.execute(
                "UPDATE second_factor SET last_step = ?2 WHERE staff = ?1 AND last_step < ?2 AND confirmed_ms IS NOT NULL",
                params![person_blob(staff), step],
            ))
        })
    }

    fn use_recovery_code(
        &self,
        staff: PersonId,
        code: &Hash,
        now_ms: i64,
    ) -> Result<bool, LedgerError> {
        self.write(|tx| {
            changed(tx.execute(
                "UPDATE recovery_code SET used_ms = ?3 WHERE staff = ?1 AND hash = ?2 AND used_ms IS NULL",
                params![person_blob(staff), code, now_ms],
            ))
        })
    }

    fn recovery_codes_left(&self, staff: PersonId) -> Result<u64, LedgerError> {
        self.read(|db| {
            let left = db
                .query_row(
                    "SELECT count(*) FROM recovery_code WHERE staff = ?1 AND used_ms IS NULL",
                    [person_blob(staff)],
                    |row| row.get(0),
                )
                .map_err(engine)?;
            unsigned(left)
        })
    }

    fn forget_second_factor(&self, staff: PersonId, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| forget(tx, staff, now_ms))
    }

    fn begin_half(&self, half: &HalfSignIn) -> Result<(), LedgerError> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO half_sign_in (token_hash, staff, begun_ms) VALUES (?1, ?2, ?3)",
                params![half.token_hash, person_blob(half.staff), half.begun_ms],
            )
            .map_err(engine)?;
            Ok(())
        })
    }

    fn half(&self, token_hash: &Hash) -> Result<Option<HalfSignIn>, LedgerError> {
        self.read(|db| {
            db.query_row(
                "SELECT staff, begun_ms FROM half_sign_in WHERE token_hash = ?1",
                [token_hash],
                |row| {
                    Ok(HalfSignIn {
                        token_hash: *token_hash,
                        staff: person_id(row.get(0)?),
                        begun_ms: row.get(1)?,
                    })
                },
            )
            .optional()
            .map_err(engine)
        })
    }

    fn end_half(&self, token_hash: &Hash) -> Result<bool, LedgerError> {
        self.write(|tx| {
            changed(tx.execute(
                "DELETE FROM half_sign_in WHERE token_hash = ?1",
                [token_hash],
            ))
        })
    }
}

fn changed(rows: rusqlite::Result<usize>) -> Result<bool, LedgerError> {
    Ok(rows.map_err(engine)? == 1)
}

fn find(db: &Connection, staff: PersonId) -> Result<Option<SecondFactorRow>, LedgerError> {
    db.query_row(
        "SELECT sealed, begun_ms, confirmed_ms, last_step FROM second_factor WHERE staff = ?1",
        [person_blob(staff)],
        |row| {
            Ok(SecondFactorRow {
                staff,
                sealed: row.get(0)?,
                begun_ms: row.get(1)?,
                confirmed_ms: row.get(2)?,
                last_step: row.get(3)?,
            })
        },
    )
    .optional()
    .map_err(engine)
}

fn begin(tx: &Transaction<'_>, row: &SecondFactorRow) -> Result<(), LedgerError> {
    let new = tx
        .execute(
            "INSERT INTO second_factor (staff, sealed, begun_ms, last_step) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (staff) DO UPDATE SET sealed = excluded.sealed, begun_ms = excluded.begun_ms, last_step = excluded.last_step
             WHERE second_factor.confirmed_ms IS NULL",
            params![
                person_blob(row.staff),
                row.sealed,
                row.begun_ms,
                row.last_step
            ],
        )
        .map_err(engine)?;
    if new == 1 {
        Ok(())
    } else {
        Err(LedgerError::Conflict)
    }
}

fn confirm(
    tx: &Transaction<'_>,
    staff: PersonId,
    step: i64,
    codes: &[Hash],
    now_ms: i64,
) -> Result<bool, LedgerError> {
    let confirmed = changed(tx.execute(
        "UPDATE second_factor SET confirmed_ms = ?2, last_step = ?3 WHERE staff = ?1 AND confirmed_ms IS NULL",
        params![person_blob(staff), now_ms, step],
    ))?;
    if confirmed {
        for code in codes {
            tx.execute(
                "INSERT INTO recovery_code (staff, hash) VALUES (?1, ?2)",
                params![person_blob(staff), code],
            )
            .map_err(engine)?;
        }
    }
    Ok(confirmed)
}

fn forget(tx: &Transaction<'_>, staff: PersonId, now_ms: i64) -> Result<(), LedgerError> {
    let staff = person_blob(staff);
    for sql in [
        "DELETE FROM second_factor WHERE staff = ?1",
        "DELETE FROM recovery_code WHERE staff = ?1",
        "DELETE FROM half_sign_in WHERE staff = ?1",
    ] {
        tx.execute(sql, [staff]).map_err(engine)?;
    }
    tx.execute(
        "UPDATE session SET ended_ms = ?2 WHERE staff = ?1 AND ended_ms IS NULL",
        params![staff, now_ms],
    )
    .map_err(engine)?;
    Ok(())
}
