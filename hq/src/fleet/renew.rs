//! A phone that came back from a backup gets a certificate with a higher epoch, on its own signed word and on nothing else; and what two
//! phones with the same keys look like is kept for a person to see.

use mooring_casefile::{DeviceId, Now};
use mooring_exchange::Restored;
use mooring_identity::{DeviceCertificate, KeySet, Signed};

use super::known::renewed_bytes;
use crate::keys::Ring;
use crate::ledger::{Comeback, LedgerError, Seen};
use crate::office::Office;

/// Two requests of one phone may come at once; the one that comes second looks again.
const TRIES: usize = 4;

/// What to do about a phone that says that it came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renewal {
    /// It asked before and our answer was lost: the same again.
    Again,
    /// A certificate of this epoch.
    New(u32, Seen),
    /// There is no higher epoch. Nobody comes here by restoring backups.
    No,
}

/// `known` is HQ's epoch of this phone, `pushed` whether anything came under it.
fn plan(known: u32, pushed: bool, said: u32) -> Renewal {
    if said < known && known - said == 1 && !pushed {
        return Renewal::Again;
    }
    // Above HQ's own: HQ came back from a backup as well, and has lost what it certified.
    let Some(next) = known.max(said).checked_add(1) else {
        return Renewal::No;
    };
    // Under HQ's own, which is in use: one phone went on under it, and here is another with an older vault.
    let seen = if said < known {
        Seen::Twice
    } else {
        Seen::Restored
    };
    Renewal::New(next, seen)
}

impl Office {
    /// The certificate for a phone that said, under its key, that it came back from a backup.
    pub(crate) fn renew(
        &self,
        device: DeviceId,
        said: &Signed<Restored>,
        (ring, known_keys): (&Ring, &KeySet),
        now: Now,
    ) -> Result<Option<Vec<u8>>, LedgerError> {
        // A revocation counts pushes of the epoch that it found: a revoked phone begins no other.
        if self.ledger.revocation(device)?.is_some() {
            return Ok(None);
        }
        for _ in 0..TRIES {
            let Some(row) = self.ledger.device(device)? else {
                return Ok(None);
            };
            let known = self.certificate(&row.certificate)?.into_statement();
            let pushed = self.ledger.last_push(device, known.epoch)?.is_some();
            let (epoch, seen) = match plan(known.epoch, pushed, said.statement().epoch) {
                Renewal::Again => {
                    let again =
                        renewed_bytes::<DeviceCertificate>(row.certificate, ring, known_keys);
                    return Ok(Some(again));
                }
                Renewal::No => return Ok(None),
                Renewal::New(epoch, seen) => (epoch, seen),
            };
            let certificate = DeviceCertificate {
                epoch,
                issued_ms: now.wall_ms,
                ..known
            };
            let signed = Signed::sign(certificate, ring.online_of(known_keys));
            let comeback = Comeback {
                device,
                seen,
                epoch: said.statement().epoch,
                evidence: said.bytes().to_vec(),
                at_ms: now.wall_ms,
            };
            match self
                .ledger
                .recertify((&row.certificate, signed.bytes()), &comeback)
            {
                Ok(()) => {
                    tell(&comeback);
                    self.refresh_directory(now)?;
                    return Ok(Some(signed.bytes().to_vec()));
                }
                Err(LedgerError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(LedgerError::Busy)
    }

    /// A push came under an epoch that was given up, and nobody knows it: somebody else has these keys.
    pub(crate) fn seen_twice(
        &self,
        device: DeviceId,
        push: Vec<u8>,
        now: Now,
    ) -> Result<(), LedgerError> {
        let Some(row) = self.ledger.device(device)? else {
            return Ok(());
        };
        // One note for each epoch that was given up says it; a phone that goes on trying adds none.
        let epoch = self.certificate(&row.certificate)?.statement().epoch;
        let known = self.ledger.comebacks()?;
        let noted =
            |one: &Comeback| one.device == device && one.seen == Seen::Twice && one.epoch == epoch;
        if known.iter().any(noted) {
            return Ok(());
        }
        let comeback = Comeback {
            device,
            seen: Seen::Twice,
            epoch,
            evidence: push,
            at_ms: now.wall_ms,
        };
        self.ledger.note_comeback(&comeback)?;
        tell(&comeback);
        Ok(())
    }
}

fn tell(comeback: &Comeback) {
    let (device, epoch) = (comeback.device, comeback.epoch);
    match comeback.seen {
        Seen::Restored => {
            tracing::warn!(code = "phone.restored", %device, epoch, "came back from a backup");
        }
        Seen::Twice => {
            tracing::error!(code = "phone.twice", %device, epoch, "two phones use these keys");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(known: u32, pushed: bool, said: u32, renewal: Renewal) {
        assert_eq!(plan(known, pushed, said), renewal);
    }

    #[test]
    fn a_restored_phone_gets_the_next_epoch() {
        check(0, true, 0, Renewal::New(1, Seen::Restored));
        check(0, false, 0, Renewal::New(1, Seen::Restored));
    }

    #[test]
    fn an_answer_that_was_lost_is_given_again() {
        check(1, false, 0, Renewal::Again);
    }

    #[test]
    fn who_comes_back_from_before_an_epoch_that_is_in_use_is_a_second_phone() {
        check(1, true, 0, Renewal::New(2, Seen::Twice));
        check(2, false, 0, Renewal::New(3, Seen::Twice));
    }

    #[test]
    fn an_hq_that_lost_an_epoch_goes_on_above_it() {
        check(0, true, 3, Renewal::New(4, Seen::Restored));
    }

    #[test]
    fn there_is_an_end_to_epochs() {
        check(u32::MAX, true, 0, Renewal::No);
        check(0, true, u32::MAX, Renewal::No);
    }
}
