//! One case as a page shows it: read, audited, opened, and stored exactly as it is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use mooring_casefile::{
    CaseFile, CaseId, CaseView, DeviceId, Difference, Edit, Half, Holding, Now, Operation,
    PersonId, Risk, Version, may,
};
use mooring_protocol::{Protocol, ProtocolHash};

use super::row::row;
use super::shown::ShownPage;
use super::{Draft, Holder, QueueRow, ShownId, Who, stamp_words};
use crate::access::Session;
use crate::caseboard::{HeldRun, Opening, Shelves, Survey};
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// A case as it stands, and what this reader may do with it.
pub struct CasePage {
    /// Which case.
    pub case: CaseId,
    /// The same facts as in the queue.
    pub row: QueueRow,
    /// Everything known.
    pub view: CaseView,
    /// What it comes to.
    pub risk: Risk,
    /// The case file itself.
    pub file: Arc<CaseFile>,
    /// The protocols and names that it was read with.
    pub shelf: Arc<Shelves>,
    /// The version that is shown.
    pub version: Version,
    /// Names the page as shown; a form carries it back.
    pub shown: ShownId,
    /// The short stamp of what is shown.
    pub shown_words: String,
    /// When anything last arrived for it.
    pub received_ms: i64,
    /// Who is who.
    pub people: BTreeMap<PersonId, Who>,
    /// What changed since the last review; nothing where there is none.
    pub since_review: Vec<Difference>,
    /// Runs that arrived and are not in what is shown, waiting ones first.
    pub held: Vec<HeldRun>,
    /// The phones that wrote in it.
    pub phones: Vec<Phone>,
    /// Who opened it, oldest first.
    pub openings: Vec<Opening>,
    /// What this reader has typed and not sent.
    pub draft: Draft,
    /// Who holds it.
    pub holders: Vec<Holder>,
    /// What this reader may do.
    pub may: May,
    /// The protocols that its assessments name, as far as HQ has them.
    pub protocols: BTreeMap<ProtocolHash, Arc<Protocol>>,
}

/// A phone of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub device: DeviceId,
    /// Its owner's name.
    pub name: String,
    /// When it was last heard from.
    pub heard_ms: Option<i64>,
}

/// What a reader may do; where not, why not, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct May {
    /// Sign a review.
    pub sign: Result<(), String>,
    /// Settle what people differ about.
    pub settle: Result<(), String>,
    /// Accept that something governs downward.
    pub accept: Result<(), String>,
    /// State a level by judgment.
    pub override_level: Result<(), String>,
    /// Send and withdraw advice.
    pub advise: Result<(), String>,
    /// Give the case to somebody, or end it.
    pub assign: Result<(), String>,
}

impl May {
    fn of(by: &Session) -> Self {
        let may = |operation| by.may(operation).map_err(|refused| refused.words());
        Self {
            sign: may(Operation::Sign),
            settle: may(Operation::SettleUp),
            accept: may(Operation::Accept),
            override_level: may(Operation::OverrideDown),
            advise: may(Operation::Advise),
            assign: may(Operation::AssignCase),
        }
    }
}

impl Headquarters {
    /// Opens a case: phones learn who opened it and when (rule 12).
    pub fn case(&self, by: &Session, case: CaseId, now: Now) -> Result<CasePage, Refused> {
        self.admit(by, Operation::ReadCase, "case", Some(case), now)?;
        self.note_opening(by, case, now)?;
        self.draw(by, case, now)
    }

    /// Shows a case again to somebody who has it open: audited, and no new opening.
    pub fn look_case(&self, by: &Session, case: CaseId, now: Now) -> Result<CasePage, Refused> {
        self.admit(by, Operation::ReadCase, "look-case", Some(case), now)?;
        self.draw(by, case, now)
    }

    /// The case file as it was shown on a page.
    pub fn shown_file(
        &self,
        by: &Session,
        case: CaseId,
        shown: ShownId,
        now: Now,
    ) -> Result<Arc<CaseFile>, Refused> {
        self.admit(by, Operation::ReadCase, "shown-file", Some(case), now)?;
        let page = self.office().find_shown(case, shown)?;
        let file = self.board().file(case).ok_or(Refused::NotFound)?;
        file.at(&page.version)
            .map(Arc::new)
            .map_err(|_| Refused::NotFound)
    }

    /// An opening is written once for each time that something waits: whoever reloads the page writes no second one.
    fn note_opening(&self, by: &Session, case: CaseId, now: Now) -> Result<(), Refused> {
        let mut board = self.board();
        let survey = board.survey_of(case).ok_or(Refused::NotFound)?;
        let news_ms = survey.last_ms;
        let opened = survey
            .openings
            .iter()
            .any(|opening| opening.person == by.staff && opening.at_ms >= news_ms);
        // Whoever reads and may judge nothing has not opened it for the team.
        let judges = may(Operation::SettleDown, Holding::AtHq, by.roles).at_all();
        if opened || !judges {
            return Ok(());
        }
        let edit = Edit::Opened {
            id: self.make_record(now),
        };
        self.write(&mut board, by, case, &edit, now)
    }

    fn draw(&self, by: &Session, case: CaseId, now: Now) -> Result<CasePage, Refused> {
        let mut board = self.board();
        board.refresh_shelves(self.office())?;
        let (shelf, file) = (board.shelves(), board.file(case).ok_or(Refused::NotFound)?);
        let survey = board.survey_of(case).ok_or(Refused::NotFound)?.clone();
        drop(board);
        let view = file.view(shelf.as_ref());
        let hashes: Vec<ProtocolHash> = view.assessments.iter().map(|one| one.protocol).collect();
        let page = ShownPage::draw(&file, &survey, &shelf, &hashes);
        Ok(CasePage {
            case,
            row: row(self.office(), &survey, &shelf, by, now)?.ok_or(Refused::NotFound)?,
            version: page.version.clone(),
            shown_words: stamp_words(&page.text_hash()),
            shown: self.office().keep_shown(by, case, &page, now)?,
            risk: view.risk.clone(),
            received_ms: survey.last_ms,
            people: self.people()?,
            since_review: since_review(&file, &view, &shelf),
            phones: self.phones_of(&view)?,
            draft: self.draft(by, case)?,
            holders: self.holders(case)?,
            may: May::of(by),
            protocols: hashes
                .iter()
                .filter_map(|hash| Some((*hash, shelf.take(hash)?)))
                .collect(),
            held: all_held(&survey),
            openings: survey.openings,
            view,
            file,
            shelf,
        })
    }

    fn phones_of(&self, view: &CaseView) -> Result<Vec<Phone>, Refused> {
        let wrote = |device| {
            view.timeline
                .iter()
                .any(|one| one.half == Half::Field && one.stamp.who.device == device)
        };
        let phones = self
            .phones()?
            .into_iter()
            .filter(|phone| wrote(phone.device));
        let phone = |one: crate::EnrolledPhone| Phone {
            person: one.person,
            device: one.device,
            name: one.name,
            heard_ms: one.heard_ms,
        };
        Ok(phones.map(phone).collect())
    }
}

fn all_held(survey: &Survey) -> Vec<HeldRun> {
    survey.waiting.iter().chain(&survey.held).cloned().collect()
}

fn since_review(file: &CaseFile, view: &CaseView, shelf: &Shelves) -> Vec<Difference> {
    let reviewed = view
        .reviews
        .last()
        .and_then(|review| file.at(&review.what.version).ok());
    reviewed
        .map(|then| file.difference(&then, shelf).lines)
        .unwrap_or_default()
}
