//! The list of phones, and of what came sealed and waits for a person.

use mooring_casefile::{DeviceId, PersonId};

use crate::hex::hex;
use crate::ledger::{Comeback, Fate, SealedFate, Seen, ToPhone};
use crate::office::Office;
use crate::refused::Refused;

/// One enrolled phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolledPhone {
    /// Which.
    pub device: DeviceId,
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their roles in words.
    pub roles: String,
    /// When it enrolled.
    pub enrolled_ms: i64,
    /// When it was last heard from.
    pub heard_ms: Option<i64>,
    /// Until when it may read, counted from the day on which its last lease was made.
    pub lease_until_ms: Option<i64>,
    /// Its last push that counts, if it was revoked.
    pub revoked_at_seq: Option<u64>,
    /// Whether it was ordered to destroy its vault.
    pub wipe_ordered: bool,
    /// Changes of it that are kept for a person.
    pub held: u64,
    /// When it last said that it came back from a backup.
    pub restored_ms: Option<i64>,
    /// When it was last seen that two phones use its keys.
    pub twice_ms: Option<i64>,
}

impl EnrolledPhone {
    /// What a person at HQ must look into, if there is anything.
    pub const fn warning(&self) -> Option<&'static str> {
        match (self.twice_ms, self.restored_ms) {
            (Some(_), _) => Some("two phones use these keys"),
            (None, Some(_)) => Some("came back from a backup"),
            (None, None) => None,
        }
    }
}

/// A record that came sealed and is not part of any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedAside {
    /// The first of its hash, to tell it by.
    pub id: String,
    /// The device that it names.
    pub device: DeviceId,
    /// Why, as a stable code.
    pub code: String,
    /// Whether HQ could open it.
    pub opened: bool,
    /// How large it is.
    pub bytes: u64,
    /// When it came.
    pub received_ms: i64,
}

impl Office {
    /// Every enrolled phone, by when it enrolled.
    pub fn phones(&self) -> Result<Vec<EnrolledPhone>, Refused> {
        let staff = self.ledger.staff()?;
        let comebacks = self.ledger.comebacks()?;
        let revoked = self.ledger.revocations()?;
        let mut phones = Vec::new();
        for row in self.ledger.devices()? {
            let owner = staff.iter().find(|member| member.id == row.person);
            let revoked = revoked.iter().find(|one| one.device == row.id);
            phones.push(EnrolledPhone {
                device: row.id,
                person: row.person,
                name: owner.map(|member| member.name.clone()).unwrap_or_default(),
                roles: owner.map(|member| member.roles.words()).unwrap_or_default(),
                enrolled_ms: row.enrolled_ms,
                heard_ms: row.heard_ms,
                lease_until_ms: self.lease_until(row.id)?,
                revoked_at_seq: revoked.map(|revoked| revoked.last_seq),
                wipe_ordered: self.ledger.newest_to(row.id, ToPhone::Order)?.is_some(),
                held: self.held_of(row.id)?,
                restored_ms: last(&comebacks, row.id, Seen::Restored),
                twice_ms: last(&comebacks, row.id, Seen::Twice),
            });
        }
        Ok(phones)
    }

    /// A phone that was revoked goes on reading until its lease is over: HQ can't take it back.
    fn lease_until(&self, device: DeviceId) -> Result<Option<i64>, Refused> {
        let last = self.ledger.newest_to(device, ToPhone::Lease)?;
        let lease = last.and_then(|last| self.lease_of(&last.body));
        Ok(lease.map(|lease| lease.made_ms.saturating_add_unsigned(lease.holds_ms)))
    }

    fn held_of(&self, device: DeviceId) -> Result<u64, Refused> {
        let written = self.ledger.written_by(device)?;
        let held = written.iter().filter(|tally| match tally.fate {
            Fate::Held(_) => true,
            Fate::Received | Fate::Merged | Fate::Waiting => false,
        });
        Ok(held.map(|tally| tally.changes).sum())
    }

    /// What came sealed and is kept for a person, or does not open.
    pub fn sealed_aside(&self) -> Result<Vec<SealedAside>, Refused> {
        let rows = self.ledger.sealed_aside()?.into_iter();
        let aside = rows.filter_map(|row| {
            let (code, opened) = match row.fate {
                SealedFate::Taken => return None,
                SealedFate::Held(code) => (code, true),
                SealedFate::Unopened(code) => (code, false),
            };
            Some(SealedAside {
                id: hex(row.id.get(..8).unwrap_or_default()),
                device: row.device,
                code,
                opened,
                bytes: row.size,
                received_ms: row.received_ms,
            })
        });
        Ok(aside.collect())
    }
}

/// When this was last seen of a phone.
fn last(comebacks: &[Comeback], device: DeviceId, seen: Seen) -> Option<i64> {
    let of_device = comebacks.iter().rev();
    let mut of_device = of_device.filter(|one| one.device == device && one.seen == seen);
    of_device.next().map(|one| one.at_ms)
}
