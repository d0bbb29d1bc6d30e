//! What `serve` and `admin` share: the ledger, the keys, and chance. It holds no case in memory.

mod add_protocol;
mod chance;
mod first_start;
mod sealing;
mod setup;

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::{Mutex, OnceLock};

use mooring_casefile::Now;
use mooring_identity::{AgencyId, Random};

pub use first_start::FirstStart;
pub(crate) use sealing::UNREADABLE;
pub use setup::{SecondFactorRule, Setup, Standby};

use crate::keys::{Keys, KeysError};
use crate::ledger::sqlite::SqliteLedger;
use crate::ledger::{Ledger, LedgerError, Log, Trail};

/// The ledger, the keys, and chance.
pub struct Office {
    pub(crate) ledger: Box<dyn Ledger>,
    pub(crate) keys: Keys,
    pub(crate) setup: Setup,
    random: Mutex<Box<dyn Random + Send>>,
    /// One password at a time is checked: each takes 64 MiB, and a crowd of wrong ones must not take the machine.
    pub(crate) sign_in_door: Mutex<()>,
    pub(crate) decoy_password: OnceLock<String>,
    first_start: Option<FirstStart>,
}

/// Why a data folder does not open. Everything in it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The folder itself.
    #[error("the data folder cannot be made or read")]
    Folder,
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There is a ledger and no key to it: nothing is made anew over it.
    #[error("there is a ledger here but no keys folder; put the keys back, nothing was changed")]
    KeysMissing,
    /// A case in the log does not rebuild.
    #[error("a case could not be rebuilt from the log")]
    Rebuild,
}

impl Office {
    /// Opens a data folder; at the first start makes keys, ledger, and the first administrator.
    pub fn open(
        data: &Path,
        setup: Setup,
        now: Now,
        random: Box<dyn Random + Send>,
    ) -> Result<Self, OpenError> {
        let mut random = random;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data)
            .map_err(|_| OpenError::Folder)?;
        let file = data.join("ledger.db");
        let key_file = setup.key_file.as_deref();
        let (keys, exported) = if Keys::exist(data) {
            let keys = Keys::open(data, key_file)?;
            keys.seal_files(&mut random)?;
            (keys, None)
        } else if file.exists() {
            return Err(OpenError::KeysMissing);
        } else {
            let (keys, exported) =
                Keys::make(data, &setup.agency, key_file, now.wall_ms, &mut random)?;
            (keys, Some(exported))
        };
        let ledger = Box::new(SqliteLedger::open(&file, keys.ledger.expose())?);
        ledger.begin(now.wall_ms)?;
        ledger.chain_older_rows()?;
        let mut office = Self {
            ledger,
            keys,
            setup,
            random: Mutex::new(random),
            sign_in_door: Mutex::new(()),
            decoy_password: OnceLock::new(),
            first_start: None,
        };
        office.first_start = first_start::settle_in(&office, exported, now)?;
        office.sign_audit_now(now)?;
        Ok(office)
    }

    /// What the first start made and says once; none at a later one.
    pub fn first_start(&self) -> Option<&FirstStart> {
        self.first_start.as_ref()
    }

    /// Whether phones can seal to this HQ.
    pub fn has_sealing_keys(&self) -> bool {
        self.keys.ring().sealing_keys.is_some()
    }

    /// The agency.
    pub fn agency(&self) -> AgencyId {
        self.keys.agency()
    }

    /// The root's statement, as any phone may fetch it.
    pub fn root(&self) -> &[u8] {
        self.keys.root.bytes()
    }
}
