//! What a page or phone is told: who said what when, what became of advice, and what was asked.

use mooring_casefile::{Edit, EditError, Mark, NewAdvice, SaidBy, TimelineKind, Told};

use crate::world::{BRANDT, Books, OKAFOR, STERN, Visit, no, path, yes};

fn advise(visit: &mut Visit) -> mooring_casefile::RecordId {
    let id = visit.fate.record();
    let written_on = visit.phone(STERN).file.version();
    let advice = NewAdvice {
        text: "Stay".to_owned(),
        written_on,
        expires_ms: Some(5_000),
        replaces: None,
    };
    visit.write(STERN, &Edit::Advice { id, advice });
    visit.meet();
    id
}

fn advice_of(visit: &mut Visit) -> mooring_casefile::AdviceView {
    let file = visit.phone(OKAFOR).file.clone();
    file.view(&visit.books).advice[0].clone()
}

#[test]
fn a_value_says_who_and_when_in_the_writers_own_time() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.fate.seconds = 59;
    let id = visit.answer(BRANDT, "wish", yes());
    visit.meet();
    let value = visit.item(OKAFOR, "wish").values[0].clone();
    assert_eq!((value.id, value.words.as_str()), (id, "yes"));
    assert_eq!(value.stamp.at.to_string(), "2025-11-24T02:35:00Z");
    assert_eq!(value.stamp.who.person.bytes()[0], BRANDT);
}

#[test]
fn questions_stand_in_the_protocols_order_whether_answered_or_not() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer(OKAFOR, "support", no());
    let view = visit.phones[0].file.view(&visit.books);
    let one = &view.assessments[0];
    let asked: Vec<_> = one.items.iter().map(|item| item.path.link_id()).collect();
    assert_eq!(asked, crate::world::LINKS);
    assert_eq!(
        (one.title.as_deref(), one.not_validated, one.answered),
        (Some("A talk"), true, 1)
    );
    assert!(one.items[0].is_missing() && !one.items[4].is_missing());
    let unknown = visit.phones[0].file.view(&Books::empty());
    assert_eq!(unknown.assessments[0].title, None);
    assert!(unknown.assessments[0].not_validated);
    assert_eq!(unknown.assessments[0].items[0].question, "support");
}

#[test]
fn advice_comes_as_far_as_the_phones_say() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, STERN]);
    let advice = advise(&mut visit);
    assert_eq!(advice_of(&mut visit).furthest(), None);
    for (by, mark) in [
        (BRANDT, Mark::Delivered),
        (OKAFOR, Mark::Delivered),
        (OKAFOR, Mark::Read),
    ] {
        let id = visit.fate.record();
        visit.write(by, &Edit::AdviceMark { id, advice, mark });
    }
    visit.meet();
    let view = advice_of(&mut visit);
    assert_eq!((view.furthest(), view.marks.len()), (Some(Mark::Read), 3));
    assert!(view.stands_at(4_999) && !view.stands_at(5_000));
}

#[test]
fn advice_is_overtaken_when_the_risk_changes_and_not_when_it_is_read() {
    let mut visit = Visit::of(&[OKAFOR, STERN]);
    visit.answer_all(OKAFOR);
    visit.meet();
    let advice = advise(&mut visit);
    let id = visit.fate.record();
    visit.write(
        OKAFOR,
        &Edit::AdviceMark {
            id,
            advice,
            mark: Mark::Read,
        },
    );
    assert_eq!(advice_of(&mut visit).overtaken, Some(false));
    visit.answer(OKAFOR, "attempt", yes());
    assert_eq!(advice_of(&mut visit).overtaken, Some(true));
}

#[test]
fn withdrawn_or_replaced_advice_stands_no_more() {
    let mut visit = Visit::of(&[OKAFOR, STERN]);
    let first = advise(&mut visit);
    let id = visit.fate.record();
    let written_on = visit.phone(STERN).file.version();
    let advice = NewAdvice {
        text: "Go".to_owned(),
        written_on,
        expires_ms: None,
        replaces: Some(first),
    };
    visit.write(STERN, &Edit::Advice { id, advice });
    visit.meet();
    assert_eq!(advice_of(&mut visit).replaced_by, Some(id));
    let (id, reason) = (visit.fate.record(), "wrong person".to_owned());
    visit.write(
        STERN,
        &Edit::Withdraw {
            id,
            advice: first,
            reason,
        },
    );
    visit.meet();
    let view = advice_of(&mut visit);
    assert!(view.withdrawn.is_some() && !view.stands_at(0));
}

#[test]
fn each_half_is_written_on_its_own_side_only() {
    let mut visit = Visit::of(&[OKAFOR, STERN]);
    let id = visit.fate.record();
    assert_eq!(
        visit.try_write(OKAFOR, &Edit::Opened { id }),
        Err(EditError::WrongHalf)
    );
    let ask = Edit::Ask {
        id,
        question: "?".to_owned(),
        call_back: None,
    };
    assert_eq!(visit.try_write(STERN, &ask), Err(EditError::WrongHalf));
    let answer = Edit::Answer {
        assessment: visit.assessment,
        answers: vec![(crate::world::path("wish"), yes())],
        told: None,
    };
    assert_eq!(visit.try_write(STERN, &answer), Err(EditError::WrongHalf));
}

#[test]
fn what_is_not_there_can_not_be_answered_marked_or_taken_back() {
    let mut visit = Visit::of(&[OKAFOR, STERN]);
    let (unknown, id) = (visit.fate.assessment(), visit.fate.record());
    let wish = crate::world::path("wish");
    let answer = Edit::Answer {
        assessment: unknown,
        answers: vec![(wish.clone(), yes())],
        told: None,
    };
    let mark = Edit::AdviceMark {
        id,
        advice: id,
        mark: Mark::Read,
    };
    let retract = Edit::Retract {
        assessment: visit.assessment,
        path: wish,
        reason: "r".to_owned(),
    };
    for edit in [answer, mark, retract] {
        assert_eq!(visit.try_write(OKAFOR, &edit), Err(EditError::NotFound));
    }
}

#[test]
fn the_same_answer_again_is_nothing_new() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer(OKAFOR, "wish", yes());
    let before = visit.phones[0].file.version();
    let again = Edit::Answer {
        assessment: visit.assessment,
        answers: vec![(crate::world::path("wish"), yes())],
        told: None,
    };
    assert_eq!(visit.try_write(OKAFOR, &again), Err(EditError::NothingNew));
    assert_eq!(visit.phones[0].file.version(), before);
}

#[test]
fn an_answer_of_any_length_up_to_the_cap_is_saved_and_one_beyond_is_refused_whole() {
    let mut visit = Visit::of(&[OKAFOR]);
    let text = |bytes: usize| {
        mooring_protocol::Answer::Value(mooring_protocol::Value::String("a".repeat(bytes)))
    };
    visit.answer(OKAFOR, "wish", text(1 << 20));
    let before = visit.phones[0].file.version();
    let answers = vec![(crate::world::path("wish"), text(4 << 20))];
    let long = Edit::Answer {
        assessment: visit.assessment,
        answers,
        told: None,
    };
    assert_eq!(visit.try_write(OKAFOR, &long), Err(EditError::TooLong));
    assert_eq!(visit.phones[0].file.version(), before);
}

#[test]
fn the_timeline_tells_all_of_it_in_order() {
    let mut visit = Visit::of(&[OKAFOR, STERN]);
    visit.answer(OKAFOR, "wish", yes());
    let (id, question) = (visit.fate.record(), "Which ward?".to_owned());
    visit.write(
        OKAFOR,
        &Edit::Ask {
            id,
            question,
            call_back: None,
        },
    );
    visit.meet();
    let id = visit.fate.record();
    visit.write(STERN, &Edit::Opened { id });
    visit.meet();
    let view = visit.phones[0].file.view(&visit.books);
    let kinds: Vec<_> = view.timeline.iter().map(|entry| entry.kind).collect();
    assert_eq!(
        kinds,
        [
            TimelineKind::Created,
            TimelineKind::Started,
            TimelineKind::Answered,
            TimelineKind::Asked,
            TimelineKind::Opened
        ]
    );
    assert_eq!(view.openings[0].who.person.bytes()[0], STERN);
}

#[test]
fn how_an_answer_was_told_stands_with_it_and_in_what_is_signed() {
    let mut visit = Visit::of(&[OKAFOR]);
    let told = Told {
        said_by: Some(SaidBy::Family),
        asked_by: Some("L. Brandt".to_owned()),
        language: Some("es".to_owned()),
        said_at_s: Some(1_763_951_700),
    };
    let answer = Edit::Answer {
        assessment: visit.assessment,
        answers: vec![(path("wish"), yes())],
        told: Some(told.clone()),
    };
    visit.write(OKAFOR, &answer);
    let item = visit.item(OKAFOR, "wish");
    assert_eq!(item.values[0].told, Some(told));
    let signed = visit.phones[0].file.canonical_text(&visit.books);
    let line = ", said by family, asked by L. Brandt, in es, said at 1763951700";
    assert!(signed.contains(line), "{signed}");
}

#[test]
fn who_said_it_can_be_added_later_and_lowers_nothing() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer_all(OKAFOR);
    visit.answer(OKAFOR, "attempt", yes());
    let answer = |told| Edit::Answer {
        assessment: visit.assessment,
        answers: vec![(path("attempt"), yes())],
        told,
    };
    let plain = answer(None);
    let by_record = answer(Some(Told {
        said_by: Some(SaidBy::Record),
        ..Told::default()
    }));
    assert!(matches!(
        visit.try_write(OKAFOR, &plain),
        Err(EditError::NothingNew)
    ));
    visit.write(OKAFOR, &by_record);
    visit.check("Imminent", false);
    assert_eq!(visit.risk(OKAFOR).held, None);
}

#[test]
fn a_name_without_end_is_refused_and_the_case_is_as_it_was() {
    let mut visit = Visit::of(&[OKAFOR]);
    let told = Some(Told {
        asked_by: Some("x".repeat(121)),
        ..Told::default()
    });
    let answer = Edit::Answer {
        assessment: visit.assessment,
        answers: vec![(path("wish"), yes())],
        told,
    };
    assert!(matches!(
        visit.try_write(OKAFOR, &answer),
        Err(EditError::Malformed)
    ));
    assert!(visit.item(OKAFOR, "wish").values.is_empty());
}
