//! Revoking a phone, and ordering it to destroy its vault.

use mooring_casefile::{DeviceId, Now};
use mooring_identity::{Order, Ordered, Signed};

use crate::ledger::{Audit, DeviceRow, Fate, LedgerError, NewStatement, Revocation};
use crate::office::Office;
use crate::refused::Refused;

impl Office {
    /// Revokes a phone for good: what it sent up to a push counts, by default all that HQ has; what comes later is kept for a person, and
    /// neither merged nor dropped. The phone is fed nothing more but orders.
    pub fn revoke(
        &self,
        device: DeviceId,
        last_seq: Option<u64>,
        now: Now,
    ) -> Result<u64, Refused> {
        let row = self.ledger.device(device)?.ok_or(Refused::NotFound)?;
        let newest = self.newest_seq(&row)?;
        let last_seq = last_seq.unwrap_or(newest);
        if last_seq > newest {
            return Err(Refused::Invalid {
                why: format!("HQ has pushes of this phone up to {newest} only."),
            });
        }
        let revocation = Revocation {
            device,
            last_seq,
            at_ms: now.wall_ms,
        };
        self.note_order("revoke", device, Some(format!("last-seq={last_seq}")), now)?;
        match self.ledger.revoke(&revocation) {
            Ok(()) => {}
            Err(LedgerError::Conflict) => {
                return Err(Refused::invalid("This phone was revoked before."));
            }
            Err(error) => return Err(error.into()),
        }
        self.refresh_directory(now)?;
        Ok(last_seq)
    }

    fn newest_seq(&self, row: &DeviceRow) -> Result<u64, LedgerError> {
        let epoch = self.certificate(&row.certificate)?.statement().epoch;
        let last = self.ledger.last_push(row.id, epoch)?;
        Ok(last.map_or(0, |push| push.dev_seq))
    }

    /// Orders a phone to destroy its vault. It gets the order with its next exchange, or, locked, with the answer to its next upload.
    pub fn order_wipe(&self, device: DeviceId, now: Now) -> Result<(), Refused> {
        self.ledger.device(device)?.ok_or(Refused::NotFound)?;
        self.note_order("order-wipe", device, None, now)?;
        let order = Order {
            agency: self.agency(),
            device: device.bytes(),
            made_ms: now.wall_ms,
            what: Ordered::Wipe,
        };
        let body = Signed::sign(order, self.keys.ring().online())
            .bytes()
            .to_vec();
        self.ledger
            .feed_statement(&NewStatement::Order { device, body }, now.wall_ms)?;
        Ok(())
    }

    /// Written down before it is done.
    pub(crate) fn note_order(
        &self,
        verb: &str,
        device: DeviceId,
        detail: Option<String>,
        now: Now,
    ) -> Result<(), LedgerError> {
        self.note_all(&Audit {
            at_ms: now.wall_ms,
            verb: verb.to_owned(),
            device: Some(device),
            detail,
            ..Audit::default()
        })
    }

    /// What the runs of a push of this number are from the start.
    pub(crate) fn fate_of_push(&self, device: DeviceId, dev_seq: u64) -> Result<Fate, LedgerError> {
        let revocation = self.ledger.revocation(device)?;
        Ok(match revocation {
            Some(revocation) if dev_seq > revocation.last_seq => Fate::Held(Fate::REVOKED.into()),
            Some(_) | None => Fate::Received,
        })
    }
}
