//! A visit: one case, one assessment, and the people who write into it, each on a copy of their own.

use mooring_casefile::{
    Accepted, AssessmentId, CaseFile, CaseId, ChangeId, ConfirmKind, Edit, EditError, ItemView,
    NewCase, Place, RecordId, Risk, Seen, ValueStanding,
};
use mooring_protocol::{Answer, Domain, Level};

use crate::world::{Books, Fate, Phone, START_MS, meet, no, path, writer, yes};

/// A visit: one case, one assessment, and whoever holds a copy.
pub(crate) struct Visit {
    pub(crate) fate: Fate,
    pub(crate) books: Books,
    pub(crate) phones: Vec<Phone>,
    pub(crate) assessment: AssessmentId,
}

impl Visit {
    /// The first of these people begins the case and the assessment; all hold a copy.
    pub(crate) fn of(people: &[u8]) -> Self {
        let mut fate = Fate::default();
        let books = Books::new();
        let first = writer(people[0]);
        let case = CaseId::derive(START_MS, fate.chance());
        let new = NewCase {
            case,
            title: "Bridge".to_owned(),
            minor: None,
        };
        let (mut file, _) = CaseFile::create(&new, &first, fate.now()).unwrap();
        let assessment = fate.assessment();
        let start = Edit::StartAssessment {
            id: assessment,
            protocol: books.talk(),
            key: "talk".to_owned(),
        };
        file.apply(&start, &first, fate.now()).unwrap();
        let phones = people
            .iter()
            .map(|person| Phone::of(*person, &file))
            .collect();
        Self {
            fate,
            books,
            phones,
            assessment,
        }
    }

    pub(crate) fn phone(&mut self, person: u8) -> &mut Phone {
        self.phones
            .iter_mut()
            .find(|phone| phone.writer.who.person.bytes()[0] == person)
            .unwrap()
    }

    #[track_caller]
    pub(crate) fn write(&mut self, person: u8, edit: &Edit) -> ChangeId {
        self.try_write(person, edit).unwrap()
    }

    pub(crate) fn try_write(&mut self, person: u8, edit: &Edit) -> Result<ChangeId, EditError> {
        let mut fate = std::mem::take(&mut self.fate);
        let written = self.phone(person).write(edit, &mut fate);
        self.fate = fate;
        written.map(|change| change.id)
    }

    #[track_caller]
    pub(crate) fn answer(&mut self, person: u8, link: &str, answer: Answer) -> ChangeId {
        self.answer_in(person, self.assessment, link, answer)
    }

    #[track_caller]
    pub(crate) fn answer_in(
        &mut self,
        person: u8,
        assessment: AssessmentId,
        link: &str,
        answer: Answer,
    ) -> ChangeId {
        self.write(
            person,
            &Edit::Answer {
                assessment,
                answers: vec![(path(link), answer)],
                told: None,
            },
        )
    }

    /// Every question with a "no" that gives no level.
    pub(crate) fn answer_all(&mut self, person: u8) {
        for (link, answer) in [
            ("wish", no()),
            ("thoughts", no()),
            ("attempt", no()),
            ("support", yes()),
        ] {
            let edit = Edit::Answer {
                assessment: self.assessment,
                answers: vec![(path(link), answer)],
                told: None,
            };
            let written = self.try_write(person, &edit);
            assert!(matches!(written, Ok(_) | Err(EditError::NothingNew)));
        }
    }

    pub(crate) fn place(&self, link: &str) -> Place {
        Place::answer(self.assessment, path(link))
    }

    pub(crate) fn settle(&mut self, link: &str, seen: &[ChangeId], choice: ChangeId) -> Edit {
        let (id, place) = (self.fate.record(), self.place(link));
        Edit::Settle {
            id,
            place,
            seen: seen.to_vec(),
            choice,
            replaces: Vec::new(),
            reason: "asked again".to_owned(),
        }
    }

    pub(crate) fn confirm(&mut self, link: &str, earlier: &[ChangeId]) -> Edit {
        let (id, place, earlier) = (self.fate.record(), self.place(link), earlier.to_vec());
        Edit::Confirm {
            id,
            place,
            earlier,
            reason: "misheard".to_owned(),
            kind: ConfirmKind::Confirmed,
        }
    }

    pub(crate) fn undo(&mut self, link: &str, slip: ChangeId) -> Edit {
        let (id, place) = (self.fate.record(), self.place(link));
        Edit::Confirm {
            id,
            place,
            earlier: vec![slip],
            reason: String::new(),
            kind: ConfirmKind::Undo,
        }
    }

    pub(crate) fn start(&mut self, person: u8) -> AssessmentId {
        let id = self.fate.assessment();
        let protocol = self.books.talk();
        self.write(
            person,
            &Edit::StartAssessment {
                id,
                protocol,
                key: "talk".to_owned(),
            },
        );
        id
    }

    pub(crate) fn override_level(&mut self, person: u8, level: Level) -> RecordId {
        let id = self.fate.record();
        let reason = "what I see".to_owned();
        self.write(
            person,
            &Edit::Override {
                id,
                domain: Domain::Suicide,
                level,
                reason,
            },
        );
        id
    }

    pub(crate) fn accept(&mut self, accepted: Accepted) -> Edit {
        Edit::Accept {
            id: self.fate.record(),
            accepted,
            reason: "read both".to_owned(),
        }
    }

    pub(crate) fn meet(&mut self) {
        meet(&mut self.phones);
    }

    pub(crate) fn risk(&mut self, person: u8) -> Risk {
        let file = self.phone(person).file.clone();
        file.risk(&self.books)
    }

    pub(crate) fn item(&mut self, person: u8, link: &str) -> ItemView {
        let file = self.phone(person).file.clone();
        let view = file.view(&self.books);
        let one = view.assessment(self.assessment).unwrap();
        one.items
            .iter()
            .find(|item| item.path == path(link))
            .unwrap()
            .clone()
    }

    pub(crate) fn seen(&mut self, person: u8, assessment: AssessmentId) -> Seen {
        let file = self.phone(person).file.clone();
        let digest = file
            .view(&self.books)
            .assessment(assessment)
            .unwrap()
            .digest;
        Seen { assessment, digest }
    }

    /// The level on everybody's copy, and whether anything is contested.
    #[track_caller]
    pub(crate) fn check(&mut self, words: &str, contested: bool) {
        self.meet();
        for phone in &self.phones {
            let risk = phone.file.risk(&self.books);
            assert_eq!((risk.shown().words(), risk.contested), (words, contested));
        }
    }

    /// What stands at a question, and which earlier values are held, both by their number in the order of writing.
    #[track_caller]
    pub(crate) fn check_values(
        &mut self,
        link: &str,
        ids: &[ChangeId],
        stand: &[usize],
        held: &[usize],
    ) {
        let person = self.phones[0].writer.who.person.bytes()[0];
        let item = self.item(person, link);
        let number = |id: &ChangeId| ids.iter().position(|other| other == id).unwrap();
        let mut stands: Vec<_> = item.values.iter().map(|value| number(&value.id)).collect();
        let earlier = item
            .earlier
            .iter()
            .filter(|value| value.standing == ValueStanding::Held);
        let mut holds: Vec<_> = earlier.map(|value| number(&value.id)).collect();
        stands.sort_unstable();
        holds.sort_unstable();
        assert_eq!((stands.as_slice(), holds.as_slice()), (stand, held));
    }
}
