//! Keeping: a half as bytes with its heads beside it, and opening what was kept, strictly.

use std::collections::BTreeMap;

use automerge::Automerge;

use super::{CaseFile, HalfFile};
use crate::{
    guard::{document, expand, read_change},
    history::History,
    ids::{Actor, CaseId, ChangeId},
    people::Attribution,
    run::Half,
};

const VERSION: u8 = 0;

/// A half in one piece.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// A version byte, then the document.
    pub bytes: Vec<u8>,
    /// The heads that it must have when it is opened; kept beside the bytes, never inside.
    pub heads: Vec<ChangeId>,
}

/// What is kept of one half: perhaps a snapshot, and the changes since.
#[derive(Clone, Default)]
pub struct StoredHalf {
    /// What receipted changes were compacted into.
    pub snapshot: Option<Snapshot>,
    /// Changes in the order in which they were saved; ones that the snapshot holds do no harm.
    pub changes: Vec<Vec<u8>>,
}

/// What is kept of a case file.
#[derive(Clone)]
pub struct Stored {
    /// Which case.
    pub case: CaseId,
    /// The field half.
    pub field: StoredHalf,
    /// The HQ half.
    pub hq: StoredHalf,
    /// Who is behind each actor.
    pub who: Vec<(Half, Actor, Attribution)>,
}

/// Why a case file could not be opened. What is stored stays as it is, to be salvaged or fetched again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Written by a later version of this software.
    #[error("this case was saved by a newer version")]
    TooNew,
    /// The snapshot of a half is damaged.
    #[error("the saved state of the case is damaged")]
    DamagedSnapshot(Half),
    /// A change is damaged; the number counts the stored changes of that half from 0.
    #[error("a saved change of the case is damaged")]
    DamagedChange(Half, usize),
    /// What was read is not what was saved: something is missing.
    #[error("the case does not read back as it was saved")]
    HeadsDiffer(Half),
    /// It is not stored who is behind an actor.
    #[error("it is not stored who wrote a part of the case")]
    Unattributed(Half, Actor),
}

impl CaseFile {
    /// One half in one piece.
    pub fn save(&self, half: Half) -> Snapshot {
        let HalfFile { doc, history } = self.half(half);
        let mut bytes = vec![VERSION];
        bytes.extend(doc.save());
        Snapshot {
            bytes,
            heads: history.heads(),
        }
    }

    /// Opens what was kept.
    ///
    /// # Errors
    /// [`OpenError`], and nothing half-opened.
    pub fn open(stored: &Stored) -> Result<Self, OpenError> {
        let mut file = Self::new(stored.case);
        file.field = HalfFile::open(stored.case, Half::Field, &stored.field)?;
        file.hq = HalfFile::open(stored.case, Half::Hq, &stored.hq)?;
        file.who = attributions(&stored.who);
        for half in Half::BOTH {
            let unknown = file
                .history(half)
                .actors()
                .find(|(actor, _)| !file.who.contains_key(&(half, **actor)));
            if let Some((actor, _)) = unknown {
                return Err(OpenError::Unattributed(half, *actor));
            }
        }
        Ok(file)
    }
}

impl HalfFile {
    fn open(case: CaseId, half: Half, stored: &StoredHalf) -> Result<Self, OpenError> {
        let mut file = Self::new(case, half);
        if let Some(snapshot) = &stored.snapshot {
            file.open_snapshot(half, snapshot)?;
        }
        file.replay(half, &stored.changes)?;
        Ok(file)
    }

    fn open_snapshot(&mut self, half: Half, snapshot: &Snapshot) -> Result<(), OpenError> {
        let damaged = OpenError::DamagedSnapshot(half);
        let (version, bytes) = snapshot.bytes.split_first().ok_or(damaged)?;
        if *version != VERSION {
            return Err(OpenError::TooNew);
        }
        self.doc = document::load(bytes).ok_or(damaged)?;
        if document::heads_of(&self.doc) != snapshot.heads {
            return Err(OpenError::HeadsDiffer(half));
        }
        let case = self.history.case();
        self.history = Self::history_of(&self.doc, case, half).ok_or(damaged)?;
        Ok(())
    }

    /// The history that a document's changes tell.
    pub(super) fn history_of(doc: &Automerge, case: CaseId, half: Half) -> Option<History> {
        let mut history = History::new(case, half);
        // Automerge hands changes out with their dependencies first.
        for change in doc.get_changes(&[]) {
            history.admit(&expand(&change).ok()?).ok()?;
        }
        Some(history)
    }

    fn replay(&mut self, half: Half, stored: &[Vec<u8>]) -> Result<(), OpenError> {
        let mut changes = Vec::new();
        for (index, bytes) in stored.iter().enumerate() {
            let damaged = OpenError::DamagedChange(half, index);
            let (change, parsed) = read_change(bytes).map_err(|_| damaged)?;
            if self.history.entry(&parsed.id).is_none() {
                self.history.admit(&parsed).map_err(|_| damaged)?;
                changes.push(change);
            }
        }
        let heads = self.history.heads();
        self.doc =
            document::replay(&self.doc, &changes, &heads).ok_or(OpenError::HeadsDiffer(half))?;
        Ok(())
    }
}

fn attributions(who: &[(Half, Actor, Attribution)]) -> BTreeMap<(Half, Actor), Attribution> {
    who.iter()
        .map(|(half, actor, who)| ((*half, *actor), *who))
        .collect()
}

// What a person said is never printed.
impl std::fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "Snapshot {{ {} bytes, {:?} }}",
            self.bytes.len(),
            self.heads
        )
    }
}
