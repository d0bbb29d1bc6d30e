//! One agency: HQ, its people and their phones, under one clock.

use std::path::PathBuf;

use mooring_casefile::{CaseId, Now, PersonId, Role, Roles};
use mooring_hq::{Headquarters, NewStaff, Session, Setup};
use mooring_identity::KdfParams;
use tempfile::TempDir;

use crate::phone::copy_all;
use crate::{Phone, Seeded};

/// The night of 14 June 2026, two in the morning.
const START_MS: i64 = 1_781_402_400_000;
const PASSWORD: &str = "a long walk by the harbor";

/// An agency in one process.
pub struct World {
    /// Headquarters; nothing while its process is dead.
    hq: Option<Headquarters>,
    /// The phones, in the order in which they were enrolled.
    pub phones: Vec<Phone>,
    now_ms: i64,
    seed: u64,
    dir: TempDir,
}

impl World {
    /// A new agency without phones.
    pub fn new(seed: u64) -> Self {
        let mut world = Self {
            hq: None,
            phones: Vec::new(),
            now_ms: START_MS,
            seed,
            dir: TempDir::new().unwrap(),
        };
        world.start_hq();
        world
    }

    /// An agency with a clinician's, a peer's, a responder's … phone: one for each role.
    pub fn with_phones(seed: u64, roles: &[Role]) -> Self {
        let mut world = Self::new(seed);
        for role in roles {
            world.add_phone(*role);
        }
        world
    }

    /// HQ's process starts, on what its disk has.
    pub fn start_hq(&mut self) {
        let setup = Setup {
            password_cost: KdfParams::trying_out(),
            ..Setup::default()
        };
        let random = Box::new(Seeded::new(self.seed ^ self.now_ms.unsigned_abs()));
        let opened = Headquarters::open_as(&self.hq_folder(), setup, self.now(), random);
        self.hq = Some(opened.unwrap());
    }

    /// HQ's process is killed.
    pub fn kill_hq(&mut self) {
        self.hq = None;
    }

    /// A copy of HQ's folder, as a backup holds it.
    pub fn back_up_hq(&mut self) -> TempDir {
        self.kill_hq();
        let backup = TempDir::new().unwrap();
        copy_all(&self.dir.path().join("hq"), backup.path());
        self.start_hq();
        backup
    }

    /// A backup of HQ in place of what is there.
    pub fn restore_hq(&mut self, backup: &TempDir) {
        self.kill_hq();
        let hq = self.dir.path().join("hq");
        std::fs::remove_dir_all(&hq).unwrap();
        copy_all(backup.path(), &hq);
        self.start_hq();
    }

    /// A second phone with everything that one has; its number.
    pub fn clone_phone(&mut self, number: usize) -> usize {
        let now = self.now();
        let dir = self.dir.path().join(format!("clone-{number}"));
        let clone = self.phones.get_mut(number).unwrap().cloned(&dir, now);
        self.phones.push(clone);
        self.phones.len() - 1
    }

    /// HQ's data folder.
    pub fn hq_folder(&self) -> PathBuf {
        self.dir.path().join("hq")
    }

    /// HQ.
    pub fn hq(&self) -> &Headquarters {
        self.hq.as_ref().expect("HQ's process runs")
    }

    /// The time, by the world's own clock.
    pub fn now(&self) -> Now {
        Now {
            wall_ms: self.now_ms,
            uptime_ms: (self.now_ms - START_MS).unsigned_abs(),
            boot_id: [7; 16],
        }
    }

    /// Lets time pass.
    pub fn pass_s(&mut self, seconds: i64) {
        self.now_ms += seconds * 1_000;
    }

    /// Adds a person.
    pub fn add_staff(&self, name: &str, role: Role) -> PersonId {
        let new = NewStaff {
            name: name.to_owned(),
            roles: Roles::NONE.with(role),
            password: Some(PASSWORD.to_owned()),
        };
        self.hq().add_staff(&new, self.now()).unwrap().person
    }

    /// Adds a person with a phone, enrolled; its number.
    pub fn add_phone(&mut self, role: Role) -> usize {
        let person = self.add_staff(&format!("Person {}", self.phones.len()), role);
        self.add_phone_of(person)
    }

    /// Adds another phone of a person, enrolled; its number.
    pub fn add_phone_of(&mut self, person: PersonId) -> usize {
        let number = self.phones.len();
        let code = self
            .hq()
            .make_code(person, "https://hq.invalid", self.now())
            .unwrap();
        let dir = self.dir.path().join(format!("phone-{number}"));
        let seed = self.seed * 100 + u64::try_from(number).unwrap() + 1;
        let mut phone = Phone::create(&dir, person, seed, self.now());
        phone.enrol(self.hq(), &code.text, self.now());
        self.phones.push(phone);
        number
    }

    /// One phone and the time, so that a story reads from left to right.
    pub fn phone(&mut self, number: usize) -> (&mut Phone, Now) {
        let now = self.now();
        (self.phones.get_mut(number).unwrap(), now)
    }

    /// One exchange of one phone.
    pub fn exchange(&mut self, number: usize) -> mooring_device::Exchanged {
        let now = self.now();
        let hq = self.hq.as_ref().expect("HQ's process runs");
        self.phones.get_mut(number).unwrap().exchange(hq, now)
    }

    /// One phone sends what it has sealed, over its wire.
    pub fn upload(&mut self, number: usize) -> Option<mooring_device::UploadAnswered> {
        let now = self.now();
        let hq = self.hq.as_ref().expect("HQ's process runs");
        self.phones.get_mut(number).unwrap().upload(hq, now)
    }

    /// A case begun by the first phone and held by all: their people are of its team.
    pub fn shared_case(&mut self, title: &str) -> CaseId {
        // So that the first phone knows who there is.
        settle_all(self);
        let people: Vec<_> = self.phones.iter().map(|phone| phone.person).collect();
        let (phone, now) = self.phone(0);
        let case = phone.device().new_case(title, None, now).unwrap();
        for person in people {
            phone.device().add_to_team(case, person, now).unwrap();
        }
        settle_all(self);
        case
    }

    /// Signs somebody in at HQ.
    pub fn sign_in(&self, name: &str) -> Session {
        self.hq()
            .sign_in(name, PASSWORD, self.now())
            .unwrap()
            .session
    }
}

/// A psychiatrist, signed in.
pub fn doctor(world: &World) -> Session {
    world.add_staff("Dr. A. Reyes", Role::Psychiatrist);
    world.sign_in("Dr. A. Reyes")
}

/// Exchanges over clear wires until everything is everywhere.
pub fn settle_all(world: &mut World) {
    for phone in &mut world.phones {
        phone.link = crate::Link::clear();
    }
    for _ in 0..3 {
        for number in 0..world.phones.len() {
            world.pass_s(1);
            world.exchange(number);
        }
    }
}
