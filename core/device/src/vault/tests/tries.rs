//! Ten tries, whatever is killed, copied back or broken in between.

use super::*;
use mooring_identity::{SlotState, TRIES};
use std::panic::{AssertUnwindSafe, catch_unwind};

const WRONG: &[u8] = b"000000";
/// Longer than any wait between two tries.
const LONG_MS: u64 = 3_600_000;

/// Every byte of the database.
fn database(closed: &Closed) -> Vec<u8> {
    fs::read(closed.file(DATABASE)).unwrap()
}

/// Uses up the tries, each after its wait.
fn use_up(closed: &Closed) {
    for (number, left) in (1..).zip((0..10).rev()) {
        let said = closed.open_at(WRONG, after(number * LONG_MS)).err();
        assert_eq!(said, Some(Error::WrongPin { left }));
    }
}

#[test]
fn after_ten_wrong_pins_neither_the_right_one_nor_a_finger_opens_it_and_nothing_is_deleted() {
    let closed = Closed::new();
    closed
        .open(PIN)
        .unwrap()
        .add_biometric(PIN, &mut closed.keystore.seams(), NOW)
        .unwrap();
    let before = database(&closed);
    use_up(&closed);
    let later = after(100 * LONG_MS);
    let blocked = Error::Vault(VaultFault::PinBlocked);
    check_refused_by(&closed, By::Pin(PIN), later, blocked);
    let not_set_up = Error::Vault(VaultFault::NotSetUp);
    check_refused_by(&closed, By::Biometric, later, not_set_up);
    assert_eq!(database(&closed), before);
    let header = header_file::read(&closed.file(HEADER)).unwrap();
    assert_eq!(header.slots(), [SlotState::Empty; 3]);
}

#[test]
fn the_recovery_slot_outlives_ten_wrong_pins_and_opens_it_with_all_tries_back() {
    let closed = Closed::new();
    let custodians = [(); 2].map(|()| mooring_identity::RecipientKey::make(&mut os_random()));
    let seams = &mut closed.keystore.seams();
    let recipients = custodians
        .each_ref()
        .map(mooring_identity::RecipientKey::recipient);
    closed
        .open(PIN)
        .unwrap()
        .add_recovery(recipients, seams)
        .unwrap();
    use_up(&closed);
    let (request, asked) = begin_recovery(closed.dir.path(), seams).unwrap();
    let half = request.open_outer(&custodians[0]).unwrap();
    let answer = half.answer(&custodians[1], &mut os_random()).unwrap();
    let pin: (&[u8], _) = (b"314159", KdfParams::trying_out());
    let mut vault = finish_recovery(closed.dir.path(), &asked, &answer, pin, seams, NOW).unwrap();
    assert_eq!(address(&mut vault).unwrap(), b"kept");
    drop(vault);
    check_refused(&closed, PIN, Error::WrongPin { left: 9 });
    closed.open(b"314159").unwrap();
}

/// Anybody who holds the phone can seal something to the key that a question names.
#[test]
fn an_answer_that_is_not_the_vaults_key_gives_no_try_back() {
    let closed = Closed::new();
    let thief = [(); 2].map(|()| mooring_identity::RecipientKey::make(&mut os_random()));
    let other = Closed::new();
    let seams = &mut closed.keystore.seams();
    let recipients = thief
        .each_ref()
        .map(mooring_identity::RecipientKey::recipient);
    closed
        .open(PIN)
        .unwrap()
        .add_recovery(recipients, seams)
        .unwrap();
    check_refused(&closed, WRONG, Error::WrongPin { left: 9 });
    let (request, asked) = begin_recovery(closed.dir.path(), seams).unwrap();
    // The database of another vault under this header: the key is not its key.
    fs::copy(other.file(DATABASE), closed.file(DATABASE)).unwrap();
    let half = request.open_outer(&thief[0]).unwrap();
    let answer = half.answer(&thief[1], &mut os_random()).unwrap();
    let pin: (&[u8], _) = (PIN, KdfParams::trying_out());
    let said = finish_recovery(closed.dir.path(), &asked, &answer, pin, seams, NOW).err();
    assert_eq!(said, Some(Error::Vault(VaultFault::Corrupt)));
    check_refused(&closed, WRONG, Error::WrongPin { left: 8 });
}

/// What a keystore does with a count.
#[derive(Clone, Copy)]
enum Counting {
    /// It counts, and then the process is killed.
    Killed,
    /// It forgets: its generation is always 0.
    Forgetful,
}

struct Faulty(Keystore, Counting);

impl KeyProvider for Faulty {
    fn wrap_secret(
        &mut self,
        lock: KeyLock,
        secret: &Secret,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, KeyProviderError> {
        self.0.wrap_secret(lock, secret, random)
    }
    fn unwrap_secret(&mut self, lock: KeyLock, wrapped: &[u8]) -> Result<Secret, KeyProviderError> {
        self.0.unwrap_secret(lock, wrapped)
    }
    fn generation(&mut self) -> Result<u64, KeyProviderError> {
        match self.1 {
            Counting::Killed => self.0.generation(),
            Counting::Forgetful => Ok(0),
        }
    }
    fn raise_generation(&mut self, to: u64) -> Result<(), KeyProviderError> {
        match self.1 {
            Counting::Killed => {
                self.0.raise_generation(to)?;
                panic!("killed");
            }
            Counting::Forgetful => Ok(()),
        }
    }
    fn destroy(&mut self, random: &mut dyn Random) -> Result<(), KeyProviderError> {
        self.0.destroy(random)
    }
}

/// One try on a keystore that counts badly; whether it was more than refused.
fn try_on(counting: Counting, closed: &Closed, now: Now) -> bool {
    let mut seams = Seams {
        provider: Box::new(Faulty(closed.keystore.clone(), counting)),
        random: Box::new(os_random()),
    };
    let by = By::Pin(WRONG);
    let tried = AssertUnwindSafe(|| open(closed.dir.path(), by, Older::Refuse, &mut seams, now));
    match catch_unwind(tried) {
        Ok(said) => matches!(said, Err(Error::WrongPin { .. })),
        Err(_) => true,
    }
}

#[test]
fn a_kill_between_the_count_and_the_key_costs_a_try_and_never_gives_one() {
    let closed = Closed::new();
    let header = fs::read(closed.file(HEADER)).unwrap();
    let mut tried = 0;
    for number in 0..30 {
        // The thief puts the old header back each time, which knows of no try.
        fs::write(closed.file(HEADER), &header).unwrap();
        let now = after(number * LONG_MS);
        let counted = if number % 2 == 0 {
            try_on(Counting::Killed, &closed, now)
        } else {
            matches!(closed.open_at(WRONG, now), Err(Error::WrongPin { .. }))
        };
        tried += u32::from(counted);
    }
    assert_eq!(tried, TRIES);
    let later = after(100 * LONG_MS);
    fs::write(closed.file(HEADER), &header).unwrap();
    let said = closed.open_at(PIN, later).err();
    assert_eq!(said, Some(Error::Vault(VaultFault::PinBlocked)));
}

#[test]
fn the_count_is_in_the_header_too_so_that_a_keystore_that_forgets_gives_no_try() {
    let closed = Closed::new();
    let tried = (0..30).filter(|number| {
        let now = after(number * LONG_MS);
        try_on(Counting::Forgetful, &closed, now)
    });
    assert_eq!(tried.count(), 10);
}

#[test]
fn each_wrong_pin_after_the_third_makes_the_next_try_wait() {
    let closed = Closed::new();
    for left in [9, 8, 7] {
        check_refused(&closed, WRONG, Error::WrongPin { left });
    }
    // Not even the right PIN is tried before its time, and asking uses up nothing.
    for _ in 0..20 {
        check_refused(&closed, PIN, Error::Wait { wait_ms: 5_000 });
    }
    let soon = after(4_000);
    check_refused_by(&closed, By::Pin(PIN), soon, Error::Wait { wait_ms: 1_000 });
    closed.open_at(PIN, after(5_000)).unwrap();
}

#[test]
fn changing_the_pin_changes_no_byte_of_the_database_and_wants_the_old_one() {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    let seams = &mut closed.keystore.seams();
    let cost = KdfParams::trying_out();
    let before = database(&closed);
    let said = vault.change_pin(WRONG, b"314159", cost, seams, NOW);
    assert_eq!(said, Err(Error::WrongPin { left: 9 }));
    let short = vault.change_pin(PIN, b"31", cost, seams, NOW).unwrap_err();
    assert_eq!(short.kind(), "bad_input");
    vault.change_pin(PIN, b"314159", cost, seams, NOW).unwrap();
    assert_eq!(database(&closed), before);
    drop(vault);
    check_refused(&closed, PIN, Error::WrongPin { left: 9 });
    assert_eq!(
        address(&mut closed.open(b"314159").unwrap()).unwrap(),
        b"kept"
    );
}

#[test]
fn a_dearer_pin_is_dearer_from_the_next_opening_on() {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    let dearer = KdfParams::parse(128, 2, 1).unwrap();
    let seams = &mut closed.keystore.seams();
    vault.change_pin(PIN, PIN, dearer, seams, NOW).unwrap();
    assert_eq!(vault.pin_cost().unwrap(), dearer);
    drop(vault);
    assert_eq!(closed.open(PIN).unwrap().pin_cost().unwrap(), dearer);
}

#[test]
fn a_finger_opens_it_until_it_is_forbidden_and_gives_no_try_back() {
    let closed = Closed::new();
    let seams = &mut closed.keystore.seams();
    let mut vault = closed.open(PIN).unwrap();
    vault.add_biometric(PIN, seams, NOW).unwrap();
    drop(vault);
    check_refused(&closed, WRONG, Error::WrongPin { left: 9 });
    let mut vault = closed.open_by(By::Biometric, Older::Refuse, NOW).unwrap();
    assert_eq!(address(&mut vault).unwrap(), b"kept");
    drop(vault);
    check_refused(&closed, WRONG, Error::WrongPin { left: 8 });
    for (broken, said) in [
        (KeyProviderError::Canceled, Error::Canceled),
        (KeyProviderError::Transient, Error::TryLater),
        (
            KeyProviderError::Invalidated,
            Error::Vault(VaultFault::KeyInvalidated),
        ),
        (
            KeyProviderError::Unavailable,
            Error::Vault(VaultFault::NotSetUp),
        ),
    ] {
        closed.keystore.fail_with(Some(broken));
        check_refused_by(&closed, By::Biometric, NOW, said);
    }
    closed.keystore.fail_with(None);
    closed.open(PIN).unwrap().drop_biometric().unwrap();
    let said = Error::Vault(VaultFault::NotSetUp);
    check_refused_by(&closed, By::Biometric, NOW, said);
}
