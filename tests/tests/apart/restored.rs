//! Phones that come back from a backup, keys in two places, and an HQ that comes back at the same time: nothing acknowledged that anybody
//! still has stays lost, nobody honest is blocked, and it shows.

use mooring_casefile::{CaseId, CaseView, Role};
use mooring_hq::EnrolledPhone;
use mooring_tests::{Backup, World, doctor, settle_all};

/// The numbers of all notes, each once for every change that says it.
fn notes(view: &CaseView) -> Vec<usize> {
    let events = view.events.iter();
    let texts = events
        .filter(|event| event.what.kind == "note")
        .map(|event| event.what.text.as_str());
    let mut notes: Vec<_> = texts
        .map(|text| text.strip_prefix("note ").unwrap().parse().unwrap())
        .collect();
    notes.sort_unstable();
    notes
}

struct Story {
    world: World,
    case: CaseId,
}

impl Story {
    /// A case, begun by the first phone and exchanged.
    fn begin(seed: u64) -> Self {
        let mut world = World::with_phones(seed, &[Role::Responder, Role::Peer]);
        let case = world.shared_case("Pier 7");
        Self { world, case }
    }

    /// Notes something, acknowledged once it returns.
    fn note(&mut self, number: usize, what: usize) {
        self.world.pass_s(61);
        let case = self.case;
        let (phone, now) = self.world.phone(number);
        let text = format!("note {what}");
        phone.device().note_event(case, "note", &text, now).unwrap();
    }

    /// What a phone knows to have been noted.
    fn noted(&mut self, number: usize) -> Vec<usize> {
        let (phone, now) = self.world.phone(number);
        notes(&phone.show(self.case, now).view)
    }

    /// What HQ knows to have been noted.
    fn at_hq(&mut self) -> Vec<usize> {
        let now = self.world.now();
        let reyes = doctor(&self.world);
        notes(
            &self
                .world
                .hq()
                .look_case(&reyes, self.case, now)
                .unwrap()
                .view,
        )
    }

    fn unsent(&mut self, number: usize) -> u64 {
        let (phone, now) = self.world.phone(number);
        phone.show(self.case, now).sync.unsent
    }

    /// Everybody exchanges until nothing moves; these notes are everywhere then, and at HQ, each once.
    #[track_caller]
    fn check_all_have(&mut self, expected: &[usize]) {
        for _ in 0..3 {
            settle_all(&mut self.world);
        }
        assert_eq!(self.at_hq(), expected, "at HQ");
        for number in 0..self.world.phones.len() {
            assert_eq!(self.noted(number), expected, "phone {number}");
            assert_eq!(self.unsent(number), 0, "phone {number}");
        }
        assert_eq!(self.world.hq().rebuild().unwrap(), []);
    }

    /// The first phone, as HQ lists it.
    fn first_phone(&self) -> EnrolledPhone {
        let person = self.world.phones[0].person;
        let phones = self.world.hq().phones().unwrap();
        phones
            .into_iter()
            .find(|phone| phone.person == person)
            .unwrap()
    }

    /// What HQ says of the first phone.
    fn warning(&self) -> Option<&'static str> {
        self.first_phone().warning()
    }

    fn elsewhere(&mut self, number: usize) -> bool {
        let (phone, _) = self.world.phone(number);
        phone.device().elsewhere_ms().unwrap().is_some()
    }
}

/// A backup is made before the note of this number, and put back after the third.
#[track_caller]
fn check(at: usize, what: Backup, exchanged: bool) {
    let mut story = Story::begin(50 + at as u64);
    let mut backup = None;
    for question in 0..3 {
        if question == at {
            let (phone, now) = story.world.phone(0);
            backup = Some(phone.back_up(now));
        }
        story.note(0, question);
        if exchanged {
            story.world.exchange(0);
        }
    }
    let (phone, now) = story.world.phone(0);
    phone.restore(&backup.unwrap(), what, now);
    story.note(0, 3);
    // What HQ never got is lost with the vault that is gone; what was noted before the backup, and since, is not.
    let kept = if exchanged { 0..3 } else { 0..at };
    let expected: Vec<_> = kept.chain([3]).collect();
    story.check_all_have(&expected);
    story.note(0, 4);
    let done = story.world.exchange(0);
    assert_eq!((done.sent_changes, done.refused_codes.len()), (1, 0));
    if exchanged || what == Backup::Vault {
        assert_eq!(story.warning(), Some("came back from a backup"));
    }
    let unnoticed = what == Backup::Everything && exchanged;
    assert_eq!(story.elsewhere(0), unnoticed);
}

#[test]
fn a_phone_that_notices_its_backup_is_certified_anew_and_loses_nothing_that_hq_has() {
    for at in 0..3 {
        check(at, Backup::Vault, true);
    }
}

#[test]
fn a_phone_whose_backup_nobody_noticed_is_told_by_hqs_chain() {
    for at in 0..3 {
        check(at, Backup::Everything, true);
    }
}

#[test]
fn a_backup_from_before_an_exchange_that_never_was_blocks_nobody() {
    for what in [Backup::Vault, Backup::Everything] {
        check(1, what, false);
    }
}

#[test]
fn the_restored_phone_pushes_under_a_higher_epoch_in_its_very_next_exchange() {
    let mut story = Story::begin(60);
    let (phone, now) = story.world.phone(0);
    let backup = phone.back_up(now);
    story.note(0, 0);
    story.world.exchange(0);
    let (phone, now) = story.world.phone(0);
    phone.restore(&backup, Backup::Vault, now);
    story.note(0, 1);
    let first = story.world.exchange(0);
    assert_eq!((first.sent_changes, first.refused_codes.len()), (0, 0));
    let second = story.world.exchange(0);
    assert!(second.sent_changes > 0 && second.refused_codes.is_empty());
    assert_eq!(story.warning(), Some("came back from a backup"));
}

#[test]
fn an_answer_with_the_new_certificate_that_is_lost_is_given_again() {
    let mut story = Story::begin(61);
    let (phone, now) = story.world.phone(0);
    let backup = phone.back_up(now);
    story.note(0, 0);
    story.world.exchange(0);
    let (phone, now) = story.world.phone(0);
    phone.restore(&backup, Backup::Vault, now);
    story.note(0, 1);
    for _ in 0..3 {
        // HQ hears that the phone came back, and the phone hears nothing.
        let weather = mooring_tests::Weather {
            lost_replies: 100,
            ..mooring_tests::Weather::default()
        };
        story.world.phones[0].link = mooring_tests::Link::new(weather, 1);
        story.world.exchange(0);
    }
    story.check_all_have(&[0, 1]);
    assert_eq!(story.first_phone().twice_ms, None, "it is one phone");
}

#[test]
fn keys_in_two_places_are_seen_at_hq_and_on_the_phone_and_both_keep_working() {
    let mut story = Story::begin(62);
    story.world.exchange(0);
    let clone = story.world.clone_phone(0);
    story.note(0, 0);
    story.world.exchange(0);
    story.note(clone, 1);
    // The clone's chain does not go on from HQ's: it can't take over without saying so.
    let refused = story.world.exchange(clone).refused_codes;
    assert_eq!(refused, ["push.out_of_order"]);
    assert!(story.elsewhere(clone));
    story.world.exchange(clone);
    story.world.exchange(clone);
    assert_eq!(story.warning(), Some("came back from a backup"));
    // The first phone goes on under the epoch that was given up.
    story.note(0, 2);
    story.world.exchange(0);
    assert_eq!(story.warning(), Some("two phones use these keys"));
    assert!(story.elsewhere(0));
    for round in 3..6 {
        story.note([0, clone][round % 2], round);
        for number in [0, clone, 0, clone] {
            story.world.exchange(number);
        }
    }
    for _ in 0..4 {
        settle_all(&mut story.world);
    }
    for number in [0, 1, clone] {
        assert_eq!(story.noted(number), [0, 1, 2, 3, 4, 5], "phone {number}");
    }
    assert_eq!(story.world.hq().rebuild().unwrap(), []);
}

#[test]
fn phone_and_hq_that_come_back_at_once_agree_on_all_that_either_has() {
    for (hq_at, phone_at) in [(0, 1), (1, 0), (1, 1), (2, 0), (0, 2)] {
        let mut story = Story::begin(70 + hq_at as u64 * 5 + phone_at as u64);
        let (mut hq, mut vault) = (None, None);
        for question in 0..3 {
            if question == hq_at {
                hq = Some(story.world.back_up_hq());
            }
            if question == phone_at {
                let (phone, now) = story.world.phone(0);
                vault = Some(phone.back_up(now));
            }
            story.note(0, question);
            story.world.exchange(0);
        }
        story.world.pass_s(60);
        story.world.restore_hq(&hq.unwrap());
        let (phone, now) = story.world.phone(0);
        phone.restore(&vault.unwrap(), Backup::Vault, now);
        story.note(0, 3);
        for _ in 0..3 {
            settle_all(&mut story.world);
        }
        let known = hq_at.max(phone_at);
        let expected: Vec<_> = (0..known).chain([3]).collect();
        assert_eq!(
            story.at_hq(),
            expected,
            "HQ from {hq_at}, phone from {phone_at}"
        );
        assert_eq!((story.noted(0), story.unsent(0)), (expected, 0));
    }
}

#[test]
fn an_hq_that_lost_the_new_certificate_gives_a_higher_one() {
    let mut story = Story::begin(80);
    story.note(0, 0);
    story.world.exchange(0);
    let hq = story.world.back_up_hq();
    let (phone, now) = story.world.phone(0);
    let backup = phone.back_up(now);
    story.note(0, 1);
    story.world.exchange(0);
    let (phone, now) = story.world.phone(0);
    phone.restore(&backup, Backup::Vault, now);
    for _ in 0..3 {
        story.world.exchange(0);
    }
    story.note(0, 2);
    story.world.exchange(0);
    story.world.pass_s(60);
    story.world.restore_hq(&hq);
    let (phone, now) = story.world.phone(0);
    // Marks are compared at the first exchange after each start.
    phone.kill();
    phone.reopen(now);
    story.check_all_have(&[0, 1, 2]);
}
