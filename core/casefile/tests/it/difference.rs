//! The clinical difference between versions, and the text that a review signs.

use mooring_casefile::{CaseFile, Digest, Edit, Mark, NewAdvice, Review};
use mooring_protocol::Level;

use crate::world::{BRANDT, OKAFOR, STERN, Visit, no, yes};

fn lines(visit: &mut Visit, then: &CaseFile) -> Vec<String> {
    visit.meet();
    let now = visit.phone(OKAFOR).file.clone();
    now.difference(then, &visit.books)
        .lines
        .into_iter()
        .map(|line| line.words)
        .collect()
}

fn visit() -> (Visit, CaseFile) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, STERN]);
    visit.answer_all(OKAFOR);
    visit.meet();
    let then = visit.phones[0].file.clone();
    (visit, then)
}

#[test]
fn nothing_changed_is_no_difference() {
    let (mut visit, then) = visit();
    assert!(lines(&mut visit, &then).is_empty());
}

#[test]
fn a_changed_answer_says_what_was_and_what_is() {
    let (mut visit, then) = visit();
    visit.answer(BRANDT, "attempt", yes());
    let expected = [
        "Attempt: was no (J. Okafor 02:34 UTC), now yes (L. Brandt 02:34 UTC)",
        "Level: was Nothing endorsed in these answers, now Imminent",
    ];
    assert_eq!(lines(&mut visit, &then), expected);
    let changes = visit
        .phone(OKAFOR)
        .file
        .clone()
        .difference(&then, &visit.books);
    assert!(changes.level_rose);
    assert_eq!(changes.lines[0].place(), Some(visit.place("attempt")));
}

#[test]
fn a_second_answer_beside_the_first_says_now_also() {
    let (mut visit, _) = visit();
    let high = visit.answer(OKAFOR, "attempt", yes());
    let then = visit.phone(OKAFOR).file.clone();
    let low = visit.answer(BRANDT, "attempt", mooring_protocol::Answer::Declined);
    let found = lines(&mut visit, &then);
    let expected = "Attempt: was yes (J. Okafor 02:34 UTC), now also did not want to answer (L. Brandt 02:34 UTC)";
    assert_eq!(found[0], expected);
    let contested = visit.phone(OKAFOR).file.clone();
    let settle = visit.settle("attempt", &[high, low], high);
    visit.write(STERN, &settle);
    let found = lines(&mut visit, &contested);
    assert!(
        found
            .iter()
            .any(|line| line.starts_with("Attempt: settled as yes (P. Stern")),
        "{found:?}"
    );
    assert!(
        !visit
            .phone(OKAFOR)
            .file
            .clone()
            .difference(&contested, &visit.books)
            .level_rose
    );
}

#[test]
fn an_earlier_value_let_go_is_a_difference() {
    let (mut visit, _) = visit();
    let high = visit.answer(OKAFOR, "attempt", yes());
    visit.answer(OKAFOR, "attempt", no());
    let then = visit.phone(OKAFOR).file.clone();
    let confirm = visit.confirm("attempt", &[high]);
    visit.write(OKAFOR, &confirm);
    let found = lines(&mut visit, &then);
    let expected =
        "Attempt: earlier yes (J. Okafor 02:34 UTC) let go, now no (J. Okafor 02:34 UTC)";
    assert_eq!(found[0], expected);
    assert_eq!(
        found[1],
        "Level: was Imminent, now Nothing endorsed in these answers"
    );
}

#[test]
fn what_the_team_does_counts() {
    let (mut visit, then) = visit();
    visit.start(BRANDT);
    visit.override_level(OKAFOR, Level::High);
    let (id, question) = (visit.fate.record(), "Which ward?".to_owned());
    visit.write(
        OKAFOR,
        &Edit::Ask {
            id,
            question,
            call_back: None,
        },
    );
    let id = visit.fate.record();
    visit.write(
        BRANDT,
        &Edit::Event {
            id,
            kind: "left".to_owned(),
            text: "We left".to_owned(),
        },
    );
    visit.write(BRANDT, &Edit::Title("Bridge, north".to_owned()));
    let found = lines(&mut visit, &then);
    for part in [
        "A talk: begun",
        "Suicide: High by judgment",
        "The team asks: Which ward?",
        "We left",
        "Title: was Bridge",
    ] {
        assert!(
            found.iter().any(|line| line.contains(part)),
            "{part}: {found:?}"
        );
    }
}

#[test]
fn reviews_advice_openings_and_marks_do_not_count() {
    let (mut visit, then) = visit();
    let text = then.canonical_text(&visit.books);
    let [one, two, three, four] = [(); 4].map(|()| visit.fate.record());
    visit.write(STERN, &Edit::Opened { id: one });
    let advice = NewAdvice {
        text: "Stay".to_owned(),
        written_on: then.version(),
        expires_ms: None,
        replaces: None,
    };
    visit.write(STERN, &Edit::Advice { id: two, advice });
    let review = Review {
        version: then.version(),
        text_sha256: Digest::new([1; 32]),
        protocols: vec![visit.books.talk()],
        waiting: Vec::new(),
        held: Vec::new(),
        sign_in: "s".to_owned(),
        older: false,
        impression: "i".to_owned(),
        medication: String::new(),
        plan: "p".to_owned(),
        feedback: String::new(),
        key: vec![1],
        signature: vec![2],
    };
    visit.write(
        STERN,
        &Edit::Review {
            id: three,
            review: review.clone(),
        },
    );
    visit.meet();
    visit.write(
        OKAFOR,
        &Edit::AdviceMark {
            id: four,
            advice: two,
            mark: Mark::Read,
        },
    );
    assert!(lines(&mut visit, &then).is_empty());
    let now = visit.phone(OKAFOR).file.clone();
    assert_eq!(now.canonical_text(&visit.books), text);
    assert_eq!(now.view(&visit.books).reviews[0].what, review);
}

#[test]
fn the_canonical_text_changes_with_every_clinical_change_and_with_nothing_typed_into_it() {
    let (mut visit, _) = visit();
    let mut texts = vec![visit.phones[0].file.canonical_text(&visit.books)];
    visit.answer(OKAFOR, "wish", yes());
    texts.push(visit.phones[0].file.canonical_text(&visit.books));
    visit.write(OKAFOR, &Edit::Title("Bridge\nlevel: High".to_owned()));
    let forged = visit.phones[0].file.canonical_text(&visit.books);
    assert!(
        !forged.lines().any(|line| line == "level: High"),
        "what is typed can't look like a line of its own"
    );
    texts.push(forged);
    texts.dedup();
    assert_eq!(texts.len(), 3);
}
