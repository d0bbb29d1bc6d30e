//! A signature covers what was shown, and a later clinical change reopens the case.

use mooring_casefile::{CaseId, Edit, Mark, Role};
use mooring_hq::{ReviewForm, ReviewState, Session, ShownId, Sign, Signing};
use mooring_identity::{ReviewStatement, Signed, sha256};

use crate::phone::Phone;
use crate::world::{World, at};

fn moderate() -> (World, Phone, CaseId, mooring_casefile::AssessmentId) {
    let world = World::new();
    let mut phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case("M., 34", at(0));
    let assessment = phone.interview(case, &["thoughts", "method"], at(1));
    phone.exchange(&world.hq, at(2));
    (world, phone, case, assessment)
}

fn form() -> ReviewForm {
    ReviewForm {
        impression: "steady".into(),
        plan: "call at nine".into(),
        ..ReviewForm::default()
    }
}

fn sign(
    world: &World,
    by: &Session,
    case: CaseId,
    shown: ShownId,
    older: bool,
    minute: i64,
) -> Signing {
    world
        .hq
        .sign(
            by,
            case,
            &Sign {
                shown,
                older,
                form: form(),
            },
            at(minute),
        )
        .unwrap()
}

#[track_caller]
fn check_signed(signing: &Signing, later: usize) {
    match signing {
        Signing::Signed { later: lines, .. } => assert_eq!(lines.len(), later),
        Signing::Changed { difference, .. } => panic!("{difference:?}"),
    }
}

#[track_caller]
fn check_changed(signing: &Signing, rose: bool) {
    match signing {
        Signing::Changed {
            level_rose,
            difference,
            ..
        } => {
            assert!(!difference.is_empty());
            assert_eq!(*level_rose, rose);
        }
        Signing::Signed { .. } => panic!("it was signed"),
    }
}

#[test]
fn a_review_is_signed_kept_as_evidence_and_reaches_the_phone() {
    let (world, mut phone, case, _) = moderate();
    let by = world.psychiatrist(at(3));
    let page = world.hq.case(&by, case, at(3)).unwrap();
    check_signed(&sign(&world, &by, case, page.shown, false, 4), 0);
    phone.exchange(&world.hq, at(5));
    let view = phone.cases[&case].view(&phone.pack);
    let review = &view.reviews[0].what;
    assert_eq!(
        (review.version.clone(), review.older),
        (page.version, false)
    );
    let keys = phone.enrolled.key_set.statement();
    let statement = Signed::<ReviewStatement>::open(&review.signature, keys).unwrap();
    let said = statement.statement();
    assert_eq!(
        (said.case, said.staff, said.sign_in),
        (case.bytes(), by.staff.bytes(), by.sign_in.bytes())
    );
    let text = world
        .hq
        .signed_text(&by, case, view.reviews[0].id, at(5))
        .unwrap();
    assert_eq!(sha256(text.text.as_bytes()), said.text_sha256);
    assert_eq!(*review.text_sha256.as_bytes(), said.text_sha256);
}

#[test]
fn a_reviewed_case_leaves_the_queue_and_a_clinical_change_brings_it_back() {
    let (world, mut phone, case, assessment) = moderate();
    let by = world.psychiatrist(at(3));
    let page = world.hq.case(&by, case, at(3)).unwrap();
    assert_eq!(world.hq.queue(&by, at(3)).unwrap().rows.len(), 1);
    check_signed(&sign(&world, &by, case, page.shown, false, 4), 0);
    assert!(world.hq.queue(&by, at(4)).unwrap().rows.is_empty());
    phone.answer(case, assessment, "behavior", true, at(20));
    phone.exchange(&world.hq, at(21));
    let row = world.hq.queue(&by, at(22)).unwrap().rows.remove(0);
    assert!(
        matches!(row.review, ReviewState::Changed { mine: true, .. }),
        "{:?}",
        row.review
    );
    assert_eq!(
        row.waiting_since_ms,
        at(21).wall_ms,
        "it waits since the change arrived"
    );
    assert!(
        !world
            .hq
            .look_case(&by, case, at(22))
            .unwrap()
            .since_review
            .is_empty()
    );
    let world = world.restart(at(23));
    let row = world.hq.queue(&by, at(24)).unwrap().rows.remove(0);
    assert_eq!(row.waiting_since_ms, at(21).wall_ms, "after a restart too");
}

#[test]
fn delivered_and_read_marks_reopen_nothing() {
    let (world, mut phone, case, _) = moderate();
    let by = world.psychiatrist(at(3));
    let page = world.hq.case(&by, case, at(3)).unwrap();
    let advice = mooring_hq::NewAdvice {
        shown: page.shown,
        text: "stay".into(),
        expires_ms: None,
        replaces: None,
    };
    let advice = world.hq.send_advice(&by, case, &advice, at(3)).unwrap();
    let page = world.hq.look_case(&by, case, at(4)).unwrap();
    check_signed(&sign(&world, &by, case, page.shown, false, 4), 0);
    phone.exchange(&world.hq, at(5));
    for mark in [Mark::Delivered, Mark::Read] {
        let id = phone.record(at(6));
        phone.edit(case, &Edit::AdviceMark { id, advice, mark }, at(6));
    }
    phone.exchange(&world.hq, at(7));
    assert!(world.hq.queue(&by, at(8)).unwrap().rows.is_empty());
    check_signed(&sign(&world, &by, case, page.shown, false, 9), 0);
}

#[test]
fn a_stale_page_is_told_what_changed_and_the_older_version_may_be_signed_as_such() {
    let (world, mut phone, case, assessment) = moderate();
    let by = world.psychiatrist(at(3));
    let shown = world.hq.case(&by, case, at(3)).unwrap().shown;
    phone.answer(case, assessment, "wish", true, at(4));
    phone.exchange(&world.hq, at(5));
    check_changed(&sign(&world, &by, case, shown, false, 6), false);
    let signing = sign(&world, &by, case, shown, true, 7);
    check_signed(&signing, 1);
    let row = world.hq.queue(&by, at(8)).unwrap().rows.remove(0);
    assert!(
        matches!(row.review, ReviewState::Changed { .. }),
        "what came later still waits"
    );
}

#[test]
fn an_older_version_is_not_signed_once_the_level_rose() {
    let (world, mut phone, case, assessment) = moderate();
    let by = world.psychiatrist(at(3));
    let shown = world.hq.case(&by, case, at(3)).unwrap().shown;
    phone.answer(case, assessment, "plan", true, at(4));
    phone.exchange(&world.hq, at(5));
    check_changed(&sign(&world, &by, case, shown, false, 6), true);
    check_changed(&sign(&world, &by, case, shown, true, 6), true);
    let fresh = world.hq.look_case(&by, case, at(7)).unwrap();
    assert!(fresh.view.reviews.is_empty());
    check_signed(&sign(&world, &by, case, fresh.shown, false, 8), 0);
}

#[test]
fn asking_to_sign_the_older_version_of_an_unchanged_page_signs_it_as_what_it_is() {
    let (world, _, case, _) = moderate();
    let by = world.psychiatrist(at(3));
    let shown = world.hq.case(&by, case, at(3)).unwrap().shown;
    check_signed(&sign(&world, &by, case, shown, true, 4), 0);
    assert!(
        !world.hq.look_case(&by, case, at(5)).unwrap().view.reviews[0]
            .what
            .older
    );
}

#[test]
fn nobody_but_a_psychiatrist_signs_and_nothing_is_signed_unread() {
    let (world, _, case, _) = moderate();
    world.add("C. Lind", Role::Clinician);
    let clinician = world.sign_in("C. Lind", at(3)).session;
    let shown = world.hq.case(&clinician, case, at(3)).unwrap().shown;
    let refused = |by: &Session, case, shown, form| {
        world
            .hq
            .sign(
                by,
                case,
                &Sign {
                    shown,
                    older: false,
                    form,
                },
                at(4),
            )
            .unwrap_err()
            .code()
    };
    assert_eq!(refused(&clinician, case, shown, form()), "forbidden");
    let by = world.psychiatrist(at(3));
    assert_eq!(
        refused(&by, case, ShownId::parse(&"0".repeat(64)).unwrap(), form()),
        "not-found"
    );
    assert_eq!(refused(&by, case, shown, ReviewForm::default()), "invalid");
    let other = CaseId::derive(0, [1; 10]);
    assert_eq!(refused(&by, other, shown, form()), "not-found");
}
