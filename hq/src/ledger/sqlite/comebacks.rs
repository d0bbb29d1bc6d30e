//! Phones that came back from a backup: the new certificate and what the phone said of it land together.

use mooring_casefile::DeviceId;
use rusqlite::{Connection, Transaction, params};

use super::blobs::{device_blob, device_id};
use super::{SqliteLedger, engine};
use crate::ledger::{Comeback, Comebacks, LedgerError, Seen};

const RESTORED: i64 = 0;
const TWICE: i64 = 1;

impl Comebacks for SqliteLedger {
    fn recertify(
        &self,
        certificates: (&[u8], &[u8]),
        comeback: &Comeback,
    ) -> Result<(), LedgerError> {
        self.write(|tx| {
            recertify(tx, comeback.device, certificates)?;
            note(tx, comeback)
        })
    }

    fn note_comeback(&self, comeback: &Comeback) -> Result<(), LedgerError> {
        self.write(|tx| note(tx, comeback))
    }

    fn comebacks(&self) -> Result<Vec<Comeback>, LedgerError> {
        self.read(all)
    }
}

/// Replaces a certificate; `Conflict` if another came first.
fn recertify(
    tx: &Transaction<'_>,
    device: DeviceId,
    (old, new): (&[u8], &[u8]),
) -> Result<(), LedgerError> {
    let changed = tx
        .execute(
            "UPDATE device SET certificate = ?3 WHERE id = ?1 AND certificate = ?2",
            params![device_blob(device), old, new],
        )
        .map_err(engine)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(LedgerError::Conflict)
    }
}

fn note(tx: &Transaction<'_>, comeback: &Comeback) -> Result<(), LedgerError> {
    let kind = match comeback.seen {
        Seen::Restored => RESTORED,
        Seen::Twice => TWICE,
    };
    tx.execute(
        "INSERT INTO comeback (device, kind, epoch, evidence, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            device_blob(comeback.device),
            kind,
            comeback.epoch,
            comeback.evidence,
            comeback.at_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

fn all(db: &Connection) -> Result<Vec<Comeback>, LedgerError> {
    let mut statement = db
        .prepare_cached("SELECT device, kind, epoch, evidence, at_ms FROM comeback ORDER BY id")
        .map_err(engine)?;
    let mut rows = statement.query([]).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(Comeback {
            device: device_id(row.get(0).map_err(engine)?),
            seen: match row.get::<_, i64>(1).map_err(engine)? {
                RESTORED => Seen::Restored,
                TWICE => Seen::Twice,
                _ => return Err(LedgerError::Inside(-3)),
            },
            epoch: row.get(2).map_err(engine)?,
            evidence: row.get(3).map_err(engine)?,
            at_ms: row.get(4).map_err(engine)?,
        });
    }
    Ok(list)
}
