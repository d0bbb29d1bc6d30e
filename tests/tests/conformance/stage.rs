//! One scenario: its phones, their clocks, and what each act comes to in words.

mod locked;

use crate::carrier::{self, Link};
use crate::headquarters::Headquarters;
use mooring::{
    AdviceProgress, AdviceShown, AnswerPlace, BlockingLockedVisit, BlockingPhone, Given, Keystore,
    MooringError, PhoneState, Pin, PlaceShown, Reading, Saved, SoftwareKeystore, Watch, WatchError,
    level_words,
};
use mooring_casefile::{AssessmentId, CaseId};
use mooring_protocol::{Answer, AnswerPath, Domain, Level, Value};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

type Said = Result<String, MooringError>;

/// What a scenario plays on.
pub(crate) struct Stage {
    folder: TempDir,
    small_disk: Option<PathBuf>,
    watch: Arc<Hands>,
    phones: BTreeMap<String, Arc<BlockingPhone>>,
    /// Where each phone's vault is, where that is not its name.
    places: BTreeMap<String, PathBuf>,
    /// Phones whose process is gone: nobody may close their vaults in order.
    killed: Vec<Arc<BlockingPhone>>,
    cases: BTreeMap<String, (CaseId, Option<AssessmentId>)>,
    /// The visit that a phone began without unlocking.
    visits: BTreeMap<String, Arc<BlockingLockedVisit>>,
    hq: Option<Headquarters>,
}

impl Stage {
    pub(crate) fn new(small_disk: Option<&Path>) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            small_disk: small_disk.map(Path::to_owned),
            watch: Arc::new(Hands(AtomicI64::new(0))),
            phones: BTreeMap::new(),
            places: BTreeMap::new(),
            killed: Vec::new(),
            cases: BTreeMap::new(),
            visits: BTreeMap::new(),
            hq: None,
        }
    }

    /// Does what the line says, and says what came of it.
    pub(crate) fn play(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        match self.act(&words) {
            Ok(said) => said,
            Err(MooringError::WrongPin { code, tries_left }) => {
                format!("WrongPin {code}, {tries_left} left")
            }
            Err(error) => {
                let name = format!("{error:?}");
                let kind = name.split([' ', '{']).next().unwrap_or_default();
                format!("{kind} {}", error.code())
            }
        }
    }

    fn act(&mut self, words: &[&str]) -> Said {
        match *words {
            ["later"] => {
                self.watch.0.fetch_add(61_000, Ordering::Relaxed);
                said("a minute later")
            }
            ["create", who, pin] => self.phone(who).create(Pin::of(pin.bytes())).map(state),
            ["unlock", who, pin] => self.phone(who).unlock(Pin::of(pin.bytes())).map(state),
            ["lock", who] => self.phone(who).lock().map(state),
            ["reopen", who] => {
                self.phones.remove(who);
                self.phone(who).state().map(state)
            }
            ["kill", who] => self.kill(who),
            ["lose", who] => {
                self.phones.remove(who);
                self.open(who, "another");
                said("another keystore")
            }
            ["find", who] => {
                self.phones.remove(who);
                said("its own keystore")
            }
            ["damage", who] => {
                damage(&self.place_of(who));
                said("damaged")
            }
            ["aside", who] => self.phone(who).set_aside().map(|_| "set aside".to_owned()),
            ["small", who] => {
                let disk = self.small_disk.as_ref().unwrap();
                self.places.insert(who.to_owned(), disk.join(who));
                said("on a small disk")
            }
            ["fill", _] => {
                fill(&self.filler());
                said("full")
            }
            ["free", _] => {
                fs::remove_file(self.filler()).unwrap();
                said("free")
            }
            _ => self.visit(words),
        }
    }

    fn visit(&mut self, words: &[&str]) -> Said {
        match *words {
            ["case", who, name] => {
                let case = self.phone(who).new_case(name.to_owned(), None)?;
                self.cases.insert(name.to_owned(), (case, None));
                said("made")
            }
            ["start", who, name, key] => {
                let phone = self.phone(who);
                let known = self.cases.get_mut(name).unwrap();
                known.1 = Some(phone.start(known.0, key.to_owned())?);
                said("begun")
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
            ["settle", who, name, link, choice] => self.settle(who, name, link, choice),
            ["judge", who, name, to, why] => {
                let to = if to == "high" {
                    Level::High
                } else {
                    Level::Low
                };
                let case = self.case(name);
                self.phone(who)
                    .judge(case, Domain::Suicide, to, why.to_owned())
                    .map(level)
            }
            [
                what @ ("yes" | "no" | "refuse" | "unsure" | "skip"),
                who,
                name,
                link,
            ] => {
                let given = Given::One {
                    answer: answer(what),
                };
                self.phone(who)
                    .answer(self.place(name, link), given)
                    .map(level)
            }
            _ => self.with_hq(words),
        }
    }

    fn with_hq(&mut self, words: &[&str]) -> Said {
        match *words {
            ["enrol", who, role] => {
                let code = self.hq().code(who, role);
                let name = carrier::enrol(&self.phone(who), &code)?;
                Ok(format!("enrolled as {name}"))
            }
            ["exchange", who] => carrier::exchange(&self.phone(who), Link::Whole).map(ended),
            ["cut", who] => carrier::exchange(&self.phone(who), Link::Cut).map(ended),
            ["team", who, name, whom] => {
                let phone = self.phone(who);
                let colleagues = phone.colleagues()?;
                let person = colleagues.iter().find(|one| one.name == whom).unwrap();
                phone.add_to_team(self.case(name), person.person)?;
                said("added")
            }
            ["sync", who, name] => {
                let case = self.case(name);
                let words = self.phone(who).show(case)?.sync.words;
                let first: Vec<_> = words.split(' ').take(2).collect();
                Ok(first.join(" "))
            }
            ["ask", who, name, question] => {
                let case = self.case(name);
                self.phone(who)
                    .ask(case, question.to_owned(), None)
                    .map(level)
            }
            ["advise", name, text] => {
                let case = self.case(name).to_string();
                self.hq().advise(&case, text);
                said("sent to the team")
            }
            ["advice", who, name] => {
                let advice = self.advice(who, name)?;
                let lines: Vec<_> = advice.iter().map(advice_words).collect();
                Ok(lines.join(" / "))
            }
            [mark @ ("read" | "acted"), who, name] => {
                let case = self.case(name);
                let advice = self.advice(who, name)?;
                let id = advice.first().unwrap().id;
                let phone = self.phone(who);
                let saved = match mark {
                    "read" => phone.advice_read(case, id)?,
                    _ => phone.advice_acted_on(case, id)?,
                };
                Ok(level(saved))
            }
            _ => self.locked(words),
        }
    }

    fn show(&mut self, who: &str, name: &str, link: &str) -> Said {
        let at = self.place(name, link);
        let shown = self.phone(who).show(at.case)?;
        let words = shown.risk.level;
        let place = at_place(shown, &at);
        let mut values: Vec<_> = place.values.into_iter().map(|value| value.words).collect();
        values.sort_unstable();
        let contested = if place.contested { ", contested" } else { "" };
        Ok(format!(
            "{}{contested}; {}",
            values.join(" / "),
            level_words(words)
        ))
    }

    fn settle(&mut self, who: &str, name: &str, link: &str, choice: &str) -> Said {
        let at = self.place(name, link);
        let phone = self.phone(who);
        let place = at_place(phone.show(at.case)?, &at);
        let wanted = Some(answer(choice));
        let choice = place.values.iter().find(|value| value.answer == wanted);
        let choice = choice.unwrap().id;
        phone
            .settle(at, place.to_settle, choice, "asked again".to_owned())
            .map(level)
    }

    fn advice(&mut self, who: &str, name: &str) -> Result<Vec<AdviceShown>, MooringError> {
        let case = self.case(name);
        Ok(self.phone(who).show(case)?.advice)
    }

    fn case(&self, name: &str) -> CaseId {
        self.cases.get(name).unwrap().0
    }

    fn place(&self, name: &str, link: &str) -> AnswerPlace {
        let (case, assessment) = self.cases.get(name).unwrap();
        AnswerPlace {
            case: *case,
            assessment: assessment.unwrap(),
            path: AnswerPath::new(link),
        }
    }

    /// What a killed process leaves is its folder as it is at that moment, with nothing closed: a copy of it goes on.
    fn kill(&mut self, who: &str) -> Said {
        let from = self.place_of(who);
        let mut name = from.file_name().unwrap().to_owned();
        name.push("+");
        let to = from.with_file_name(name);
        copy(&from, &to);
        self.killed.extend(self.phones.remove(who));
        self.places.insert(who.to_owned(), to);
        said("killed")
    }

    fn hq(&mut self) -> &mut Headquarters {
        let folder = self.folder.path().join("hq");
        self.hq.get_or_insert_with(|| Headquarters::start(&folder))
    }

    fn place_of(&self, who: &str) -> PathBuf {
        let known = self.places.get(who).cloned();
        known.unwrap_or_else(|| self.folder.path().join(who))
    }

    fn filler(&self) -> PathBuf {
        self.small_disk.as_ref().unwrap().join("filler")
    }

    fn phone(&mut self, who: &str) -> Arc<BlockingPhone> {
        match self.phones.get(who) {
            Some(phone) => Arc::clone(phone),
            None => self.open(who, who),
        }
    }

    fn open(&mut self, who: &str, keys: &str) -> Arc<BlockingPhone> {
        let keys = self.folder.path().join(format!("{keys}.keys"));
        let keystore = SoftwareKeystore::open(text(&keys)).unwrap();
        let keystore: Arc<dyn Keystore> = keystore;
        let watch: Arc<dyn Watch> = self.watch.clone();
        let phone = BlockingPhone::new(text(&self.place_of(who)), keystore, watch);
        self.phones.insert(who.to_owned(), Arc::clone(&phone));
        phone
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.phones.clear();
        self.killed.clear();
        if let Some(disk) = &self.small_disk {
            for entry in fs::read_dir(disk).unwrap() {
                let path = entry.unwrap().path();
                let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
            }
        }
    }
}

/// The clock of this machine, for HQ has the same; moved on by a scenario.
struct Hands(AtomicI64);

impl Watch for Hands {
    fn read(&self) -> Result<Reading, WatchError> {
        #[expect(clippy::disallowed_methods, reason = "a player makes its own time")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let passed = self.0.load(Ordering::Relaxed);
        let wall_ms = i64::try_from(now.as_millis()).unwrap() + passed;
        Ok(Reading {
            wall_ms,
            uptime_ms: wall_ms,
            boot: "one".to_owned(),
        })
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an act that can't fail ends like one that can"
)]
fn said(words: &str) -> Said {
    Ok(words.to_owned())
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn answer(word: &str) -> Answer {
    match word {
        "yes" => Answer::Value(Value::Boolean(true)),
        "no" => Answer::Value(Value::Boolean(false)),
        "refuse" => Answer::Declined,
        "unsure" => Answer::Unsure,
        _ => Answer::NotNow,
    }
}

fn at_place(shown: mooring::CaseShown, at: &AnswerPlace) -> PlaceShown {
    let mut assessments = shown.assessments.into_iter();
    let assessment = assessments.find(|one| one.id == at.assessment).unwrap();
    let mut places = assessment.places.into_iter();
    places.find(|place| place.path == at.path).unwrap()
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

fn ended(finished: bool) -> String {
    if finished { "finished" } else { "not finished" }.to_owned()
}

fn advice_words(advice: &AdviceShown) -> String {
    let progress = match advice.progress {
        None => "new",
        Some(AdviceProgress::Delivered) => "delivered",
        Some(AdviceProgress::Read) => "read",
        Some(AdviceProgress::ActedOn) => "acted on",
    };
    let overtaken = match advice.overtaken {
        Some(true) => ", written before this: call",
        Some(false) | None => "",
    };
    format!("{}: {progress}{overtaken}", advice.text)
}

/// Another byte in the first page of the database.
fn damage(folder: &Path) {
    let file = database(folder).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    *bytes.get_mut(100).unwrap() ^= 1;
    fs::write(file, bytes).unwrap();
}

fn database(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).find_map(|path| {
        if path.is_dir() {
            return database(&path);
        }
        let is_it = path.extension().is_some_and(|kind| kind == "db");
        is_it.then_some(path)
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// Writes until nothing more goes in.
fn fill(file: &Path) {
    let mut file = File::create(file).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
}
