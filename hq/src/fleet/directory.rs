//! The signed directory of staff and phones: made anew whenever what it says is no longer so.

use mooring_casefile::Now;
use mooring_identity::{DeviceCertificate, DeviceEntry, Directory, Signed, StaffEntry};

use crate::ledger::{LedgerError, Revocation};
use crate::office::Office;

/// Two processes may both find the directory out of date; the one that comes second looks again.
const TRIES: usize = 8;

impl Office {
    /// The newest directory, after making it anew if staff or phones have changed.
    pub(crate) fn refresh_directory(&self, now: Now) -> Result<Signed<Directory>, LedgerError> {
        for _ in 0..TRIES {
            let newest = self.newest_directory()?;
            let serial = newest
                .as_ref()
                .map_or(0, |signed| signed.statement().serial);
            let wanted = self.draw_directory(serial + 1, now)?;
            if let Some(signed) = newest.filter(|signed| says_the_same(signed.statement(), &wanted))
            {
                return Ok(signed);
            }
            let signed = Signed::sign(wanted, self.keys.ring().online());
            match self
                .ledger
                .feed_directory(serial + 1, signed.bytes(), now.wall_ms)
            {
                Ok(_) => return Ok(signed),
                Err(LedgerError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Err(LedgerError::Busy)
    }

    fn newest_directory(&self) -> Result<Option<Signed<Directory>>, LedgerError> {
        let Some((_, bytes)) = self.ledger.directory()? else {
            return Ok(None);
        };
        Ok(Signed::open(&bytes, &self.keys.ring().ever()).ok())
    }

    fn draw_directory(&self, serial: u64, now: Now) -> Result<Directory, LedgerError> {
        let staff = self.ledger.staff()?;
        let staff = staff.into_iter().map(|row| StaffEntry {
            person: row.id.bytes(),
            name: row.name,
            roles: row.roles.bits(),
        });
        let revoked = self.ledger.revocations()?;
        let mut devices = Vec::new();
        for row in self.ledger.devices()? {
            let certificate = self.certificate(&row.certificate)?;
            let revoked = revoked.iter().find(|one| one.device == row.id);
            devices.push(entry_of(certificate.statement(), revoked));
        }
        Ok(Directory {
            agency: self.agency(),
            serial,
            made_ms: now.wall_ms,
            staff: staff.collect(),
            devices,
        })
    }

    /// A certificate that HQ signed itself.
    pub(crate) fn certificate(
        &self,
        bytes: &[u8],
    ) -> Result<Signed<DeviceCertificate>, LedgerError> {
        Signed::open(bytes, &self.keys.ring().ever()).map_err(|_| LedgerError::Inside(-6))
    }
}

fn entry_of(certificate: &DeviceCertificate, revoked: Option<&Revocation>) -> DeviceEntry {
    DeviceEntry {
        device: certificate.device,
        person: certificate.person,
        key: certificate.key,
        epoch: certificate.epoch,
        revoked_at_seq: revoked.map(|revoked| revoked.last_seq),
    }
}

fn says_the_same(one: &Directory, other: &Directory) -> bool {
    one.staff == other.staff && one.devices == other.devices
}
