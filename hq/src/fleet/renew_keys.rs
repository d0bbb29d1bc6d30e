//! New keys while the agency is at work: made with the root's private key, brought back for a moment, and told to every phone.

use std::path::Path;

use mooring_casefile::Now;

use crate::keys::{FormerKey, MadeSealing};
use crate::ledger::{Audit, LedgerError};
use crate::office::{Office, OpenError};

impl Office {
    /// Makes keys that phones seal to, HQ's and two custodians', and tells the phones.
    pub fn make_sealing_keys(&self, root_key: &Path, now: Now) -> Result<MadeSealing, OpenError> {
        let made =
            self.with_random(|random| self.keys.make_sealing(root_key, now.wall_ms, random))?;
        self.note_keys("seal-keys", made.serial, now)?;
        self.publish_keys(now)?;
        Ok(made)
    }

    fn note_keys(&self, verb: &str, serial: u64, now: Now) -> Result<(), LedgerError> {
        self.note_all(&Audit {
            at_ms: now.wall_ms,
            verb: verb.to_owned(),
            detail: Some(format!("serial={serial}")),
            ..Audit::default()
        })
    }

    /// Makes a new online key and tells the phones. HQ signs with it from then on, a running server from its next request on; for a
    /// phone that has not heard of it, HQ goes on signing with a key that the phone knows. Gives the new set's number.
    pub fn rotate_online_key(
        &self,
        root_key: &Path,
        former: FormerKey,
        now: Now,
    ) -> Result<u64, OpenError> {
        // The set of now is told first, so that HQ knows what each phone knew.
        self.publish_keys(now)?;
        let serial = self
            .with_random(|random| self.keys.make_online(root_key, former, now.wall_ms, random))?;
        self.note_keys("rotate-online-key", serial, now)?;
        self.publish_keys(now)?;
        Ok(serial)
    }
}
