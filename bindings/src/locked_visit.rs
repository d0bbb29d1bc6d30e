//! A new visit without unlocking: two taps, no PIN. What it captures is sealed as it is written, and joined once the vault is open.

use crate::error::{CODE_PANIC, MooringError};
use crate::keys::{self, Watch};
use crate::panics;
use crate::phone::BlockingPhone;
use crate::shown::{CaseShown, Reader};
use crate::visit::{AnswerPlace, Given, new_answer};
use mooring_casefile::{AssessmentId, CaseId, Now, Told};
use mooring_device::{Error, LockedVisit};
use std::sync::{Arc, Mutex, PoisonError};

/// A visit that was begun without unlocking. Every call blocks until what it captured is on disk. Letting it go loses nothing.
///
/// Apps use the `LockedVisit` of their language's package instead, which waits off the main thread.
#[derive(uniffi::Object)]
pub struct BlockingLockedVisit {
    case: CaseId,
    language: String,
    watch: Arc<dyn Watch>,
    visit: Mutex<Option<LockedVisit>>,
}

#[uniffi::export]
impl BlockingPhone {
    /// Begins a visit on an enrolled phone, whether the vault is locked or not. Once the vault is open, the case is there under the id
    /// that it has now.
    pub fn begin_locked_visit(
        &self,
        title: String,
        minor: Option<bool>,
    ) -> Result<Arc<BlockingLockedVisit>, MooringError> {
        let seams = keys::seams(self.keystore());
        let visit =
            self.door(|_, now| LockedVisit::begin(self.dir(), &title, minor, seams, now))?;
        Ok(Arc::new(BlockingLockedVisit {
            case: visit.case(),
            language: self.language(),
            watch: Arc::clone(self.watch()),
            visit: Mutex::new(Some(visit)),
        }))
    }
}

#[uniffi::export]
impl BlockingLockedVisit {
    /// The case, under the id that it keeps.
    pub fn case_id(&self) -> CaseId {
        self.case
    }

    /// Everything that was captured in this visit, as a case is shown.
    pub fn show(&self) -> Result<CaseShown, MooringError> {
        self.door(|visit, _| Ok(self.shown(visit)))
    }

    /// Begins the newest protocol of this key that the app brings.
    pub fn start(&self, protocol: String) -> Result<AssessmentId, MooringError> {
        self.door(|visit, now| visit.start(&protocol, now))
    }

    /// Records an answer, at the path of a step, and gives the case as it is then.
    pub fn answer(&self, at: AnswerPlace, given: Given) -> Result<CaseShown, MooringError> {
        self.record(&at, given, None)
    }

    /// The same, with how the answer came to be told.
    pub fn answer_told(
        &self,
        at: AnswerPlace,
        given: Given,
        told: Told,
    ) -> Result<CaseShown, MooringError> {
        self.record(&at, given, Some(told))
    }
}

impl BlockingLockedVisit {
    fn record(
        &self,
        at: &AnswerPlace,
        given: Given,
        told: Option<Told>,
    ) -> Result<CaseShown, MooringError> {
        let new = new_answer(at, given, told);
        self.door(|visit, now| {
            visit.record_answer(&new, now)?;
            Ok(self.shown(visit))
        })
    }

    fn shown(&self, visit: &mut LockedVisit) -> CaseShown {
        let mooring_device::CaseShown { view, sync, names } = visit.show();
        let name = |person: &_| names.get(person).cloned().unwrap_or_default();
        let reader = Reader {
            name: &name,
            language: &self.language,
        };
        reader.case(view, sync)
    }

    /// The door of every verb, as the phone's: one at a time, with the time of now, and a panic caught. After one this object gives
    /// nothing any more; what it captured is on disk.
    fn door<T>(
        &self,
        verb: impl FnOnce(&mut LockedVisit, Now) -> Result<T, Error>,
    ) -> Result<T, MooringError> {
        let now = keys::now(self.watch.as_ref())?;
        let mut held = self.visit.lock().unwrap_or_else(PoisonError::into_inner);
        let broken = MooringError::Internal { code: CODE_PANIC };
        let Some(visit) = held.as_mut() else {
            return Err(broken);
        };
        if let Some(done) = panics::caught(|| verb(visit, now)) {
            return Ok(done?);
        }
        let gone = held.take();
        let _ = panics::caught(|| drop(gone));
        Err(broken)
    }
}
