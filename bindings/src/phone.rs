//! The object that crosses, and the one door through which every call goes: one at a time, with the time of now, and a panic
//! caught. A call that panicked leaves the phone locked, because what was in memory can't be trusted; the disk can.

use crate::cost;
use crate::error::{CODE_PANIC, MooringError};
use crate::keys::{self, Keystore, Watch};
use crate::listen::{Changed, Listener, Listeners};
use crate::panics;
use crate::pin::Pin;
use crate::progress::Following;
use crate::rows::moment;
use mooring_casefile::{AssessmentId, CaseId, Now};
use mooring_device::{Again, By, Device, Error, Older, State};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

/// One phone: a folder with its vault, locked or open. Every call blocks until it is done and may come from any thread.
///
/// Apps use the `Phone` of their language's package instead, which waits off the main thread.
#[derive(uniffi::Object)]
pub struct BlockingPhone {
    dir: PathBuf,
    keystore: Arc<dyn Keystore>,
    watch: Arc<dyn Watch>,
    device: Mutex<Option<Device>>,
    language: Mutex<String>,
    listeners: Listeners,
    following: Following,
}

/// Whether the vault is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum PhoneState {
    /// The PIN is needed; whether there is a vault yet, unlocking tells.
    Locked,
    /// Open; this phone has not joined an agency yet.
    OpenNotEnrolled,
    /// Open and enrolled.
    Open,
}

/// What is due.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Tick {
    /// The vault was locked now.
    pub locked: bool,
    /// The vault was destroyed now, on HQ's order. What HQ lacked was sealed to it first, as far as that could be.
    pub wiped: bool,
    /// What to look at again.
    pub again: Vec<LookAgain>,
}

/// A warning whose answers are old by now.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct LookAgain {
    /// In which case.
    pub case: CaseId,
    /// In which assessment.
    pub assessment: AssessmentId,
    /// The protocol's rule.
    pub rule: String,
    /// What it says.
    pub text: String,
    /// Since when it is due.
    pub due: SystemTime,
}

impl From<Again> for LookAgain {
    fn from(again: Again) -> Self {
        let Again {
            case,
            assessment,
            rule,
            text,
            due_ms,
        } = again;
        Self {
            case,
            assessment,
            rule,
            text,
            due: moment(due_ms),
        }
    }
}

#[uniffi::export]
impl BlockingPhone {
    /// The phone whose vault is, or will be, in this folder. Nothing is touched yet.
    #[uniffi::constructor]
    pub fn new(dir: String, keystore: Arc<dyn Keystore>, watch: Arc<dyn Watch>) -> Arc<Self> {
        panics::keep_quiet();
        Arc::new(Self {
            dir: dir.into(),
            keystore,
            watch,
            device: Mutex::new(None),
            language: Mutex::default(),
            listeners: Listeners::default(),
            following: Following::default(),
        })
    }

    /// Makes a vault in the folder, where there may be none, and opens it. The bytes of the PIN are wiped. A guess of it costs as much as
    /// this phone bears.
    pub fn create(&self, pin: Arc<Pin>) -> Result<PhoneState, MooringError> {
        let pin = pin.spend();
        let cost = cost::for_a_new_pin(self.watch.as_ref())?;
        let state = self.door(|device, now| {
            let seams = keys::seams(&self.keystore);
            let made = Device::create(&self.dir, &pin, cost, seams, now)?;
            Ok(device.insert(made).state())
        })?;
        Ok(self.tell(state))
    }

    /// Opens the vault with the PIN. The bytes of the PIN are wiped.
    pub fn unlock(&self, pin: Arc<Pin>) -> Result<PhoneState, MooringError> {
        self.unlock_by(By::Pin(&pin.spend()), Older::Refuse)
    }

    /// Closes the vault and forgets what was read from it.
    pub fn lock(&self) -> Result<PhoneState, MooringError> {
        let state = self.door(|device, _| {
            Ok(device.as_mut().map_or(State::Locked, |device| {
                device.lock();
                device.state()
            }))
        })?;
        Ok(self.tell(state))
    }

    /// Whether the vault is open.
    pub fn state(&self) -> Result<PhoneState, MooringError> {
        let state =
            self.door(|device, _| Ok(device.as_ref().map_or(State::Locked, Device::state)))?;
        Ok(state_of(state))
    }

    /// Renames the folder whole, after a person said so, and gives its new place. Nothing is deleted.
    pub fn set_aside(&self) -> Result<String, MooringError> {
        let aside = self.door(|device, now| {
            *device = None;
            mooring_device::set_aside(&self.dir, now)
        })?;
        self.listeners.tell(Changed::State {
            state: PhoneState::Locked,
        });
        Ok(aside.to_string_lossy().into_owned())
    }

    /// Lets time pass: locks the vault if nobody touched it for two minutes. Call it twice a minute, and when the app comes
    /// back to the front.
    pub fn tick(&self) -> Result<Tick, MooringError> {
        let due =
            self.door(|device, now| device.as_mut().map(|device| device.tick(now)).transpose())?;
        let due = due.unwrap_or_default();
        if due.locked {
            self.listeners.tell(Changed::State {
                state: PhoneState::Locked,
            });
        }
        Ok(Tick {
            locked: due.locked,
            wiped: due.wiped,
            again: due.again.into_iter().map(LookAgain::from).collect(),
        })
    }

    /// From now on questions and options come in this language (`es`), as far as a protocol has it; else in its own.
    pub fn use_language(&self, language: String) {
        *self.language.lock().unwrap_or_else(PoisonError::into_inner) = language;
        self.listeners.tell(Changed::Everything);
    }

    /// From now on `listener` hears what changed, after each call that changed something and on the thread of that call.
    /// Gives the number with which it is taken away again.
    pub fn listen(&self, listener: Arc<dyn Listener>) -> i64 {
        self.listeners.add(listener)
    }

    /// Takes a listener away.
    pub fn stop_listening(&self, number: i64) {
        self.listeners.remove(number);
    }
}

impl BlockingPhone {
    /// The door. What it gives `verb` is the device, if this process has opened it.
    pub(crate) fn door<T>(
        &self,
        verb: impl FnOnce(&mut Option<Device>, Now) -> Result<T, Error>,
    ) -> Result<T, MooringError> {
        let now = keys::now(self.watch.as_ref())?;
        let mut device = self.device();
        if let Some(done) = panics::caught(|| verb(&mut device, now)) {
            return Ok(done?);
        }
        // Dropping it locks it, and that may panic as well.
        let broken = device.take();
        let _ = panics::caught(|| drop(broken));
        drop(device);
        self.listeners.tell(Changed::State {
            state: PhoneState::Locked,
        });
        Err(MooringError::Internal { code: CODE_PANIC })
    }

    /// The door of every verb that needs the vault open.
    pub(crate) fn opened<T>(
        &self,
        verb: impl FnOnce(&mut Device, Now) -> Result<T, Error>,
    ) -> Result<T, MooringError> {
        self.door(|device, now| verb(device.as_mut().ok_or(Error::Locked)?, now))
    }

    pub(crate) fn language(&self) -> String {
        self.language
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    pub(crate) fn following(&self) -> &Following {
        &self.following
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) const fn keystore(&self) -> &Arc<dyn Keystore> {
        &self.keystore
    }

    pub(crate) const fn watch(&self) -> &Arc<dyn Watch> {
        &self.watch
    }

    pub(crate) fn tell(&self, state: State) -> PhoneState {
        let state = state_of(state);
        self.listeners.tell(Changed::State { state });
        state
    }

    // A panic inside is caught before the lock is let go, so a poisoned one still holds a whole Option.
    fn device(&self) -> MutexGuard<'_, Option<Device>> {
        self.device.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn state_of(state: State) -> PhoneState {
    match state {
        State::Locked => PhoneState::Locked,
        State::OpenNotEnrolled => PhoneState::OpenNotEnrolled,
        State::Open => PhoneState::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Reading, WatchError};
    use crate::trying_out::SoftwareKeystore;
    use mooring_identity::KdfParams;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A clock that goes on so far at each reading: so long does a guess take.
    struct Steps {
        read: AtomicI64,
        step_ms: AtomicI64,
    }

    impl Watch for Steps {
        fn read(&self) -> Result<Reading, WatchError> {
            let step_ms = self.step_ms.load(Ordering::Relaxed);
            Ok(Reading {
                wall_ms: 1_800_000_000_000,
                uptime_ms: self.read.fetch_add(step_ms, Ordering::Relaxed),
                boot: "one".to_owned(),
            })
        }
    }

    fn phone(folder: &tempfile::TempDir) -> Arc<BlockingPhone> {
        phone_by(folder, 600).0
    }

    fn phone_by(folder: &tempfile::TempDir, step_ms: i64) -> (Arc<BlockingPhone>, Arc<Steps>) {
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let keystore = SoftwareKeystore::open(path("keys")).unwrap().keystore();
        let watch = Arc::new(Steps {
            read: AtomicI64::new(1),
            step_ms: AtomicI64::new(step_ms),
        });
        let phone = BlockingPhone::new(path("phone"), keystore, watch.clone());
        (phone, watch)
    }

    fn cost(phone: &BlockingPhone) -> KdfParams {
        phone.opened(|device, _| device.pin_cost()).unwrap()
    }

    fn pin(text: &str) -> Arc<Pin> {
        Pin::of(text.bytes())
    }

    #[test]
    fn a_panic_is_an_error_with_a_code_and_leaves_the_phone_locked_and_whole() {
        let folder = tempfile::tempdir().unwrap();
        let phone = phone(&folder);
        phone.create(pin("2468")).unwrap();
        let case = phone.new_case("before".to_owned(), None).unwrap();
        let said = phone.opened(|_, _| -> Result<(), Error> { panic!("canary") });
        assert_eq!(said.unwrap_err().code(), CODE_PANIC);
        assert_eq!(phone.state().unwrap(), PhoneState::Locked);
        phone.unlock(pin("2468")).unwrap();
        assert!(phone.list().unwrap().iter().any(|row| row.case == case));
    }

    #[test]
    fn a_guess_costs_what_the_phone_bears_from_the_beginning_and_never_less_than_the_floor() {
        for (step_ms, expected) in [
            (300, KdfParams::floor().calibrated(300)),
            (60_000, KdfParams::floor()),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (phone, _) = phone_by(&folder, step_ms);
            phone.create(pin("2468")).unwrap();
            assert_eq!(cost(&phone), expected, "{step_ms} ms");
        }
        assert!(KdfParams::floor().calibrated(300) != KdfParams::floor());
    }

    #[test]
    fn a_phone_that_unlocks_quickly_makes_a_guess_dearer_and_the_same_pin_opens_it() {
        let folder = tempfile::tempdir().unwrap();
        let (phone, watch) = phone_by(&folder, 600);
        phone.create(pin("2468")).unwrap();
        phone.lock().unwrap();
        watch.step_ms.store(300, Ordering::Relaxed);
        phone.unlock(pin("2468")).unwrap();
        let dearer = cost(&phone);
        assert!(dearer != KdfParams::floor() && dearer.at_least(KdfParams::floor()));
        phone.lock().unwrap();
        // Now it takes as long as it may.
        watch.step_ms.store(600, Ordering::Relaxed);
        phone.unlock(pin("2468")).unwrap();
        assert_eq!(cost(&phone), dearer);
    }

    #[test]
    fn many_threads_take_turns_and_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let phone = phone(&folder);
        phone.create(pin("2468")).unwrap();
        std::thread::scope(|scope| {
            for number in 0..8 {
                let phone = &phone;
                scope.spawn(move || {
                    for _ in 0..10 {
                        phone.new_case(format!("case of {number}"), None).unwrap();
                        phone.list().unwrap();
                    }
                });
            }
        });
        assert_eq!(phone.list().unwrap().len(), 80);
    }

    #[test]
    fn a_wrong_pin_says_how_many_tries_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let phone = phone(&folder);
        phone.create(pin("2468")).unwrap();
        phone.lock().unwrap();
        let said = phone.unlock(pin("1357")).unwrap_err();
        assert_eq!(
            said,
            MooringError::WrongPin {
                code: 101,
                tries_left: 9
            }
        );
    }
}
