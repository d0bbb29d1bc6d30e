//! A new visit without unlocking: two taps in a crisis, no PIN (SAFETY rule 14).
//!
//! Each change is on disk before its call returns, sealed to the vault and to HQ: this process reads it in memory, and nobody reads it
//! again before the vault is opened. There it becomes the same changes of the same case.

mod join;
mod kept;

pub(crate) use kept::{FOLDER as CAPTURED, count_kept};

use crate::case::{OpenCase, Shelf, from_edit};
use crate::error::{BadInput, Error, Missing, Result};
use crate::outbox::Outbox;
use crate::outside::{self, Outside};
use crate::protocols::{ShelvedProtocol, shelved};
use crate::record_answer::{NewAnswer, accept};
use crate::seams::Seams;
use crate::show::CaseShown;
use crate::sync::derive_sync;
use crate::vault::sql::proofs::FromPartner;
use kept::Kept;
use mooring_casefile::{
    Actor, AssessmentId, Attribution, CaseFile, CaseId, CaseView, Change, Edit, EditError, Half,
    NewCase, Now, PersonId, Roles, Shelf as _, Writer,
};
use mooring_exchange::{OutboxHead, OutboxRecord};
use std::path::{Path, PathBuf};

/// Longer titles are notes.
const LONGEST_TITLE: usize = 500;

/// A visit that was begun without unlocking. Dropping it loses nothing: what was captured is joined when the vault is opened.
pub struct LockedVisit {
    dir: PathBuf,
    seams: Seams,
    outside: Outside,
    shelf: Shelf,
    case: OpenCase,
    by: Writer,
}

impl LockedVisit {
    /// Begins one on an enrolled phone. Only files that this phone's keystore vouches for say whom to seal to.
    pub fn begin(
        dir: &Path,
        title: &str,
        minor: Option<bool>,
        mut seams: Seams,
        now: Now,
    ) -> Result<Self> {
        let title = title.trim();
        if title.is_empty() || title.len() > LONGEST_TITLE {
            return Err(Error::BadInput(BadInput::Length));
        }
        let outside = outside::believe(dir, seams.provider.as_mut())?;
        // Who the person is lies in the vault: until it is opened they are this phone.
        let who = Attribution {
            device: outside.device,
            person: PersonId::new(outside.device.bytes()),
            roles: Roles::NONE,
        };
        let mut actor = [0; 16];
        seams.random.fill(&mut actor);
        let by = Writer {
            actor: Actor::new(actor),
            who,
        };
        let new = NewCase {
            case: CaseId::derive(now.wall_ms, seams.ten()),
            title: title.to_owned(),
            minor,
        };
        let (file, change) = CaseFile::create(&new, &by, now).map_err(from_edit)?;
        let mut visit = Self {
            dir: dir.to_owned(),
            seams,
            outside,
            shelf: Shelf::starter(who.person, now),
            case: OpenCase::new(file),
            by,
        };
        visit.keep(&[change], now)?;
        Ok(visit)
    }

    /// The case, under the id that it keeps.
    pub fn case(&self) -> CaseId {
        self.case.file.case()
    }

    /// Everything that was captured in this visit.
    pub fn view(&mut self) -> &CaseView {
        self.case.view(&self.shelf)
    }

    /// The case as a screen shows it. No receipt can name it before the vault is open and its person has signed: all of it is on this
    /// phone only, whatever HQ may hold sealed and unsigned.
    pub fn show(&mut self) -> CaseShown {
        let me = self.by.who;
        let (file, view) = self.case.both(&self.shelf);
        let marks = file.marks(Half::Field);
        let unsent = marks.values().map(|(seq, _)| *seq).sum();
        let sync = derive_sync(
            view,
            &[],
            unsent,
            FromPartner::default(),
            &[],
            (&me, &self.shelf),
        );
        let people = file.who().into_iter().map(|(_, _, who)| who.person);
        CaseShown {
            names: people
                .map(|person| (person, self.shelf.name(&person)))
                .collect(),
            view: view.clone(),
            sync,
        }
    }

    /// Begins the newest protocol of this key.
    pub fn start(&mut self, protocol: &str, now: Now) -> Result<AssessmentId> {
        let found = self
            .shelf
            .newest(protocol)
            .ok_or(Error::NotFound(Missing::Protocol))?;
        let id = AssessmentId::derive(now.wall_ms, self.seams.ten());
        let edit = Edit::StartAssessment {
            id,
            protocol: found.hash(),
            key: found.key().to_owned(),
        };
        self.apply(&edit, now)?;
        Ok(id)
    }

    /// Records an answer. Once this returns it is on disk, sealed. An answer taken back goes on governing until the vault is open and
    /// its author confirms: whether it has left the phone, nobody can tell here.
    pub fn record_answer(&mut self, new: &NewAnswer, now: Now) -> Result<()> {
        if new.case != self.case() {
            return Err(Error::NotFound(Missing::Case));
        }
        let assessment = self
            .case
            .view(&self.shelf)
            .assessment(new.assessment)
            .ok_or(Error::NotFound(Missing::Assessment))?;
        let answers = accept(new, assessment, &self.shelf, &mut self.seams, now)?;
        let edit = Edit::Answer {
            assessment: new.assessment,
            answers,
            told: new.told.clone(),
        };
        self.apply(&edit, now)
    }

    fn apply(&mut self, edit: &Edit, now: Now) -> Result<()> {
        let before = self.case.file.clone();
        let change = match self.case.changing().apply(edit, &self.by, now) {
            Ok(change) => change,
            Err(EditError::NothingNew) => return Ok(()),
            Err(error) => return Err(from_edit(error)),
        };
        let kept = self.keep(&[change], now);
        if kept.is_err() {
            // What is not on disk must not be built upon.
            *self.case.changing() = before;
        }
        kept
    }

    /// The vault's copy counts: once it is on disk, the change is acknowledged. HQ's lies beside it where HQ has said whom to seal to;
    /// should only that fail, the opened vault seals it again.
    fn keep(&mut self, changes: &[Change], now: Now) -> Result<()> {
        let runs: Vec<_> = changes.iter().cloned().map(Change::into_run).collect();
        let random = self.seams.random.as_mut();
        let kept = Kept::seal(&self.outside, changes, &runs, random)?;
        kept.store(&self.dir, random)?;
        if let Some(keys) = self.outside.sealing_keys() {
            let head = OutboxHead {
                agency: self.outside.agency,
                device: self.outside.device,
                epoch: 0,
                made_ms: now.wall_ms,
                serial: keys.serial,
            };
            if let Ok(record) = OutboxRecord::seal_unsigned(head, &runs, keys.hq, random) {
                let _ = Outbox::open(&self.dir).and_then(|mut outbox| outbox.add(&record, random));
            }
        }
        Ok(())
    }
}

/// The guides that open without unlocking: those that this version of the app brings.
pub fn guides(now: Now) -> Vec<ShelvedProtocol> {
    let shelf = Shelf::starter(PersonId::new([0; 16]), now);
    let mut guides: Vec<_> = shelf
        .all()
        .map(|kept| shelved(&kept.protocol, kept.origin))
        .collect();
    guides.sort_by(|a, b| a.key.cmp(&b.key));
    guides
}
