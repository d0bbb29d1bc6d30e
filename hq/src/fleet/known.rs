//! Which of HQ's keys a phone knows. HQ signs for it with one of those until it has been told of newer ones.
//!
//! A phone may have been away while HQ changed its keys. What it knows follows from two things that can't be ahead of it: how far it has
//! come in the feed, which tells of each set, and which key signed its certificate, since it was given that key's set with it.

use mooring_casefile::{DeviceId, Now};
use mooring_exchange::claimed_position;
use mooring_identity::{DeviceCertificate, KeySet, Signed, Statement};

use crate::keys::Ring;
use crate::ledger::{FedStatement, LedgerError, NewStatement};
use crate::office::Office;

impl Office {
    /// Feeds what phones are not told yet of HQ's keys. What another process feeds at the same moment is fed.
    pub(crate) fn publish_keys(&self, now: Now) -> Result<(), LedgerError> {
        let (sets, sealing) = self.ledger.newest_serials()?;
        let ring = self.keys.ring();
        let mut new = Vec::new();
        let serial = ring.key_set.statement().serial;
        if serial > sets {
            let body = ring.key_set.bytes().to_vec();
            new.push(NewStatement::KeySet { serial, body });
        }
        if let Some(keys) = &ring.sealing_keys {
            let (serial, body) = (keys.statement().serial, keys.bytes().to_vec());
            if serial > sealing {
                new.push(NewStatement::SealingKeys { serial, body });
            }
        }
        for statement in &new {
            match self.ledger.feed_statement(statement, now.wall_ms) {
                Ok(_) | Err(LedgerError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads the keys again if another process changed them.
    pub(crate) fn refresh_keys(&self) -> Result<(), LedgerError> {
        let (sets, sealing) = self.ledger.newest_serials()?;
        let ring = self.keys.ring();
        let here = ring.sealing_keys.as_ref();
        let here = here.map_or(0, |keys| keys.statement().serial);
        if sets > ring.key_set.statement().serial || sealing > here {
            // Keys that can't be read leave HQ with those that it has: it goes on answering.
            if let Err(error) = self.keys.reread() {
                tracing::error!(code = "keys", %error, "new keys were fed and cannot be read");
            }
        }
        Ok(())
    }

    /// The keys that the phone behind a request knows, as far as it says the truth; if it does not, nobody reads our answer.
    pub(crate) fn known_to_asker(&self, request: &[u8]) -> Result<KeySet, LedgerError> {
        match claimed_position(request) {
            Some((device, cursor)) => self.known_to(device, cursor),
            None => Ok(self.keys.ring().key_set.statement().clone()),
        }
    }

    /// The keys that a phone knows that has come to this cursor.
    pub(crate) fn known_to(&self, device: DeviceId, cursor: u64) -> Result<KeySet, LedgerError> {
        let ring = self.keys.ring();
        let sets = self.ledger.key_sets()?;
        if sets.len() <= 1 {
            return Ok(ring.key_set.statement().clone());
        }
        let sets = self.opened(&sets);
        let told = sets.iter().filter(|(at, _)| *at <= cursor);
        let told = told.map(|(_, set)| set);
        let certificate = self.ledger.device(device)?.map(|row| row.certificate);
        let given = certificate.and_then(|bytes| sets.iter().find(|(_, set)| gave(set, &bytes)));
        let known = told.chain(given.map(|(_, set)| set));
        let newest = known.max_by_key(|set| set.serial);
        Ok(newest.unwrap_or(ring.key_set.statement()).clone())
    }

    fn opened(&self, sets: &[FedStatement]) -> Vec<(u64, KeySet)> {
        let root = &self.keys.root.statement().root;
        let open = |fed: &FedStatement| {
            let set = Signed::<KeySet>::open(&fed.body, root).ok()?;
            Some((fed.cursor, set.into_statement()))
        };
        sets.iter().filter_map(open).collect()
    }
}

/// Whether this set's newest key signed the certificate: the phone was given the set with it.
fn gave(set: &KeySet, certificate: &[u8]) -> bool {
    set.keys
        .first()
        .is_some_and(|key| Signed::<DeviceCertificate>::open(certificate, key).is_ok())
}

/// The same statement, under a key that the phone knows.
pub(crate) fn renewed<T: Statement + Clone>(
    signed: &Signed<T>,
    ring: &Ring,
    known: &KeySet,
) -> Signed<T> {
    if Signed::<T>::open(signed.bytes(), known).is_ok() {
        signed.clone()
    } else {
        Signed::sign(signed.statement().clone(), ring.online_of(known))
    }
}

/// The same from the ledger's bytes. What HQ never signed goes out as it lies there, and no phone believes it.
pub(crate) fn renewed_bytes<T: Statement + Clone>(
    bytes: Vec<u8>,
    ring: &Ring,
    known: &KeySet,
) -> Vec<u8> {
    if Signed::<T>::open(&bytes, known).is_ok() {
        return bytes;
    }
    match Signed::<T>::open(&bytes, &ring.ever()) {
        Ok(signed) => renewed(&signed, ring, known).bytes().to_vec(),
        Err(_) => bytes,
    }
}
