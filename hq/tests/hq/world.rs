//! An HQ in a folder of its own.

use std::process::Command;

use mooring_casefile::{Now, PersonId, Role, Roles};
use mooring_hq::{Headquarters, NewStaff, Setup, SignedIn};
use mooring_identity::{KdfParams, Random};
use tempfile::TempDir;

use crate::phone::Phone;

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

fn copy(folder: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("."), copy.path());
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.unwrap().success());
    copy
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
        ..Setup::default()
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

    /// The process stops, its folder is copied, and it starts again.
    pub(crate) fn backed_up(self, now: Now) -> (Self, TempDir) {
        let Self { hq, folder, starts } = self;
        drop(hq);
        let backup = copy(&folder);
        (Self::start(folder, starts + 1, now), backup)
    }

    /// The folder is lost, and the process starts again over the backup.
    pub(crate) fn restored(self, backup: &TempDir, now: Now) -> Self {
        Self::start(copy(backup), self.starts + 1, now)
    }

    /// The process dies and starts again over the same folder.
    pub(crate) fn restart(self, now: Now) -> Self {
        let Self { hq, folder, starts } = self;
        drop(hq);
        Self::start(folder, starts + 1, now)
    }

    fn start(folder: TempDir, starts: u64, now: Now) -> Self {
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
