//! A phone that came back from a backup: it says so itself, HQ certifies it anew under a higher epoch, and its pushes begin a new chain.
//!
//! What is written meanwhile is kept, and goes once the new certificate is here. A phone whose chain HQ knows further than the phone does,
//! although nobody put a backup back here, says that as well: then its keys may be in use in another place.

use super::progress::Progress;
use crate::device::{Device, Open};
use crate::error::{Error, Result};
use crate::me::Me;
use crate::vault::Halt;
use crate::vault::sql::facts::{self, Fact};
use crate::vault::sql::push;
use mooring_casefile::Now;
use mooring_exchange::Restored;
use mooring_identity::{DeviceCertificate, Reader, Signed, Writer};
use rusqlite::Transaction;

const VERSION: u8 = 0;

impl Device {
    /// Since when this phone knows that HQ holds pushes under its keys that are not its own, although it noticed no backup. Either it was
    /// restored and nobody noticed, or another phone uses its keys: say so to the person; HQ says so as well. None where all is well.
    pub fn elsewhere_ms(&mut self) -> Result<Option<i64>> {
        let open = self.open.as_mut().ok_or(Error::Locked)?;
        let stored = open
            .vault
            .look(|connection| Ok(facts::get(connection, Fact::Elsewhere)?))?;
        Ok(stored.and_then(|bytes| read_time(&bytes)))
    }
}

impl Open {
    /// Whether this phone must be certified anew before it sends anything.
    pub(super) fn must_renew(&mut self) -> Result<bool> {
        let stored = self
            .vault
            .look(|connection| Ok(facts::get(connection, Fact::Renewal)?))?;
        Ok(stored.is_some())
    }

    /// What this phone says to HQ of having come back from a backup, if it did and has no new certificate yet.
    pub(super) fn says_restored(&mut self, now: Now) -> Result<Option<Vec<u8>>> {
        if self.restored && !self.must_renew()? {
            self.vault
                .write(now, |tx| Ok(facts::put(tx, Fact::Renewal, &[VERSION])?))?;
        }
        if !self.must_renew()? {
            return Ok(None);
        }
        let progress = Progress::load(&mut self.vault)?;
        let Some(enrolment) = &self.me.enrolment else {
            return Ok(None);
        };
        let said = Restored {
            agency: enrolment.agency,
            device: self.me.attribution.device,
            epoch: enrolment.certificate.epoch,
            dev_seq: progress.dev_seq,
            push: progress.prev,
            made_ms: now.wall_ms,
        };
        Ok(Some(Signed::sign(said, &self.key).bytes().to_vec()))
    }

    /// The same phone, the same person, a higher epoch: from now on its chain begins anew. Anything else is left as it is.
    pub(super) fn store_certificate(
        &mut self,
        signed: &Signed<DeviceCertificate>,
        now: Now,
    ) -> Result<()> {
        let Some(known) = self.me.enrolment.as_ref().map(|known| &known.certificate) else {
            return Ok(());
        };
        let said = signed.statement();
        let renewed = (said.agency, said.device, said.person, said.key)
            == (known.agency, known.device, known.person, known.key)
            && said.epoch > known.epoch;
        if !renewed {
            return Ok(());
        }
        let begun = Progress {
            dev_seq: 0,
            prev: [0; 32],
            ..Progress::load(&mut self.vault)?
        };
        self.vault.write(now, |tx| {
            facts::put(tx, Fact::Certificate, signed.bytes())?;
            facts::forget(tx, Fact::Renewal)?;
            push::drop_any(tx)?;
            Ok(begun.store(tx)?)
        })?;
        self.me = Me::load(&mut self.vault, &self.key)?;
        self.shelf.is_me(self.me.attribution.person);
        Ok(())
    }
}

/// HQ's chain of this phone's pushes went on without it. Where this phone has noticed a backup that is no news.
pub(super) fn went_on_elsewhere(tx: &Transaction<'_>, noticed: bool, now: Now) -> Result<(), Halt> {
    facts::put(tx, Fact::Renewal, &[VERSION])?;
    if !noticed && facts::get(tx, Fact::Elsewhere)?.is_none() {
        let mut out = Writer::new();
        out.u8(VERSION).i64(now.wall_ms);
        facts::put(tx, Fact::Elsewhere, &out.finish())?;
    }
    Ok(())
}

fn read_time(bytes: &[u8]) -> Option<i64> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION).ok()?;
    let at_ms = reader.i64().ok()?;
    reader.finish().ok()?;
    Some(at_ms)
}
