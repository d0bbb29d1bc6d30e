//! Leases: a phone that is heard of may read for some time more.

use mooring_casefile::{DeviceId, Now};
use mooring_identity::{Lease, Signed};

use crate::ledger::{LedgerError, NewStatement, ToPhone};
use crate::office::Office;

/// A lease younger than this is left: an exchange every minute must not fill the feed.
const YOUNG_MS: u64 = 4 * 60 * 60_000;

impl Office {
    /// Gives a phone a new lease, unless its last is young or it was revoked.
    pub(crate) fn lend(&self, device: DeviceId, now: Now) -> Result<(), LedgerError> {
        let last = self.ledger.newest_to(device, ToPhone::Lease)?;
        let young = last
            .as_ref()
            .is_some_and(|last| now.wall_ms.abs_diff(last.added_ms) < self.young_ms());
        if young || self.ledger.revocation(device)?.is_some() {
            return Ok(());
        }
        // A phone takes a lease only if it was made later than the one that it has. HQ's clock may have been set back since.
        let made_ms = last
            .and_then(|last| self.lease_of(&last.body))
            .map_or(now.wall_ms, |last| now.wall_ms.max(last.made_ms + 1));
        let lease = Lease {
            agency: self.agency(),
            device: device.bytes(),
            made_ms,
            holds_ms: self.setup.lease_ms,
        };
        let body = Signed::sign(lease, self.keys.ring().online())
            .bytes()
            .to_vec();
        self.ledger
            .feed_statement(&NewStatement::Lease { device, body }, now.wall_ms)?;
        Ok(())
    }

    /// Where leases are short, they are renewed as soon as a quarter is over.
    fn young_ms(&self) -> u64 {
        YOUNG_MS.min(self.setup.lease_ms / 4)
    }

    /// A lease that HQ gave.
    pub(crate) fn lease_of(&self, body: &[u8]) -> Option<Lease> {
        Signed::<Lease>::open(body, &self.keys.ring().ever())
            .ok()
            .map(Signed::into_statement)
    }
}
