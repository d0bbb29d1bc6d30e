//! The signed directory of staff and phones: made anew whenever what it says is no longer so.

use mooring_casefile::Now;
use mooring_identity::{DeviceCertificate, DeviceEntry, Directory, Signed, StaffEntry};

use crate::ledger::LedgerError;
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
            let signed = Signed::sign(wanted, &self.keys.online);
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
        // One that was signed by an earlier online key is simply made anew.
        Ok(Signed::open(&bytes, self.keys.key_set.statement()).ok())
    }

    fn draw_directory(&self, serial: u64, now: Now) -> Result<Directory, LedgerError> {
        let staff = self.ledger.staff()?;
        let staff = staff.into_iter().map(|row| StaffEntry {
            person: row.id.bytes(),
            name: row.name,
            roles: row.roles.bits(),
        });
        let mut devices = Vec::new();
        for row in self.ledger.devices()? {
            devices.push(entry_of(self.certificate(&row.certificate)?.statement()));
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
        Signed::open(bytes, self.keys.key_set.statement()).map_err(|_| LedgerError::Inside(-6))
    }
}

fn entry_of(certificate: &DeviceCertificate) -> DeviceEntry {
    DeviceEntry {
        device: certificate.device,
        person: certificate.person,
        key: certificate.key,
        epoch: certificate.epoch,
        revoked_at_seq: None,
    }
}

fn says_the_same(one: &Directory, other: &Directory) -> bool {
    one.staff == other.staff && one.devices == other.devices
}
