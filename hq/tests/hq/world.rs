//! An HQ in a folder of its own, and phones that hold just enough to push and pull.

use std::collections::BTreeMap;

use mooring_casefile::{
    Actor, AssessmentId, Attribution, CaseFile, CaseId, DeviceId, Edit, NewCase, Now, PersonId,
    RecordId, Role, Roles, Run, Shelf, Writer,
};
use mooring_exchange::{
    Effect, Entry, Event, Means, PageEntry, PhoneStart, PushDraft, PushRefusal, Receipt, RunKey,
    RunMark, SealedPush, Session, Summary,
};
use mooring_hq::{Headquarters, NewStaff, Setup, SignedIn};
use mooring_identity::{
    Enrolled, Enrolling, EnrolmentCode, KdfParams, Random, RootStatement, SigningKey,
};
use mooring_protocol::{Protocol, ProtocolHash, starter_pack};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const START_MS: i64 = 1_764_000_000_000;
pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const PASSWORD: &str = "a long enough one";
pub(crate) const INTERVIEW: &str = "suicide-risk-interview";

pub(crate) fn at(minutes: i64) -> Now {
    Now {
        wall_ms: START_MS + minutes * MINUTE_MS,
        uptime_ms: 0,
        boot_id: [0; 16],
    }
}

/// Chance that repeats.
pub(crate) struct Seeded(pub(crate) u64);

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed >> 56) as u8;
        }
    }
}

/// An HQ and its folder.
pub(crate) struct World {
    pub(crate) hq: Headquarters,
    pub(crate) folder: TempDir,
    starts: u64,
}

pub(crate) fn setup() -> Setup {
    let ladder = vec![vec!["first".into(), "rung".into()], vec!["second".into()]];
    Setup {
        agency: "Westside".into(),
        password_cost: KdfParams::trying_out(),
        alert_ladder: ladder,
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hq = Headquarters::open_as(folder.path(), setup(), at(0), Box::new(Seeded(1))).unwrap();
        Self {
            hq,
            folder,
            starts: 1,
        }
    }

    /// The process dies and starts again over the same folder.
    pub(crate) fn restart(self, now: Now) -> Self {
        let Self { hq, folder, starts } = self;
        drop(hq);
        let starts = starts + 1;
        let hq = Headquarters::open_as(
            folder.path(),
            setup(),
            now,
            Box::new(Seeded(starts * 1_000)),
        )
        .unwrap();
        Self { hq, folder, starts }
    }

    pub(crate) fn add(&self, name: &str, role: Role) -> PersonId {
        let roles = Roles::NONE.with(role);
        let new = NewStaff {
            name: name.into(),
            roles,
            password: Some(PASSWORD.into()),
        };
        self.hq.add_staff(&new, at(0)).unwrap().person
    }

    pub(crate) fn sign_in(&self, name: &str, now: Now) -> SignedIn {
        self.hq
            .sign_in(name, PASSWORD, now)
            .unwrap_or_else(|refused| panic!("{refused}"))
    }

    /// Adds a psychiatrist and signs them in.
    pub(crate) fn psychiatrist(&self, now: Now) -> mooring_hq::Session {
        if self.hq.find_staff("A. Reyes").is_err() {
            self.add("A. Reyes", Role::Psychiatrist);
        }
        self.sign_in("A. Reyes", now).session
    }

    pub(crate) fn phone(&self, name: &str, role: Role, now: Now) -> Phone {
        let person = self.add(name, role);
        Phone::enrol(&self.hq, person, roles(role), now)
    }
}

fn roles(role: Role) -> Roles {
    Roles::NONE.with(role)
}

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
        let hash = view.assessment(assessment).unwrap().protocol;
        let sheet = file.sheet(assessment, &self.pack).unwrap();
        let random = &mut self.random;
        let mut fresh = || {
            let mut bytes = [0; 16];
            random.fill(&mut bytes);
            Uuid::from_bytes(bytes)
        };
        let answers = self
            .pack
            .protocol(&hash)
            .unwrap()
            .accept(link, &[], value, &mut fresh, &sheet)
            .unwrap();
        self.edit(
            case,
            &Edit::Answer {
                assessment,
                answers,
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
            .filter(|mark| mark.state != mooring_exchange::MarkState::Merged);
        Session::phone(PhoneStart {
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
                        next = Some(Event::Reply(hq.exchange(&bytes, now).bytes))
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
