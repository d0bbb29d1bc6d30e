//! Making, opening and locking a vault.

use crate::case::Shelf;
use crate::device::{Device, Open};
use crate::error::{Error, Result};
use crate::me::Me;
use crate::seams::Seams;
use crate::vault::sql::facts::{self, Fact};
use crate::vault::{self, Vault};
use mooring_casefile::{Actor, Now};
use mooring_identity::{KdfParams, Secret, SigningKey};
use std::collections::BTreeMap;
use std::path::Path;

impl Device {
    /// Makes a vault in `dir`, where there may be none, and opens it. `cost` is what one guess of the PIN takes.
    pub fn create(
        dir: &Path,
        pin: &[u8],
        cost: KdfParams,
        mut seams: Seams,
        now: Now,
    ) -> Result<Self> {
        let vault = vault::create(dir, pin, cost, &mut seams)?;
        Self::begin(dir, vault, seams, now)
    }

    /// Opens the vault of `dir` at the start of a process, which gets an actor id of its own.
    pub fn open(dir: &Path, pin: &[u8], mut seams: Seams, now: Now) -> Result<Self> {
        let vault = vault::open(dir, pin, &mut seams, now)?;
        Self::begin(dir, vault, seams, now)
    }

    /// Opens it again after a lock, in the same process and under the same actor.
    pub fn unlock(&mut self, pin: &[u8], now: Now) -> Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let vault = vault::open(&self.dir, pin, &mut self.seams, now)?;
        self.open = Some(Open::load(vault, self.actor, &mut self.seams, now)?);
        Ok(())
    }

    /// Closes the vault and forgets what was read from it. What was acknowledged is on disk already.
    pub fn lock(&mut self) {
        if let Some(mut open) = self.open.take() {
            // Folding the WAL in overwrites what was deleted; if the disk is full, the next lock does it.
            let _ = open.vault.checkpoint();
        }
    }

    fn begin(dir: &Path, vault: Vault, mut seams: Seams, now: Now) -> Result<Self> {
        let mut actor = [0; 16];
        seams.random.fill(&mut actor);
        let actor = Actor::new(actor);
        let open = Open::load(vault, actor, &mut seams, now)?;
        Ok(Self {
            dir: dir.to_owned(),
            seams,
            actor,
            open: Some(open),
        })
    }
}

impl Open {
    fn load(mut vault: Vault, actor: Actor, seams: &mut Seams, now: Now) -> Result<Self> {
        let key = load_key(&mut vault, seams, now)?;
        let me = Me::load(&mut vault, &key)?;
        let shelf = Shelf::load(&mut vault, &me, now)?;
        Ok(Self {
            vault,
            key,
            me,
            shelf,
            cases: BTreeMap::new(),
            touched_ms: now.uptime_ms,
            actor,
            joining: None,
            running: None,
            checked_marks: false,
        })
    }
}

/// The device's signing key: made once, in the first opening that can write.
fn load_key(vault: &mut Vault, seams: &mut Seams, now: Now) -> Result<SigningKey> {
    if let Some(seed) = vault.look(|connection| Ok(facts::get(connection, Fact::DeviceKey)?))? {
        let seed = zeroize::Zeroizing::new(seed);
        return Ok(SigningKey::from_seed(
            Secret::parse(&seed).ok_or(Error::Internal("device-key"))?,
        ));
    }
    let key = SigningKey::make(seams.random.as_mut());
    vault.write(now, |tx| {
        Ok(facts::put(tx, Fact::DeviceKey, key.seed().expose())?)
    })?;
    Ok(key)
}
