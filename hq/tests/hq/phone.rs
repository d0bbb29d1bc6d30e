//! A phone that holds just enough to push and pull.

use std::collections::BTreeMap;

use mooring_casefile::{
    Actor, AssessmentId, Attribution, CaseFile, CaseId, DeviceId, Edit, NewCase, Now, PersonId,
    RecordId, Roles, Run, Shelf, Writer,
};
use mooring_exchange::{
    Effect, Entry, Event, MarkState, Means, PageEntry, PhoneStart, PushDraft, PushRefusal, Receipt,
    RunKey, RunMark, SealedPush, Session, Summary,
};
use mooring_hq::Headquarters;
use mooring_identity::{Enrolled, Enrolling, EnrolmentCode, Random, RootStatement, SigningKey};
use mooring_protocol::{Protocol, ProtocolHash, starter_pack};
use uuid::Uuid;

use crate::world::{INTERVIEW, Seeded};

/// The starter pack and no names.
pub(crate) struct Pack(pub(crate) Vec<Protocol>);

impl Shelf for Pack {
    fn protocol(&self, hash: &ProtocolHash) -> Option<&Protocol> {
        self.0.iter().find(|protocol| protocol.hash() == *hash)
    }

    fn name(&self, person: &PersonId) -> String {
        person.to_string()
    }
}

/// A phone.
pub(crate) struct Phone {
    pub(crate) enrolled: Enrolled,
    pub(crate) key: SigningKey,
    pub(crate) who: Attribution,
    pub(crate) actor: Actor,
    pub(crate) cases: BTreeMap<CaseId, CaseFile>,
    pub(crate) unsent: Vec<Run>,
    pub(crate) cursor: u64,
    pub(crate) dev_seq: u64,
    pub(crate) prev: [u8; 32],
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) fates: BTreeMap<RunKey, RunMark>,
    pub(crate) pulled: Vec<PageEntry>,
    pub(crate) refused: Vec<PushRefusal>,
    pub(crate) random: Seeded,
    pub(crate) pack: Pack,
}

impl Phone {
    pub(crate) fn enrol(hq: &Headquarters, person: PersonId, roles: Roles, now: Now) -> Self {
        let code = hq.make_code(person, "https://127.0.0.1:1", now).unwrap();
        let code = EnrolmentCode::parse(&code.text).unwrap();
        let root = RootStatement::open(hq.root()).unwrap();
        code.check_root(&root).unwrap();
        let mut random = Seeded(u64::from_be_bytes(person.bytes()[..8].try_into().unwrap()));
        let key = SigningKey::make(&mut random);
        let enrolling =
            Enrolling::begin(&code.derive_ticket(), root, &key, now.wall_ms, &mut random);
        let reply = hq.enrol(&enrolling.request().encode(), now).unwrap();
        let enrolled = enrolling.finish(&reply).unwrap();
        let device = DeviceId::new(enrolled.certificate.statement().device);
        let mut actor = [0; 16];
        random.fill(&mut actor);
        Self {
            enrolled,
            key,
            who: Attribution {
                device,
                person,
                roles,
            },
            actor: Actor::new(actor),
            cases: BTreeMap::new(),
            unsent: Vec::new(),
            cursor: 0,
            dev_seq: 0,
            prev: [0; 32],
            receipts: Vec::new(),
            fates: BTreeMap::new(),
            pulled: Vec::new(),
            refused: Vec::new(),
            random,
            pack: Pack(starter_pack()),
        }
    }

    pub(crate) fn writer(&self) -> Writer {
        Writer {
            actor: self.actor,
            who: self.who,
        }
    }

    pub(crate) fn chance(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        bytes
    }

    pub(crate) fn record(&mut self, now: Now) -> RecordId {
        RecordId::derive(now.wall_ms, self.chance())
    }

    pub(crate) fn new_case(&mut self, title: &str, now: Now) -> CaseId {
        let case = CaseId::derive(now.wall_ms, self.chance());
        let new = NewCase {
            case,
            title: title.into(),
            minor: None,
        };
        let (file, change) = CaseFile::create(&new, &self.writer(), now).unwrap();
        self.cases.insert(case, file);
        self.unsent.push(change.into_run());
        case
    }

    pub(crate) fn edit(&mut self, case: CaseId, edit: &Edit, now: Now) {
        let writer = self.writer();
        let change = self
            .cases
            .get_mut(&case)
            .unwrap()
            .apply(edit, &writer, now)
            .unwrap();
        self.unsent.push(change.into_run());
    }

    pub(crate) fn start(&mut self, case: CaseId, key: &str, now: Now) -> AssessmentId {
        let id = AssessmentId::derive(now.wall_ms, self.chance());
        let protocol = self
            .pack
            .0
            .iter()
            .find(|protocol| protocol.key() == key)
            .unwrap()
            .hash();
        self.edit(
            case,
            &Edit::StartAssessment {
                id,
                protocol,
                key: key.into(),
            },
            now,
        );
        id
    }

    pub(crate) fn answer(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        yes: bool,
        now: Now,
    ) {
        self.answer_with(
            case,
            assessment,
            link,
            &serde_json::json!({ "valueBoolean": yes }),
            now,
        );
    }

    pub(crate) fn answer_with(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        value: &serde_json::Value,
        now: Now,
    ) {
        let file = &self.cases[&case];
        let view = file.view(&self.pack);
        let one = view.assessment(assessment).unwrap();
        let random = &mut self.random;
        let mut fresh = || {
            let mut bytes = [0; 16];
            random.fill(&mut bytes);
            Uuid::from_bytes(bytes)
        };
        let answers = self
            .pack
            .protocol(&one.protocol)
            .unwrap()
            .accept(link, &[], value, &mut fresh, &one.sheet())
            .unwrap();
        self.edit(
            case,
            &Edit::Answer {
                assessment,
                answers,
                told: None,
            },
            now,
        );
    }

    /// The whole interview with "no", but for these.
    pub(crate) fn interview(&mut self, case: CaseId, yes: &[&str], now: Now) -> AssessmentId {
        let assessment = self.start(case, INTERVIEW, now);
        let mut links = vec![
            "attempt-now",
            "overdose-now",
            "means-in-hand",
            "act-now",
            "wish",
            "thoughts",
        ];
        if yes.contains(&"thoughts") {
            links.extend(["method", "intent", "plan"]);
        }
        links.push("behavior");
        for link in links {
            self.answer(case, assessment, link, yes.contains(&link), now);
        }
        self.answer_with(
            case,
            assessment,
            "own-words",
            &serde_json::json!({ "valueString": "nothing more" }),
            now,
        );
        assessment
    }

    /// Everything unsent as one push.
    pub(crate) fn seal(&mut self, now: Now) -> Option<SealedPush> {
        if self.unsent.is_empty() {
            return None;
        }
        let draft = PushDraft {
            agency: self.enrolled.root.statement().agency(),
            device: self.who.device,
            epoch: 0,
            dev_seq: self.dev_seq + 1,
            prev: self.prev,
            created_ms: now.wall_ms,
        };
        let runs = std::mem::take(&mut self.unsent);
        Some(SealedPush::make(&draft, &runs, &self.key, &mut self.random).unwrap())
    }

    pub(crate) fn start_session(&self, push: Option<SealedPush>) -> Session {
        let known = self
            .fates
            .values()
            .filter(|mark| mark.state != MarkState::Merged);
        Session::phone(PhoneStart {
            restored: None,
            agency: self.enrolled.root.statement().agency(),
            device: self.who.device,
            hq: self.enrolled.key_set.statement().clone(),
            cursor: self.cursor,
            push,
            ask: known.map(|mark| mark.key).collect(),
            check: Vec::new(),
            part: None,
        })
    }

    /// One whole exchange with everything unsent.
    pub(crate) fn exchange(&mut self, hq: &Headquarters, now: Now) -> Summary {
        let push = self.seal(now);
        self.exchange_push(hq, push, now)
    }

    pub(crate) fn exchange_push(
        &mut self,
        hq: &Headquarters,
        push: Option<SealedPush>,
        now: Now,
    ) -> Summary {
        let mut session = self.start_session(push);
        let mut event = Event::Start;
        loop {
            let effects = self.step(&mut session, event, now);
            let mut next = None;
            for effect in effects {
                match effect {
                    Effect::Send(bytes) => {
                        next = Some(Event::Reply(hq.exchange(&bytes, now).bytes));
                    }
                    Effect::Done(summary) => return summary,
                    stored => self.store(stored),
                }
            }
            event = next.unwrap_or(Event::Stored(None));
        }
    }

    pub(crate) fn step(&mut self, session: &mut Session, event: Event, now: Now) -> Vec<Effect> {
        session.on(
            event,
            &mut Means {
                key: &self.key,
                random: &mut self.random,
                now_ms: now.wall_ms,
            },
        )
    }

    pub(crate) fn store(&mut self, effect: Effect) {
        match effect {
            Effect::StoreReceipt(receipt) => {
                let said = receipt.statement();
                (self.dev_seq, self.prev) = (said.dev_seq, said.push);
                self.fates
                    .extend(said.marks.iter().map(|mark| (mark.key, *mark)));
                self.receipts.push(receipt.into_statement());
            }
            Effect::StoreFates(marks) => self
                .fates
                .extend(marks.into_iter().map(|mark| (mark.key, mark))),
            Effect::StorePage(page) => {
                self.cursor = page.until;
                page.entries
                    .iter()
                    .for_each(|entry| self.take_in(&entry.entry));
                self.pulled.extend(page.entries);
            }
            Effect::PushRefused(refusal) => self.refused.push(refusal),
            _ => {}
        }
    }

    fn take_in(&mut self, entry: &Entry) {
        if let Entry::Run { who, run } = entry {
            let file = self
                .cases
                .entry(run.case)
                .or_insert_with(|| CaseFile::new(run.case));
            file.merge(run, who);
        }
    }
}
