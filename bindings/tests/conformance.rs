//! Plays the scenarios that need nothing but phones, and compares the lines with those that Kotlin and Swift print as well.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::format_push_string,
    clippy::wildcard_enum_match_arm,
    clippy::needless_pass_by_value,
    reason = "a test's own helpers may stop it"
)]

use mooring::{
    AnswerPlace, BlockingPhone, Given, Keystore, MooringError, PhoneState, Reading, Saved,
    SoftwareKeystore, Watch, WatchError, level_words,
};
use mooring_casefile::{AssessmentId, CaseId};
use mooring_protocol::{Answer, AnswerPath, Value};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

const SCENARIOS: &str = include_str!("../../tests/conformance/alone.txt");
const LINES: &str = include_str!("../../tests/conformance/alone.lines");

#[test]
fn the_scenarios_print_their_lines() {
    let mut printed = String::new();
    let mut world = World::new();
    for line in SCENARIOS.lines() {
        if line.starts_with('=') {
            world = World::new();
            printed.push_str(&format!("{line}\n"));
        } else {
            printed.push_str(&format!("{line} -> {}\n", world.play(line)));
        }
    }
    // The library keeps panics quiet, so what was printed is shown first.
    println!("{printed}");
    assert_eq!(printed, LINES);
}

struct World {
    folder: TempDir,
    watch: Arc<Hands>,
    phones: BTreeMap<String, Arc<BlockingPhone>>,
    cases: BTreeMap<String, (CaseId, Option<AssessmentId>)>,
}

/// Clocks that stand still until a scenario moves them.
struct Hands(AtomicI64);

impl Watch for Hands {
    fn read(&self) -> Result<Reading, WatchError> {
        let passed = self.0.load(Ordering::Relaxed);
        Ok(Reading {
            wall_ms: 1_800_000_000_000 + passed,
            uptime_ms: 1 + passed,
            boot: "one".to_owned(),
        })
    }
}

type Said = Result<String, MooringError>;

impl World {
    fn new() -> Self {
        let watch = Arc::new(Hands(AtomicI64::new(0)));
        let folder = tempfile::tempdir().unwrap();
        Self {
            folder,
            watch,
            phones: BTreeMap::new(),
            cases: BTreeMap::new(),
        }
    }

    fn play(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        match self.act(&words) {
            Ok(said) => said,
            Err(MooringError::WrongPin { code, tries_left }) => {
                format!("WrongPin {code}, {tries_left} left")
            }
            Err(error) => {
                let name = format!("{error:?}");
                format!(
                    "{} {}",
                    name.split([' ', '{']).next().unwrap_or_default(),
                    error.code()
                )
            }
        }
    }

    fn act(&mut self, words: &[&str]) -> Said {
        match *words {
            ["later"] => {
                self.watch.0.fetch_add(61_000, Ordering::Relaxed);
                Ok("a minute later".to_owned())
            }
            ["create", who, pin] => self.phone(who).create(pin.into()).map(state),
            ["unlock", who, pin] => self.phone(who).unlock(pin.into()).map(state),
            ["lock", who] => self.phone(who).lock().map(state),
            ["reopen", who] => {
                self.phones.remove(who);
                self.phone(who).state().map(state)
            }
            ["lose", who] => {
                self.phones.remove(who);
                self.open(who, "another");
                Ok("another keystore".to_owned())
            }
            ["find", who] => {
                self.phones.remove(who);
                Ok("its own keystore".to_owned())
            }
            ["damage", who] => {
                damage(&self.folder.path().join(who));
                Ok("damaged".to_owned())
            }
            ["aside", who] => self.phone(who).set_aside().map(|_| "set aside".to_owned()),
            ["case", who, name] => {
                let case = self.phone(who).new_case(name.to_owned(), None)?;
                self.cases.insert(name.to_owned(), (case, None));
                Ok("made".to_owned())
            }
            ["start", who, name, key] => {
                let phone = self.phone(who);
                let known = self.cases.get_mut(name).unwrap();
                known.1 = Some(phone.start(known.0, key.to_owned())?);
                Ok("begun".to_owned())
            }
            ["show", who, name, link] => self.show(who, name, link),
            ["retract", who, name, link, why] => self
                .phone(who)
                .retract(self.place(name, link), why.to_owned())
                .map(level),
            ["confirm", who, name, link, why] => self
                .phone(who)
                .confirm(self.place(name, link), why.to_owned())
                .map(level),
            [what, who, name, link] => {
                let answer = match what {
                    "yes" => Answer::Value(Value::Boolean(true)),
                    "no" => Answer::Value(Value::Boolean(false)),
                    "refuse" => Answer::Declined,
                    "unsure" => Answer::Unsure,
                    "skip" => Answer::NotNow,
                    other => panic!("no act {other}"),
                };
                self.phone(who)
                    .answer(self.place(name, link), Given::One { answer })
                    .map(level)
            }
            _ => panic!("no act {words:?}"),
        }
    }

    fn show(&mut self, who: &str, name: &str, link: &str) -> Said {
        let at = self.place(name, link);
        let shown = self.phone(who).show(at.case)?;
        let assessment = shown
            .assessments
            .iter()
            .find(|one| one.id == at.assessment)
            .unwrap();
        let place = assessment
            .places
            .iter()
            .find(|place| place.path == at.path)
            .unwrap();
        let mut words: Vec<_> = place
            .values
            .iter()
            .map(|value| value.words.as_str())
            .collect();
        words.sort_unstable();
        let contested = if place.contested { ", contested" } else { "" };
        Ok(format!(
            "{}{contested}; {}",
            words.join(" / "),
            level_words(shown.risk.level)
        ))
    }

    fn place(&self, name: &str, link: &str) -> AnswerPlace {
        let (case, assessment) = self.cases.get(name).unwrap();
        AnswerPlace {
            case: *case,
            assessment: assessment.unwrap(),
            path: AnswerPath::new(link),
        }
    }

    fn phone(&mut self, who: &str) -> Arc<BlockingPhone> {
        match self.phones.get(who) {
            Some(phone) => Arc::clone(phone),
            None => self.open(who, who),
        }
    }

    fn open(&mut self, who: &str, keys: &str) -> Arc<BlockingPhone> {
        let path = |name: String| self.folder.path().join(name).to_string_lossy().into_owned();
        let keystore: Arc<dyn Keystore> =
            SoftwareKeystore::open(path(format!("{keys}.keys"))).unwrap();
        let watch: Arc<dyn Watch> = self.watch.clone();
        let phone = BlockingPhone::new(path(who.to_owned()), keystore, watch);
        self.phones.insert(who.to_owned(), Arc::clone(&phone));
        phone
    }
}

fn state(state: PhoneState) -> String {
    match state {
        PhoneState::Locked => "locked",
        PhoneState::OpenNotEnrolled => "open, not enrolled",
        PhoneState::Open => "open",
    }
    .to_owned()
}

fn level(saved: Saved) -> String {
    saved
        .shown
        .map_or_else(String::new, |shown| level_words(shown.risk.level))
}

/// Another byte in the first page of the database.
fn damage(folder: &Path) {
    let file = database(folder).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[100] ^= 1;
    fs::write(file, bytes).unwrap();
}

fn database(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find_map(|path| {
            if path.is_dir() {
                database(&path)
            } else {
                path.extension()
                    .is_some_and(|kind| kind == "db")
                    .then_some(path)
            }
        })
}
