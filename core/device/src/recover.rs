//! A vault that its person can't open any more, opened by two custodians of the agency together.

use crate::device::{Device, Open};
use crate::error::Result;
use crate::seams::Seams;
use crate::vault;
use crate::vault::sql::facts::{self, Fact};
use mooring_casefile::Now;
use mooring_identity::{KdfParams, Reader, Recovering, SealingKeys, Signed, Writer};
use std::path::Path;

/// A question to the custodians, and what must be kept in memory until their answer.
pub struct Recovery {
    /// To be carried to both, the first one first.
    pub request: Vec<u8>,
    /// Twenty digits to be read to them, so that they answer this phone and no other.
    pub words: String,
    asked: Recovering,
}

/// Asks. Neither PIN nor keystore is needed, and nothing changes.
pub fn begin_recovery(dir: &Path, seams: &mut Seams) -> Result<Recovery> {
    let (request, asked) = vault::begin_recovery(dir, seams)?;
    Ok(Recovery {
        request: request.encode(),
        words: request.words(),
        asked,
    })
}

impl Device {
    /// Opens the vault with the answer, under a new PIN and with every try given back. No finger opens it until it is allowed again.
    pub fn finish_recovery(
        dir: &Path,
        recovery: &Recovery,
        answer: &[u8],
        pin: (&[u8], KdfParams),
        mut seams: Seams,
        now: Now,
    ) -> Result<Self> {
        let vault = vault::finish_recovery(dir, &recovery.asked, answer, pin, &mut seams, now)?;
        Self::begin(dir, vault, seams, now)
    }
}

const VERSION: u8 = 0;

impl Open {
    /// Seals the vault's key to the agency's custodians, if it is not sealed to these yet.
    pub(crate) fn seal_to_custodians(&mut self, seams: &mut Seams, now: Now) -> Result<()> {
        let Some(keys) = self.sealing_keys()? else {
            return Ok(());
        };
        let Some(custodians) = keys.custodians else {
            return Ok(());
        };
        let stored = self
            .vault
            .look(|connection| Ok(facts::get(connection, Fact::RecoverySerial)?))?;
        if stored.as_deref().and_then(read_serial) == Some(keys.serial) {
            return Ok(());
        }
        self.vault.add_recovery(custodians, seams)?;
        let mut serial = Writer::new();
        serial.u8(VERSION).u64(keys.serial);
        let serial = serial.finish();
        self.vault
            .write(now, |tx| Ok(facts::put(tx, Fact::RecoverySerial, &serial)?))
    }

    /// Whom this phone seals to, if the agency has said so.
    pub(crate) fn sealing_keys(&mut self) -> Result<Option<SealingKeys>> {
        Ok(self.stored_sealing_keys()?.map(|(keys, _)| keys))
    }

    /// The same, with their signed bytes.
    pub(crate) fn stored_sealing_keys(&mut self) -> Result<Option<(SealingKeys, Vec<u8>)>> {
        let Some(enrolment) = &self.me.enrolment else {
            return Ok(None);
        };
        let root = enrolment.root;
        let stored = self
            .vault
            .look(|connection| Ok(facts::get(connection, Fact::SealingKeys)?))?;
        let open = |bytes: Vec<u8>| {
            let keys = Signed::<SealingKeys>::open(&bytes, &root).ok()?;
            Some((keys.into_statement(), bytes))
        };
        Ok(stored.and_then(open))
    }
}

fn read_serial(bytes: &[u8]) -> Option<u64> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION).ok()?;
    reader.u64().ok()
}
