//! A phone whose database is on a disk of ours. Its header and its lock are ordinary files.

use std::path::Path;
use std::sync::{Arc, Mutex};

use mooring_casefile::Now;
use mooring_device::{By, Device, Older, Result, Seams};
use mooring_identity::{KdfParams, SoftwareKeyProvider};
use tempfile::TempDir;

use crate::chance::Dice;
use crate::disk::{Disk, Files};
use crate::vfs::{Mount, mount};

/// The database's name on the disk.
pub const DATABASE: &str = "mooring.db";

const PIN: &[u8] = b"271828";
const START_MS: i64 = 1_760_000_000_000;

/// A phone.
pub struct Phone {
    /// Where its database is.
    pub disk: Arc<Disk>,
    /// Until the phone is gone.
    mounted: Option<Mount>,
    dir: TempDir,
    keystore: Arc<Mutex<SoftwareKeyProvider>>,
    seed: u64,
    starts: u64,
    passed_ms: i64,
}

impl Phone {
    /// A phone with a new vault. It is made as always; then its database moves to the disk.
    pub fn new(seed: u64) -> Self {
        let dir = folder();
        let mut phone = Self {
            disk: Arc::new(Disk::default()),
            mounted: None,
            dir,
            keystore: Arc::new(Mutex::new(SoftwareKeyProvider::make(&mut Dice::new(seed)))),
            seed,
            starts: 0,
            passed_ms: 0,
        };
        let (seams, now) = (phone.seams(), phone.now());
        let cost = KdfParams::trying_out();
        drop(Device::create(phone.dir.path(), PIN, cost, seams, now).unwrap());
        let database = phone.dir.path().join("vault").join(DATABASE);
        let bytes = std::fs::read(&database).unwrap();
        // The vault asks whether the file is there before it opens it: its name stays, empty.
        std::fs::write(&database, b"").unwrap();
        let vault = phone.dir.path().join("vault");
        phone.mounted = Some(mount(&vault, Arc::clone(&phone.disk)));
        phone.disk.put(Files::from([(DATABASE.to_owned(), bytes)]));
        phone
    }

    /// Opens the vault by the vault's own code. That a state is older than the last one that was tried is no news here.
    ///
    /// # Errors
    /// Whatever that code says.
    pub fn open(&mut self) -> Result<Device> {
        let (seams, now) = (self.seams(), self.now());
        Device::open_by(self.dir.path(), By::Pin(PIN), Older::GoOn, seams, now)
    }

    /// Later.
    pub fn now(&mut self) -> Now {
        self.passed_ms += 1_000;
        Now {
            wall_ms: START_MS + self.passed_ms,
            uptime_ms: self.passed_ms.unsigned_abs(),
            boot_id: [7; 16],
        }
    }

    fn seams(&mut self) -> Seams {
        self.starts += 1;
        Seams {
            provider: Box::new(self.keystore.clone()),
            random: Box::new(Dice::new(self.seed * 1_000_000 + self.starts)),
        }
    }
}

/// In memory where the system has such a place: each state's header is synced, and there are many states.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}
