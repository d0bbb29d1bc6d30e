//! Making, opening and locking a vault.

use crate::case::Shelf;
use crate::device::{Device, Open, Visit};
use crate::error::{Error, Result};
use crate::lease::LeaseClock;
use crate::me::Me;
use crate::seams::Seams;
use crate::vault::sql::facts::{self, Fact};
use crate::vault::{self, By, Older, Vault};
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
    pub fn open(dir: &Path, pin: &[u8], seams: Seams, now: Now) -> Result<Self> {
        Self::open_by(dir, By::Pin(pin), Older::Refuse, seams, now)
    }

    /// The same, by PIN or finger, and with the person's word about a vault that is older than what this phone has seen.
    pub fn open_by(
        dir: &Path,
        by: By<'_>,
        older: Older,
        mut seams: Seams,
        now: Now,
    ) -> Result<Self> {
        let vault = vault::open(dir, by, older, &mut seams, now)?;
        Self::begin(dir, vault, seams, now)
    }

    /// Opens it again after a lock, in the same process and under the same actor.
    pub fn unlock(&mut self, pin: &[u8], now: Now) -> Result<()> {
        self.unlock_by(By::Pin(pin), Older::Refuse, now)
    }

    /// The same, by PIN or finger, and with the person's word about a vault that is older than what this phone has seen.
    pub fn unlock_by(&mut self, by: By<'_>, older: Older, now: Now) -> Result<()> {
        if self.open.is_some() {
            return Ok(());
        }
        let vault = vault::open(&self.dir, by, older, &mut self.seams, now)?;
        let open = Open::load(vault, self.actor, &mut self.seams, now)?;
        if open.restored || open.vault.unmarked() {
            // A vault that is older, or that nothing vouches for, may lack what this process wrote: no number is used twice.
            self.actor = fresh_actor(&mut self.seams);
        }
        let mut visit = std::mem::take(&mut self.visit);
        visit.cases.extend(open.visit.cases.iter().copied());
        self.open = Some(Open {
            actor: self.actor,
            visit,
            ..open
        });
        Ok(())
    }

    /// Closes the vault and forgets what was read from it. What was acknowledged is on disk already; what HQ lacks is sealed to it first.
    pub fn lock(&mut self) {
        self.calling_since_ms = None;
        if let Some(mut open) = self.open.take() {
            // A full disk keeps nobody from locking: the next tick or lock seals it.
            let now = open.now;
            let _ = open.seal_outbox(&mut self.seams, now);
            open.note_lease(now);
            self.visit = std::mem::take(&mut open.visit);
            // Folding the WAL in overwrites what was deleted; if the disk is full, the next lock does it.
            let _ = open.vault.checkpoint();
        }
    }

    pub(crate) fn begin(dir: &Path, vault: Vault, mut seams: Seams, now: Now) -> Result<Self> {
        let actor = fresh_actor(&mut seams);
        let open = Open::load(vault, actor, &mut seams, now)?;
        Ok(Self {
            dir: dir.to_owned(),
            seams,
            actor,
            open: Some(open),
            calling_since_ms: None,
            visit: Visit::default(),
        })
    }
}

impl Open {
    fn load(mut vault: Vault, actor: Actor, seams: &mut Seams, now: Now) -> Result<Self> {
        let key = load_key(&mut vault, seams, now)?;
        let me = Me::load(&mut vault, &key)?;
        let shelf = Shelf::load(&mut vault, &me, now)?;
        let restored = vault.look(|connection| Ok(facts::get(connection, Fact::Restored)?))?;
        let (lease, ordered) = vault.look(|connection| {
            let lease = facts::get(connection, Fact::Lease)?;
            Ok((lease, facts::get(connection, Fact::Order)?))
        })?;
        let mut open = Self {
            vault,
            key,
            me,
            shelf,
            cases: BTreeMap::new(),
            touched_ms: now.uptime_ms,
            now,
            actor,
            joining: None,
            running: None,
            checked_marks: false,
            restored: restored.is_some(),
            lease: stored_lease(lease.as_deref()),
            visit: Visit::default(),
            wipe_ordered: ordered.is_some(),
        };
        open.use_new_keys(seams, now);
        // What can't be joined now, on a full disk, lies where it is until the next opening.
        let _ = open.join_captured(now);
        let _ = open.take_over_said(now);
        open.note_lease(now);
        Ok(open)
    }

    /// Seals the vault's key to the agency's custodians, and writes beside the vault what must be known while it is locked. Whatever
    /// stands in its way now is tried again at the next opening.
    pub(crate) fn use_new_keys(&mut self, seams: &mut Seams, now: Now) {
        let _ = self.seal_to_custodians(seams, now);
        let _ = self.keep_outside(seams);
    }
}

fn stored_lease(stored: Option<&[u8]>) -> Option<LeaseClock> {
    stored.and_then(|bytes| LeaseClock::parse(bytes).ok())
}

pub(crate) fn fresh_actor(seams: &mut Seams) -> Actor {
    let mut actor = [0; 16];
    seams.random.fill(&mut actor);
    Actor::new(actor)
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
