//! Taking a case out to work on it. It goes back only once its change is on disk; otherwise the next reader reads the disk.

use super::Shelf;
use crate::device::Open;
use crate::error::{Error, Missing, Result, VaultFault};
use crate::vault::Halt;
use crate::vault::sql::actors::Hand;
use crate::vault::sql::{actors, cases, changes, halves};
use mooring_casefile::{
    Actor, Attribution, CaseFile, CaseId, CaseView, ChangeId, Half, OpenError, Stored, StoredHalf,
};
use rusqlite::Connection;

/// Cases kept in memory: a visit touches few, a pull after a week many.
const MOST_IN_MEMORY: usize = 64;

/// A case in memory, and what it comes to: derived once for every reader until it changes.
pub(crate) struct OpenCase {
    pub(crate) file: CaseFile,
    view: Option<CaseView>,
}

impl OpenCase {
    pub(crate) const fn new(file: CaseFile) -> Self {
        Self { file, view: None }
    }

    /// The case file and its view.
    pub(crate) fn both(&mut self, shelf: &Shelf) -> (&CaseFile, &CaseView) {
        let view = self.view.get_or_insert_with(|| self.file.view(shelf));
        (&self.file, view)
    }

    pub(crate) fn view(&mut self, shelf: &Shelf) -> &CaseView {
        self.both(shelf).1
    }

    /// The case file, to be changed: what was derived from it is forgotten.
    pub(crate) fn changing(&mut self) -> &mut CaseFile {
        self.view = None;
        &mut self.file
    }
}

impl Open {
    /// The case, taken out of memory or read from the vault.
    pub(crate) fn take(&mut self, case: CaseId) -> Result<OpenCase> {
        match self.cases.remove(&case) {
            Some(case) => Ok(case),
            None => self.read(case).map(OpenCase::new),
        }
    }

    /// Puts it back: what it holds is on disk.
    pub(crate) fn put_back(&mut self, case: OpenCase) {
        if self.cases.len() >= MOST_IN_MEMORY {
            self.cases.pop_first();
        }
        self.cases.insert(case.file.case(), case);
    }

    /// Reads without changing: the case stays in memory.
    pub(crate) fn with_case<T>(
        &mut self,
        case: CaseId,
        look: impl FnOnce(&mut OpenCase, &Self) -> T,
    ) -> Result<T> {
        let mut case = self.take(case)?;
        let seen = look(&mut case, self);
        self.put_back(case);
        Ok(seen)
    }

    /// Reads one of many: what was not in memory does not stay there.
    pub(crate) fn peek<T>(&mut self, case: CaseId, look: impl FnOnce(&CaseFile) -> T) -> Result<T> {
        match self.cases.get(&case) {
            Some(case) => Ok(look(&case.file)),
            None => self.read(case).map(|file| look(&file)),
        }
    }

    /// Whether the vault knows the case at all.
    pub(crate) fn knows(&mut self, case: CaseId) -> Result<bool> {
        self.vault
            .look(|connection| Ok(cases::one(connection, case)?.is_some()))
    }

    fn read(&mut self, case: CaseId) -> Result<CaseFile> {
        let me = self.me.attribution;
        let read = self
            .vault
            .look(|connection| match cases::one(connection, case)? {
                None => Err(Error::NotFound(Missing::Case).into()),
                Some(_) => load(connection, case, me),
            });
        // Damage stays in its case: the vault is open, and the other cases are whole.
        let damaged = |error: &Error| {
            matches!(
                error,
                Error::Vault(VaultFault::Corrupt) | Error::Internal(_)
            )
        };
        let (stored, heads) = read.map_err(|error| {
            if damaged(&error) {
                Error::CaseDamaged(case)
            } else {
                error
            }
        })?;
        let whole = whole(&stored, &heads);
        if matches!(whole, Err(Error::CaseDamaged(_))) {
            self.vault.reconnect()?;
        }
        whole
    }
}

/// The case file, if it reads back as it was saved.
fn whole(stored: &Stored, heads: &Expected) -> Result<CaseFile> {
    let damaged = Error::CaseDamaged(stored.case);
    let file = CaseFile::open(stored).map_err(|error| match error {
        OpenError::TooNew => Error::UpdateApp,
        OpenError::DamagedSnapshot(_)
        | OpenError::DamagedChange(..)
        | OpenError::HeadsDiffer(_)
        | OpenError::Unattributed(..) => damaged.clone(),
    })?;
    let version = file.version();
    let as_saved = Half::BOTH
        .iter()
        .zip(heads)
        .all(|(half, heads)| version.heads(*half) == heads.as_slice());
    if as_saved { Ok(file) } else { Err(damaged) }
}

type Expected = [Vec<ChangeId>; 2];

fn load(
    connection: &Connection,
    case: CaseId,
    me: Attribution,
) -> Result<(Stored, Expected), Halt> {
    let (field, field_heads) = load_half(connection, case, Half::Field)?;
    let (hq, hq_heads) = load_half(connection, case, Half::Hq)?;
    let who = actors::of_case(connection, case)?
        .into_iter()
        .map(|(half, actor, hand)| named(half, actor, hand, me));
    Ok((
        Stored {
            case,
            field,
            hq,
            who: who.collect(),
        },
        [field_heads, hq_heads],
    ))
}

fn load_half(
    connection: &Connection,
    case: CaseId,
    half: Half,
) -> Result<(StoredHalf, Vec<ChangeId>), Halt> {
    let changes = changes::of_half(connection, case, half)?;
    let (snapshot, heads) = match halves::get(connection, case, half)? {
        Some(row) => (row.snapshot, row.heads),
        None => (None, Vec::new()),
    };
    Ok((StoredHalf { snapshot, changes }, heads))
}

fn named(half: Half, actor: Actor, hand: Hand, me: Attribution) -> (Half, Actor, Attribution) {
    match hand {
        Hand::Own => (half, actor, me),
        Hand::Of(who) => (half, actor, who),
    }
}
