//! One assessment: its places read, and two sheets: what stands, and what governs where it is worse.

use std::collections::{BTreeMap, BTreeSet};

use mooring_protocol::{
    Answer, AnswerPath, Domain, Level, Person, Protocol, ProtocolHash, Sheet, Triage,
};

use super::{
    hidden::Hidden,
    slot::{SlotReading, Standing},
};
use crate::{
    file::CaseFile,
    history::{Slot, Start, Stored},
    ids::{AssessmentId, Digest, RecordId},
    moment::Stamp,
    record::Place,
    run::Half,
    shelf::Shelf,
    view::read_from,
};

/// One assessment, read.
pub(crate) struct AssessmentReading<'a> {
    pub(crate) id: AssessmentId,
    pub(crate) started: Stamp,
    pub(crate) key: &'a str,
    /// The protocols that it names: one, unless two writers began two assessments under one id.
    pub(crate) protocols: Vec<(ProtocolHash, Option<&'a Protocol>)>,
    pub(crate) slots: BTreeMap<&'a AnswerPath, SlotReading<'a>>,
    /// What stands.
    pub(crate) now: Sheet,
    /// What stands and what is held.
    pub(crate) all: Sheet,
    /// Closed answers that still count.
    pub(crate) hidden: Option<Hidden<'a>>,
    /// Whether a value that governs was written by a later version of this software.
    pub(crate) unreadable: bool,
    pub(crate) digest: Digest,
}

/// A level for each domain.
pub(crate) type Levels = BTreeMap<Domain, (Level, bool)>;

impl CaseFile {
    pub(crate) fn read_assessment<'a>(
        &'a self,
        id: AssessmentId,
        starts: &'a [Start],
        shelf: &'a dyn Shelf,
        set_aside: &BTreeSet<RecordId>,
    ) -> Option<AssessmentReading<'a>> {
        let first = starts.first()?;
        let protocols: BTreeSet<_> = starts.iter().map(|start| start.protocol).collect();
        let started = self.stamp(Half::Field, first.change)?;
        let mut reading = AssessmentReading {
            id,
            started,
            key: &first.key,
            protocols: protocols
                .into_iter()
                .map(|hash| (hash, shelf.protocol(&hash)))
                .collect(),
            slots: BTreeMap::new(),
            now: read_from(started),
            all: read_from(started),
            hidden: None,
            unreadable: false,
            digest: self.digest_of(id),
        };
        for path in self.paths_of(id) {
            let slot = self.read_slot(&Place::answer(id, path.clone()), set_aside);
            reading.add(path, slot);
        }
        reading.hidden = self.read_hidden(&reading);
        Some(reading)
    }

    fn paths_of(&self, id: AssessmentId) -> impl Iterator<Item = &AnswerPath> {
        self.history(Half::Field)
            .slots()
            .filter_map(move |(slot, _)| match slot {
                Slot::Answer(of, path) if *of == id => Some(path),
                Slot::Answer(..) | Slot::Title | Slot::Minor => None,
            })
    }
}

impl<'a> AssessmentReading<'a> {
    fn add(&mut self, path: &'a AnswerPath, slot: SlotReading<'a>) {
        for answer in slot.standing().filter_map(|write| write.value.answer()) {
            self.now.add(path.clone(), answer.clone());
        }
        for write in slot.governing() {
            match &write.value {
                Stored::Answer(answer, _) => self.all.add(path.clone(), answer.clone()),
                Stored::Retracted(_) => {}
                Stored::TooNew => self.unreadable = true,
            }
        }
        self.slots.insert(path, slot);
    }

    /// The one protocol that it follows, if it is here.
    pub(crate) fn protocol(&self) -> Option<&'a Protocol> {
        self.protocols.first().and_then(|(_, protocol)| *protocol)
    }

    pub(crate) fn knows_all_protocols(&self) -> bool {
        self.protocols
            .iter()
            .all(|(_, protocol)| protocol.is_some())
    }

    /// What its protocols say to a sheet. A protocol that is not here leaves every domain open, and so does a value that
    /// can't be read.
    pub(crate) fn triages(&self, sheet: &Sheet, person: Person) -> Vec<Triage> {
        let known = self.protocols.iter().filter_map(|(_, protocol)| *protocol);
        let mut triages: Vec<_> = known
            .map(|protocol| protocol.triage(sheet, person))
            .collect();
        if !self.knows_all_protocols() {
            triages.push(open_in(Domain::ALL));
        }
        if self.unreadable {
            let spoken_of: Vec<_> = triages
                .iter()
                .flat_map(|triage| &triage.domains)
                .map(|one| one.domain)
                .collect();
            triages.push(open_in(spoken_of));
        }
        triages
    }

    pub(crate) fn levels(&self, sheet: &Sheet, person: Person) -> Levels {
        let mut levels = Levels::new();
        for domain in self
            .triages(sheet, person)
            .iter()
            .flat_map(|triage| &triage.domains)
        {
            raise(&mut levels, domain.domain, (domain.level, domain.at_least));
        }
        levels
    }

    /// The levels that govern: of what stands, of what is held, and of closed answers that still count.
    pub(crate) fn governing_levels(&self, person: Person) -> Levels {
        let mut levels = self.levels(&self.all, person);
        if let Some(hidden) = &self.hidden {
            for (domain, (level, at_least)) in self.levels(&hidden.sheet, person) {
                if levels.get(&domain).is_none_or(|(there, _)| *there < level) {
                    levels.insert(domain, (level, at_least));
                }
            }
        }
        levels
    }

    /// The triages behind these levels.
    pub(crate) fn governing_triages(&self, person: Person) -> Vec<Triage> {
        let mut triages = self.triages(&self.all, person);
        if let Some(hidden) = &self.hidden {
            let plain = self.levels(&self.all, person);
            for mut triage in self.triages(&hidden.sheet, person) {
                triage.domains.retain(|one| {
                    plain
                        .get(&one.domain)
                        .is_none_or(|(level, _)| *level < one.level)
                });
                triages.push(triage);
            }
        }
        triages
    }

    /// Whether the person is a minor, as these answers say it: one "yes" among several is a yes.
    pub(crate) fn says_minor(&self, sheet: &Sheet) -> Option<bool> {
        let known = self.protocols.iter().filter_map(|(_, protocol)| *protocol);
        known
            .filter_map(|protocol| protocol.says_minor(sheet))
            .max()
    }

    /// Whether any level would be lower without these answers at a path, beside what stands or beside all that is held.
    pub(crate) fn would_lower(
        &self,
        path: &AnswerPath,
        without: &[Answer],
        person: Person,
    ) -> bool {
        if !self.knows_all_protocols() {
            return true;
        }
        [&self.now, &self.all].into_iter().any(|sheet| {
            let (more, less) = (
                with(sheet, path, without),
                without_these(sheet, path, without),
            );
            let younger =
                self.says_minor(&more) == Some(true) && self.says_minor(&less) != Some(true);
            younger || is_lower(&self.levels(&less, person), &self.levels(&more, person))
        })
    }

    /// Settlements that only an author stands behind and that would lower a level: rule 6 asks for more.
    pub(crate) fn lowering_settlements(&self, person: Person) -> BTreeSet<RecordId> {
        let mut lowering = BTreeSet::new();
        for (path, slot) in &self.slots {
            let mut taken: BTreeMap<RecordId, Vec<Answer>> = BTreeMap::new();
            for (write, standing) in &slot.values {
                if let (Standing::HeldByAuthor(by), Some(answer)) = (standing, write.value.answer())
                {
                    taken.entry(*by).or_default().push(answer.clone());
                }
            }
            let lowers = |answers: &Vec<Answer>| self.would_lower(path, answers, person);
            lowering.extend(
                taken
                    .iter()
                    .filter(|(_, answers)| lowers(answers))
                    .map(|(by, _)| *by),
            );
        }
        lowering
    }
}

/// Puts the worse of two levels.
pub(crate) fn raise(levels: &mut Levels, domain: Domain, (level, at_least): (Level, bool)) {
    let there = levels.entry(domain).or_insert((level, at_least));
    *there = (there.0.max(level), there.1 || at_least);
}

/// Whether any domain's level is lower in `now` than in `then`. An answer where there was none may close what was open:
/// only the level counts here, not "at least".
pub(crate) fn is_lower(now: &Levels, then: &Levels) -> bool {
    then.iter().any(|(domain, (level, _))| {
        now.get(domain)
            .map_or(Level::NothingEndorsed, |(level, _)| *level)
            < *level
    })
}

fn open_in(domains: impl IntoIterator<Item = Domain>) -> Triage {
    let open = |domain| mooring_protocol::DomainLevel {
        domain,
        level: Level::NothingEndorsed,
        at_least: true,
        reasons: Vec::new(),
        missing: Vec::new(),
    };
    Triage {
        domains: domains.into_iter().map(open).collect(),
        guidance: Vec::new(),
    }
}

fn with(sheet: &Sheet, path: &AnswerPath, answers: &[Answer]) -> Sheet {
    let mut sheet = sheet.clone();
    for answer in answers {
        sheet.add(path.clone(), answer.clone());
    }
    sheet
}

fn without_these(sheet: &Sheet, path: &AnswerPath, answers: &[Answer]) -> Sheet {
    let left: Vec<_> = sheet
        .get(path)
        .iter()
        .filter(|answer| !answers.contains(answer))
        .cloned()
        .collect();
    let mut sheet = sheet.clone();
    sheet.remove(path);
    with(&sheet, path, &left)
}
