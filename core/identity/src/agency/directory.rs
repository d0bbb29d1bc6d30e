//! Who is in the agency: staff and devices, as one signed list that every phone holds.

use crate::{AgencyId, Domain, IdentityError, Reader, Statement, VerifyKey, Writer};

use super::LONGEST_NAME;

const MOST: usize = 20_000;

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffEntry {
    /// Who.
    pub person: [u8; 16],
    /// Their name.
    pub name: String,
    /// Their roles, a bit each, numbered by the case file's crate.
    pub roles: u16,
}

/// One enrolled device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEntry {
    /// Which.
    pub device: [u8; 16],
    /// Whose.
    pub person: [u8; 16],
    /// Its public key.
    pub key: VerifyKey,
    /// Its current epoch.
    pub epoch: u32,
    /// The last push that counts, if it was revoked.
    pub revoked_at_seq: Option<u64>,
}

/// All staff and devices. A later serial replaces an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// The agency.
    pub agency: AgencyId,
    /// Grows with each change.
    pub serial: u64,
    /// When it was made.
    pub made_ms: i64,
    /// Staff, by person.
    pub staff: Vec<StaffEntry>,
    /// Devices, by id.
    pub devices: Vec<DeviceEntry>,
}

impl Directory {
    /// The entry of this person.
    pub fn person(&self, person: &[u8; 16]) -> Option<&StaffEntry> {
        self.staff.iter().find(|entry| entry.person == *person)
    }

    /// The entry of this device.
    pub fn device(&self, device: &[u8; 16]) -> Option<&DeviceEntry> {
        self.devices.iter().find(|entry| entry.device == *device)
    }
}

impl Statement for Directory {
    const DOMAIN: Domain = Domain::Directory;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0).u64(self.serial).i64(self.made_ms);
        out.varint(self.staff.len() as u64);
        for entry in &self.staff {
            out.fixed(&entry.person).text(&entry.name).u16(entry.roles);
        }
        out.varint(self.devices.len() as u64);
        for entry in &self.devices {
            out.fixed(&entry.device)
                .fixed(&entry.person)
                .fixed(&entry.key.0)
                .u32(entry.epoch);
            match entry.revoked_at_seq {
                None => out.u8(0),
                Some(seq) => out.u8(1).u64(seq),
            };
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let (agency, serial, made_ms) = (AgencyId(reader.array()?), reader.u64()?, reader.i64()?);
        let staff = reader.count(MOST, 19)?;
        let staff = (0..staff)
            .map(|_| read_staff(reader))
            .collect::<Result<_, _>>()?;
        let devices = reader.count(MOST, 69)?;
        let devices = (0..devices)
            .map(|_| read_device(reader))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            agency,
            serial,
            made_ms,
            staff,
            devices,
        })
    }
}

fn read_staff(reader: &mut Reader<'_>) -> Result<StaffEntry, IdentityError> {
    Ok(StaffEntry {
        person: reader.array()?,
        name: reader.text(LONGEST_NAME)?.to_owned(),
        roles: reader.u16()?,
    })
}

fn read_device(reader: &mut Reader<'_>) -> Result<DeviceEntry, IdentityError> {
    let (device, person) = (reader.array()?, reader.array()?);
    let (key, epoch) = (VerifyKey(reader.array()?), reader.u32()?);
    let revoked_at_seq = match reader.u8()? {
        0 => None,
        1 => Some(reader.u64()?),
        2..=u8::MAX => return Err(IdentityError::Malformed),
    };
    Ok(DeviceEntry {
        device,
        person,
        key,
        epoch,
        revoked_at_seq,
    })
}
