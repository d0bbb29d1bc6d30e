//! The outbox's folder: a file a record, and what HQ said about them while the vault was locked. Needs neither PIN nor keystore.

use crate::error::{Error, Refused, Result};
use crate::locked_visit::count_kept;
use crate::outside;
use crate::vault::{from_io, peek_mark, replace, sync_folder};
use mooring_casefile::{ChangeId, DeviceId};
use mooring_exchange::{OutboxReceipt, OutboxRecord, OutboxUpload};
use mooring_identity::{IdentityError, Random, Reader, Signed, Writer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const FOLDER: &str = "outbox";
/// The names of records end so; everything else in the folder is left alone.
const ENDING: &str = ".sealed";
const AT_HQ: &str = "at-hq";
const VERSION: u8 = 0;
const MOST: usize = 1_000_000;

/// What this phone holds sealed for HQ. It can be read and sent while the vault is locked, set aside or gone.
pub struct Outbox {
    dir: PathBuf,
    /// By file name.
    records: BTreeMap<String, Stored>,
    at_hq: AtHq,
}

/// A record that lies here.
struct Stored {
    device: DeviceId,
    changes: Vec<ChangeId>,
    /// One that nobody signed was captured while the vault was locked: it stays until the vault has the changes and signed them.
    signed: bool,
}

impl Stored {
    fn of(record: &OutboxRecord) -> Self {
        Self {
            device: record.head().device,
            changes: record.changes().to_vec(),
            signed: record.is_signed(),
        }
    }
}

/// What HQ said that it holds, since the vault was last open.
#[derive(Default)]
struct AtHq {
    /// How far the vault had come then: once it went on, it has taken this over.
    counter: u64,
    changes: BTreeSet<ChangeId>,
}

impl Outbox {
    /// That of an app's folder. One that is not there yet is empty; a file that can't be read is left as it is.
    pub fn open(dir: &Path) -> Result<Self> {
        let folder = dir.join(FOLDER);
        let mut outbox = Self {
            dir: dir.to_owned(),
            records: BTreeMap::new(),
            at_hq: AtHq::default(),
        };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(outbox),
            Err(error) => return Err(from_io(&error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| from_io(&error))?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if name.ends_with(ENDING) {
                let bytes = fs::read(entry.path()).map_err(|error| from_io(&error))?;
                if let Ok(record) = OutboxRecord::parse(&bytes) {
                    outbox.records.insert(name, Stored::of(&record));
                }
            }
        }
        if let Ok(bytes) = fs::read(folder.join(AT_HQ)) {
            outbox.at_hq = AtHq::parse(&bytes).unwrap_or_default();
        }
        Ok(outbox)
    }

    /// How many changes are on this phone only: what the vault said when it was last open and what was captured since, less what HQ said
    /// since. None where no vault has said anything yet.
    pub fn only_here(&self) -> Option<u64> {
        let Some((counter, only_here)) = peek_mark(&self.dir) else {
            return self.only_sealed();
        };
        let nothing = BTreeSet::new();
        let said = if counter == self.at_hq.counter {
            &self.at_hq.changes
        } else {
            &nothing
        };
        let captured = count_kept(&self.dir).ok()?;
        let of_captured = said.iter().filter(|change| captured.contains(change));
        let of_captured = of_captured.count();
        let of_vault = said.len() - of_captured;
        let in_vault = only_here?.saturating_sub(of_vault as u64);
        Some(in_vault + (captured.len() - of_captured) as u64)
    }

    /// After a wipe only what is sealed tells.
    fn only_sealed(&self) -> Option<u64> {
        let all = self.records.values().flat_map(|stored| &stored.changes);
        let left: BTreeSet<_> = all
            .filter(|change| !self.at_hq.changes.contains(change))
            .collect();
        (!self.records.is_empty()).then_some(left.len() as u64)
    }

    /// Where to send it: HQ's address and the certificate authority that its listener is pinned to.
    pub fn hq(&self) -> Result<(String, Vec<u8>)> {
        let outside = outside::peek(&self.dir)?;
        Ok((outside.address, outside.tls_ca_der))
    }

    /// The bytes to send to HQ, if there is anything to send. Ask again after its receipt: what did not fit goes next.
    pub fn upload(&self) -> Result<Option<Vec<u8>>> {
        let mut upload = OutboxUpload::default();
        for (name, stored) in &self.records {
            if stored
                .changes
                .iter()
                .all(|change| self.at_hq.changes.contains(change))
            {
                continue;
            }
            let bytes = fs::read(self.path(name)).map_err(|error| from_io(&error))?;
            if !upload.add(bytes) {
                break;
            }
        }
        Ok((!upload.is_empty()).then(|| upload.encode()))
    }

    /// Takes HQ's answer: which of the changes it holds. A record goes only once HQ holds all of it. Gives how many changes it named.
    pub fn take_receipt(&mut self, receipt: &[u8]) -> Result<u64> {
        self.take_signed(receipt, &[])
    }

    /// The same, where HQ's keys may have changed since this phone heard of them: `key_set` counts if the root signed it and it is newer.
    pub(super) fn take_signed(&mut self, receipt: &[u8], key_set: &[u8]) -> Result<u64> {
        let outside = outside::peek(&self.dir)?;
        let receipt = Signed::<OutboxReceipt>::open(receipt, &outside.hq_now(key_set)?)
            .map_err(refused)?
            .into_statement();
        // Records of before a wipe are another device's, and wait for HQ's word all the same.
        let of_device = self.records.values();
        let of_device = of_device.filter(|stored| stored.device == receipt.device);
        let ours: BTreeSet<_> = of_device.flat_map(|stored| &stored.changes).collect();
        if receipt.agency != outside.agency || ours.is_empty() {
            return Err(Error::Refused(Refused::Signature));
        }
        let (counter, _) = peek_mark(&self.dir).unwrap_or_default();
        if self.at_hq.counter != counter {
            // The vault went on, and has taken over what was said before.
            self.at_hq = AtHq {
                counter,
                ..AtHq::default()
            };
        }
        let named = receipt
            .changes
            .iter()
            .filter(|id| ours.contains(id))
            .copied();
        let named: Vec<_> = named.collect();
        let count = named.len() as u64;
        self.at_hq.changes.extend(named);
        replace(&self.path(AT_HQ), &self.at_hq.encode()).map_err(|error| from_io(&error))?;
        Ok(count)
    }

    /// The changes that lie here sealed and signed.
    pub(crate) fn sealed(&self) -> BTreeSet<ChangeId> {
        let signed = self.records.values().filter(|stored| stored.signed);
        signed.flat_map(|stored| &stored.changes).copied().collect()
    }

    /// All changes of this device that lie here, signed or not.
    pub(crate) fn of(&self, device: DeviceId) -> BTreeSet<ChangeId> {
        let mine = self
            .records
            .values()
            .filter(|stored| stored.device == device);
        mine.flat_map(|stored| &stored.changes).copied().collect()
    }

    /// What HQ said that it holds, for the vault to take over.
    pub(crate) const fn said(&self) -> &BTreeSet<ChangeId> {
        &self.at_hq.changes
    }

    /// The vault has taken over what HQ said.
    pub(super) fn forget_said(&self) -> Result<()> {
        fs::remove_file(self.path(AT_HQ)).map_err(|error| from_io(&error))
    }

    /// Adds a record, durably.
    pub(crate) fn add(&mut self, record: &OutboxRecord, random: &mut dyn Random) -> Result<()> {
        let folder = self.dir.join(FOLDER);
        if !folder.is_dir() {
            fs::create_dir_all(&folder).map_err(|error| from_io(&error))?;
            sync_folder(&folder).map_err(|error| from_io(&error))?;
        }
        let name = fresh_name(random);
        replace(&self.path(&name), &record.encode()).map_err(|error| from_io(&error))?;
        self.records.insert(name, Stored::of(record));
        Ok(())
    }

    /// Removes the records of which HQ has everything, by its receipts: nothing in them is `unsent`. What was captured while the vault
    /// was locked stays until the vault has it, and goes then as soon as the same lies here signed.
    ///
    /// Another device's records, from before a wipe, are not this vault's to remove.
    pub(super) fn sweep(&mut self, unsent: &BTreeSet<ChangeId>, me: DeviceId) -> Result<()> {
        let (signed, captured) = (self.sealed(), count_kept(&self.dir)?);
        let is_done = |stored: &Stored| {
            let each = |change: &ChangeId| {
                !unsent.contains(change) || (!stored.signed && signed.contains(change))
            };
            let joined = !stored.changes.iter().any(|id| captured.contains(id));
            stored.device == me && stored.changes.iter().all(each) && (stored.signed || joined)
        };
        let done = self.records.iter().filter(|(_, stored)| is_done(stored));
        let done: Vec<_> = done.map(|(name, _)| name.clone()).collect();
        for name in done {
            fs::remove_file(self.path(&name)).map_err(|error| from_io(&error))?;
            self.records.remove(&name);
        }
        Ok(())
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(FOLDER).join(name)
    }
}

impl AtHq {
    fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .u64(self.counter)
            .varint(self.changes.len() as u64);
        for change in &self.changes {
            out.fixed(&change.bytes());
        }
        out.finish()
    }

    fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let counter = reader.u64()?;
        let count = reader.count(MOST, 32)?;
        let changes = (0..count)
            .map(|_| reader.array().map(ChangeId::new))
            .collect::<Result<_, _>>()?;
        reader.finish()?;
        Ok(Self { counter, changes })
    }
}

/// A name that says nothing.
fn fresh_name(random: &mut dyn Random) -> String {
    let mut chance = [0_u8; 16];
    random.fill(&mut chance);
    let mut name = String::new();
    for byte in chance {
        let _ = write!(name, "{byte:02x}");
    }
    name + ENDING
}

pub(super) const fn refused(error: IdentityError) -> Error {
    match error {
        IdentityError::TooNew => Error::UpdateApp,
        IdentityError::Malformed | IdentityError::TooLarge => Error::Refused(Refused::Format),
        IdentityError::Forged | IdentityError::WrongAddressee | IdentityError::Sealed => {
            Error::Refused(Refused::Signature)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hq_said_in_version_0_is_still_read() {
        let golden = include_bytes!("../vault/tests/golden/at-hq.v0.bin");
        let at_hq = AtHq::parse(golden).unwrap();
        assert_eq!(at_hq.counter, 7);
        assert_eq!(at_hq.changes, BTreeSet::from([ChangeId::new([8; 32])]));
        assert_eq!(at_hq.encode(), golden);
        let mut later = golden.to_vec();
        later[0] = 1;
        assert_eq!(AtHq::parse(&later).err(), Some(IdentityError::TooNew));
    }
}
