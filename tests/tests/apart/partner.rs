//! Phones that meet each other with no HQ between them.

use mooring_casefile::{AssessmentId, CaseId, CaseView, Role};
use mooring_device::{Error, Forbidden, TakenBundle, cut_for_qr};
use mooring_tests::{World, doctor, settle_all};

const TWO: [Role; 2] = [Role::Responder, Role::Clinician];

/// A case that the first phone began where there is no signal.
fn begin(world: &mut World) -> (CaseId, AssessmentId) {
    let (phone, now) = world.phone(0);
    let case = phone.device().new_case("Pier 7", None, now).unwrap();
    let interview = phone.start(case, "suicide-risk-interview", now);
    phone.say(case, interview, "wish", true, now);
    (case, interview)
}

/// One phone shows a token, the other answers it with a bundle.
fn bundle(world: &mut World, case: CaseId, from: usize, to: usize) -> Vec<u8> {
    world.pass_s(1);
    let (phone, now) = world.phone(to);
    let token = phone.device().partner_token(now).unwrap();
    let (phone, now) = world.phone(from);
    phone.device().bundle_for(case, &token, now).unwrap().bytes
}

fn take(world: &mut World, bundle: &[u8], to: usize) -> mooring_device::Result<TakenBundle> {
    let (phone, now) = world.phone(to);
    phone.device().take_bundle(bundle, now)
}

fn give(world: &mut World, case: CaseId, from: usize, to: usize) -> TakenBundle {
    let bundle = bundle(world, case, from, to);
    take(world, &bundle, to).unwrap()
}

/// What a case says, apart from what only one phone knows of it.
fn view(world: &mut World, case: CaseId, number: usize) -> CaseView {
    let (phone, now) = world.phone(number);
    phone.show(case, now).view
}

#[track_caller]
fn check_equal(world: &mut World, case: CaseId) {
    let (one, other) = (view(world, case, 0), view(world, case, 1));
    assert!(one.version == other.version, "the phones differ");
    assert!(one == other, "the same changes read differently");
}

#[track_caller]
fn check_refused(refused: mooring_device::Result<TakenBundle>, code: u16) {
    assert_eq!(refused.err().map(|error| error.code()), Some(code));
}

#[test]
fn two_phones_without_hq_share_a_case_and_come_out_equal() {
    let mut world = World::with_phones(31, &TWO);
    let reyes = doctor(&world);
    settle_all(&mut world);
    let (case, interview) = begin(&mut world);
    let taken = give(&mut world, case, 0, 1);
    assert_eq!((taken.case, taken.name.as_str()), (case, "Person 0"));
    assert_eq!(
        (taken.waiting_runs, taken.held_runs, taken.left_out),
        (0, 0, 0)
    );
    let (phone, now) = world.phone(1);
    phone.say(case, interview, "thoughts", true, now);
    let (phone, now) = world.phone(0);
    phone.say(case, interview, "act-now", false, now);
    give(&mut world, case, 1, 0);
    give(&mut world, case, 0, 1);
    give(&mut world, case, 1, 0);
    // Each giving is written into the case, so the one who gave last has told the other of it.
    check_equal(&mut world, case);
    let shown = view(&mut world, case, 0);
    assert_eq!(shown.assessments[0].answered, 3);
    let told: Vec<_> = shown
        .events
        .iter()
        .filter(|event| event.what.kind == "shared")
        .map(|event| event.what.text.clone())
        .collect();
    assert_eq!(told.len(), 4);
    assert!(told[0] == "given to Person 1, from phone to phone");

    settle_all(&mut world);
    check_equal(&mut world, case);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    assert_eq!(page.view.assessments[0].answered, 3);
    assert_eq!(
        page.view.events.len(),
        5,
        "who was given it joins the team once; nothing is doubled"
    );
    assert_eq!(world.hq().rebuild().unwrap(), []);
    for number in 0..2 {
        let (phone, now) = world.phone(number);
        let sync = phone.show(case, now).sync;
        assert_eq!(
            (
                sync.unsent,
                sync.from_partner,
                sync.waiting_here,
                sync.held_here
            ),
            (0, 0, 0, 0)
        );
    }
}

#[test]
fn what_came_from_a_partner_is_not_at_hq_until_hq_says_so() {
    let mut world = World::with_phones(32, &TWO);
    settle_all(&mut world);
    let (case, _) = begin(&mut world);
    give(&mut world, case, 0, 1);
    let (phone, now) = world.phone(1);
    let sync = phone.show(case, now).sync;
    assert_eq!((sync.unsent, sync.from_partner), (0, 5));
    assert_eq!(
        sync.words,
        "HQ does not know yet; 5 from a partner's phone, not at HQ as far as this phone knows"
    );
    // The phone that took it has nothing of its own to send: an exchange says nothing about the other's changes.
    world.exchange(1);
    let (phone, now) = world.phone(1);
    assert_eq!(phone.show(case, now).sync.from_partner, 5);
    world.exchange(0);
    world.exchange(1);
    let (phone, now) = world.phone(1);
    let sync = phone.show(case, now).sync;
    assert_eq!(sync.from_partner, 0);
    assert_eq!(sync.words, "from HQ, opened by nobody yet");
}

#[test]
fn what_hq_brought_is_proved_to_a_partner_by_hqs_own_word_both_halves_of_it() {
    let mut world = World::with_phones(33, &[Role::Dispatcher, Role::Responder, Role::Clinician]);
    let reyes = doctor(&world);
    let (case, interview) = begin(&mut world);
    world.exchange(0);
    let second = world.phones[1].person;
    let (phone, now) = world.phone(0);
    phone.device().add_to_team(case, second, now).unwrap();
    world.exchange(0);
    let now = world.now();
    world.hq().case(&reyes, case, now).unwrap();
    // The second phone pulls the first one's case and what HQ wrote; the third has seen none of it.
    world.exchange(1);
    let (phone, now) = world.phone(1);
    phone.say(case, interview, "thoughts", true, now);
    let taken = give(&mut world, case, 1, 2);
    assert_eq!(
        (taken.waiting_runs, taken.held_runs, taken.left_out),
        (0, 0, 0)
    );
    let (given, had) = (view(&mut world, case, 2), view(&mut world, case, 1));
    assert!(given == had);
    assert!(!given.version.hq.is_empty(), "HQ's half is there as well");
    let (phone, now) = world.phone(2);
    let shown = phone.show(case, now);
    let names: Vec<_> = shown.names.values().cloned().collect();
    assert!(names.contains(&"Person 0".to_owned()), "{names:?}");
    assert_eq!(
        shown.sync.from_partner, 8,
        "all of it, as far as this phone knows"
    );
    settle_all(&mut world);
    let (phone, now) = world.phone(2);
    assert_eq!(phone.show(case, now).sync.from_partner, 0);
}

#[test]
fn a_case_goes_on_from_partner_to_partner() {
    let mut world = World::with_phones(34, &[Role::Responder, Role::Peer, Role::Clinician]);
    settle_all(&mut world);
    let (case, interview) = begin(&mut world);
    give(&mut world, case, 0, 1);
    let (phone, now) = world.phone(1);
    phone.say(case, interview, "thoughts", true, now);
    let taken = give(&mut world, case, 1, 2);
    assert_eq!(
        (taken.waiting_runs, taken.held_runs, taken.left_out),
        (0, 0, 0)
    );
    let shown = view(&mut world, case, 2);
    assert!(shown == view(&mut world, case, 1));
    // Each answer is still its own author's.
    let authors: Vec<_> = shown.assessments[0]
        .items
        .iter()
        .flat_map(|item| &item.values)
        .map(|value| value.stamp.who.person)
        .collect();
    let (first, second) = (world.phones[0].person, world.phones[1].person);
    assert!(authors.contains(&first) && authors.contains(&second));
    settle_all(&mut world);
    check_equal(&mut world, case);
}

#[test]
fn a_bundle_with_any_byte_altered_is_refused_and_changes_nothing() {
    let mut world = World::with_phones(35, &TWO);
    settle_all(&mut world);
    let (case, _) = begin(&mut world);
    let bundle = bundle(&mut world, case, 0, 1);
    for at in 0..bundle.len() {
        let mut bad = bundle.clone();
        bad[at] ^= 1 << (at % 8);
        let (phone, now) = world.phone(1);
        assert!(phone.device().take_bundle(&bad, now).is_err(), "byte {at}");
        if at % 64 == 0 {
            let cut = phone.device().take_bundle(&bundle[..at], now);
            assert!(cut.is_err(), "cut at {at}");
        }
    }
    let (phone, now) = world.phone(1);
    assert!(phone.device().list(now).unwrap().is_empty());
    // The token was not used up by any of them.
    assert_eq!(take(&mut world, &bundle, 1).unwrap().merged_runs, 1);
}

#[test]
fn a_bundle_is_taken_once_and_by_the_phone_that_asked_for_it() {
    let mut world = World::with_phones(36, &[Role::Responder, Role::Clinician, Role::Peer]);
    settle_all(&mut world);
    let (case, _) = begin(&mut world);
    let given = bundle(&mut world, case, 0, 1);
    check_refused(take(&mut world, &given, 2), 194);
    check_refused(take(&mut world, &given, 0), 194);
    take(&mut world, &given, 1).unwrap();
    let before = view(&mut world, case, 1);
    check_refused(take(&mut world, &given, 1), 194);
    assert!(view(&mut world, case, 1) == before);
}

#[test]
fn a_token_is_good_for_ten_minutes_whatever_the_wall_clock_says() {
    for (passed_s, code) in [(9 * 60, None), (10 * 60, Some(194))] {
        let mut world = World::with_phones(37, &TWO);
        settle_all(&mut world);
        let (case, _) = begin(&mut world);
        let given = bundle(&mut world, case, 0, 1);
        world.pass_s(passed_s);
        // An hour back or ahead makes a token neither younger nor older.
        for skew_ms in [-3_600_000, 3_600_000] {
            let (phone, now) = world.phone(1);
            phone.skew_ms = skew_ms;
            let now = phone.now(now);
            phone.device().unlock(b"493817", now).unwrap();
            let taken = phone.device().take_bundle(&given, now);
            if code.is_none() {
                taken.unwrap();
                break;
            }
            assert_eq!(taken.err().map(|error| error.code()), code);
        }
    }
}

#[test]
fn a_token_or_bundle_of_another_agency_is_nothing_here() {
    let (mut ours, mut theirs) = (World::with_phones(38, &TWO), World::with_phones(39, &TWO));
    settle_all(&mut ours);
    let (case, _) = begin(&mut ours);
    let (other, _) = begin(&mut theirs);
    let (phone, now) = theirs.phone(1);
    let token = phone.device().partner_token(now).unwrap();
    let (phone, now) = ours.phone(0);
    let refused = phone.device().bundle_for(case, &token, now);
    assert_eq!(refused.err().map(|error| error.code()), Some(191));
    assert_eq!(
        phone
            .device()
            .partner_of(&token)
            .err()
            .map(|error| error.code()),
        Some(191)
    );
    assert_eq!(
        view(&mut ours, case, 0).events.len(),
        0,
        "what was not given is not told of"
    );
    let given = bundle(&mut theirs, other, 0, 1);
    check_refused(take(&mut ours, &given, 1), 194);
}

#[test]
fn a_bundle_travels_as_a_row_of_qr_codes() {
    let mut world = World::with_phones(40, &TWO);
    settle_all(&mut world);
    let (case, _) = begin(&mut world);
    let given = bundle(&mut world, case, 0, 1);
    let parts = cut_for_qr(&given).unwrap();
    assert!(
        parts.len() < 5,
        "{} bytes in {} codes",
        given.len(),
        parts.len()
    );
    let mut held = mooring_device::PartsHeld::default();
    let whole = parts.iter().rev().find_map(|part| held.take(part).unwrap());
    take(&mut world, &whole.unwrap(), 1).unwrap();
}

#[test]
fn what_was_given_is_not_taken_back_without_a_word() {
    let mut world = World::with_phones(41, &TWO);
    settle_all(&mut world);
    let (case, interview) = begin(&mut world);
    give(&mut world, case, 0, 1);
    // Within the minute in which an author may undo what has not left the phone.
    let (phone, now) = world.phone(0);
    let before = phone.risk(case, now).level;
    let saved = phone.say(case, interview, "wish", false, now);
    assert_eq!(
        saved.risk.level, before,
        "the earlier level goes on governing"
    );
}

#[test]
fn a_phone_that_lost_its_changes_gets_them_back_from_a_partner_and_sends_them_itself() {
    let mut world = World::with_phones(42, &TWO);
    let reyes = doctor(&world);
    settle_all(&mut world);
    let (case, _) = begin(&mut world);
    give(&mut world, case, 0, 1);
    // The second phone gives all of it to the first, which has it: nothing is doubled, and HQ gets it from its author.
    let taken = give(&mut world, case, 1, 0);
    assert_eq!(taken.merged_runs, 1, "only that it was given back is new");
    settle_all(&mut world);
    let page = world.hq().look_case(&reyes, case, world.now()).unwrap();
    // Given twice, and joined once.
    assert_eq!(page.view.events.len(), 3);
    check_equal(&mut world, case);
}

#[test]
fn who_held_it_in_standby_reads_what_a_partner_gives_before_hq_hears_of_it_and_after() {
    let mut world = World::with_phones(43, &TWO);
    settle_all(&mut world);
    let (case, interview) = begin(&mut world);
    settle_all(&mut world);
    let (phone, now) = world.phone(1);
    let standby = phone.device().show(case, now).map(drop);
    assert_eq!(standby, Err(Error::Forbidden(Forbidden::Standby)));
    give(&mut world, case, 0, 1);
    let (phone, now) = world.phone(1);
    phone.say(case, interview, "thoughts", true, now);
    // HQ hears of the answer before it hears that the case was given, and still says standby.
    world.exchange(1);
    let (phone, now) = world.phone(1);
    assert!(phone.device().show(case, now).is_ok());
    settle_all(&mut world);
    check_equal(&mut world, case);
}
