//! SAFETY rules 5 and 6: contested values, and who settles them.

use mooring_casefile::{ChangeId, Edit, EditError, MaySettle, Settlement, SettlementState};
use mooring_protocol::Answer;

use crate::world::{BRANDT, ITO, OKAFOR, ROY, STERN, Visit, no, path, writer, yes};

/// Okafor says yes and Brandt says no, neither knowing of the other; everybody has both.
fn differing(people: &[u8]) -> (Visit, ChangeId, ChangeId) {
    let mut visit = Visit::of(people);
    visit.answer_all(OKAFOR);
    visit.meet();
    let high = visit.answer(OKAFOR, "attempt", yes());
    // The first "no" stands already, so Brandt says something else than what is there.
    let low = visit.answer(BRANDT, "attempt", Answer::Declined);
    visit.meet();
    (visit, high, low)
}

#[test]
fn two_different_answers_both_stay_and_the_higher_governs() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT]);
    visit.check("At least imminent", true);
    let item = visit.item(OKAFOR, "attempt");
    assert!(item.contested);
    let authors: Vec<_> = item
        .values
        .iter()
        .map(|value| value.stamp.who.person.bytes()[0])
        .collect();
    assert_eq!(authors.len(), 2);
    assert!(authors.contains(&OKAFOR) && authors.contains(&BRANDT));
    assert!(
        item.values.iter().any(|value| value.id == high)
            && item.values.iter().any(|value| value.id == low)
    );
}

#[test]
fn the_higher_governs_whichever_actor_sorts_last() {
    for (yes_by, no_by) in [(OKAFOR, BRANDT), (BRANDT, OKAFOR)] {
        let mut visit = Visit::of(&[OKAFOR, BRANDT]);
        visit.answer(yes_by, "attempt", yes());
        visit.answer(no_by, "attempt", no());
        visit.check("At least imminent", true);
    }
}

#[test]
fn the_same_answer_twice_is_not_contested_and_shows_both_authors() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer(OKAFOR, "attempt", yes());
    visit.answer(BRANDT, "attempt", yes());
    visit.check("At least imminent", false);
    assert_eq!(visit.item(BRANDT, "attempt").values.len(), 2);
}

#[test]
fn a_contested_gate_keeps_both_branches_open() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer_all(OKAFOR);
    visit.meet();
    visit.answer(OKAFOR, "thoughts", yes());
    visit.answer(BRANDT, "thoughts", Answer::Declined);
    visit.meet();
    visit.answer(OKAFOR, "plan", yes());
    visit.check("At least high", true);
}

#[test]
fn a_plain_overwrite_of_a_contested_answer_stays_contested() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT]);
    let over = visit.answer(BRANDT, "attempt", no());
    visit.check("At least imminent", true);
    visit.check_values("attempt", &[high, low, over], &[0, 1, 2], &[]);
    let again = visit.answer(OKAFOR, "attempt", Answer::NotNow);
    visit.meet();
    visit.check_values("attempt", &[high, low, over, again], &[0, 1, 2, 3], &[]);
}

#[test]
fn repeating_one_of_the_contested_answers_deletes_none_of_the_others() {
    for repeated in [yes(), Answer::Declined] {
        let (mut visit, high, low) = differing(&[OKAFOR, BRANDT]);
        let edit = Edit::Answer {
            assessment: visit.assessment,
            answers: vec![(path("attempt"), repeated)],
            told: None,
        };
        assert_eq!(visit.try_write(OKAFOR, &edit), Err(EditError::NothingNew));
        visit.check_values("attempt", &[high, low], &[0, 1], &[]);
    }
}

#[test]
fn a_retraction_beside_another_answer_takes_nothing_away() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer_all(OKAFOR);
    visit.meet();
    visit.answer(OKAFOR, "attempt", yes());
    let retract = Edit::Retract {
        assessment: visit.assessment,
        path: path("attempt"),
        reason: "not said".to_owned(),
    };
    visit.write(BRANDT, &retract);
    visit.check("Imminent", true);
}

#[test]
fn a_settlement_upward_may_be_either_authors() {
    for author in [OKAFOR, BRANDT] {
        let (mut visit, high, low) = differing(&[OKAFOR, BRANDT]);
        let settle = visit.settle("attempt", &[high, low], high);
        visit.write(author, &settle);
        visit.check("Imminent", false);
        visit.check_values("attempt", &[high, low], &[0], &[]);
    }
}

#[test]
fn a_settlement_by_somebody_without_part_or_role_is_refused() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT]);
    let mut third = writer(6);
    third.actor = mooring_casefile::Actor::new([0x66; 16]);
    let settle = visit.settle("attempt", &[high, low], high);
    let now = visit.fate.now();
    let refused = visit.phone(OKAFOR).file.apply(&settle, &third, now);
    assert_eq!(refused, Err(EditError::NotAllowed));
}

#[track_caller]
fn check_downward(by: u8, counts: bool) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, ITO, STERN]);
    visit.answer_all(OKAFOR);
    visit.meet();
    let high = visit.answer(OKAFOR, "attempt", yes());
    let low = visit.answer(ITO, "attempt", Answer::Unsure);
    let none = visit.answer(
        BRANDT,
        "attempt",
        Answer::Value(mooring_protocol::Value::Boolean(true)),
    );
    visit.meet();
    let seen = visit.item(OKAFOR, "attempt").to_settle();
    assert!([high, low, none].iter().all(|id| seen.contains(id)));
    let settle = visit.settle("attempt", &seen, low);
    visit.write(by, &settle);
    visit.check(
        if counts {
            "Not yet known"
        } else {
            "At least imminent"
        },
        !counts,
    );
    let state = visit.item(OKAFOR, "attempt").settlements[0].state;
    assert_eq!(state == SettlementState::Counts, counts, "{state:?}");
}

#[test]
fn a_settlement_downward_by_a_psychiatrist_counts() {
    check_downward(STERN, true);
}

#[test]
fn a_settlement_downward_by_an_author_does_not_count() {
    check_downward(OKAFOR, false);
    check_downward(BRANDT, false);
}

#[test]
fn a_settlement_downward_by_the_clinician_who_gave_the_lower_answer_does_not_count() {
    check_downward(ITO, false);
}

#[test]
fn a_settlement_downward_by_another_clinician_counts() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, ROY]);
    let settle = visit.settle("attempt", &[high, low], low);
    visit.write(ROY, &settle);
    visit.check("Not yet known", false);
}

#[test]
fn authors_who_settle_one_after_the_other_can_not_lower_together() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer_all(OKAFOR);
    visit.meet();
    let mut settle = Vec::new();
    for link in ["attempt", "support"] {
        let (bad, good) = if link == "attempt" {
            (yes(), Answer::Declined)
        } else {
            (no(), Answer::Declined)
        };
        let high = visit.answer(OKAFOR, link, bad);
        let low = visit.answer(BRANDT, link, good);
        settle.push((link, high, low));
    }
    visit.meet();
    for (link, high, low) in settle {
        let settle = visit.settle(link, &[high, low], low);
        visit.write(BRANDT, &settle);
    }
    visit.check("At least imminent", true);
}

#[test]
fn a_value_that_was_not_named_reopens_the_question() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, STERN, ITO]);
    let unseen = visit.answer(ITO, "attempt", no());
    let settle = visit.settle("attempt", &[high, low], low);
    visit.write(STERN, &settle);
    visit.meet();
    visit.check_values("attempt", &[high, low, unseen], &[0, 1, 2], &[]);
    visit.check("At least imminent", true);
    assert_eq!(
        visit.item(OKAFOR, "attempt").settlements[0].state,
        SettlementState::Overtaken
    );
    // The next settlement has nothing to decide between: the first one never saw all.
    let settle = visit.settle("attempt", &[high, low, unseen], high);
    visit.write(OKAFOR, &settle);
    visit.check("Imminent", false);
}

#[test]
fn a_second_different_settlement_reopens_and_a_third_that_names_both_closes() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, STERN, ROY]);
    for (by, choice) in [(STERN, low), (ROY, high)] {
        let settle = visit.settle("attempt", &[high, low], choice);
        visit.write(by, &settle);
    }
    visit.check("At least imminent", true);
    let item = visit.item(OKAFOR, "attempt");
    assert_eq!(item.contradicting().len(), 2);
    let third = visit.settle("attempt", &item.to_settle(), low);
    let Edit::Settle {
        id,
        place,
        seen,
        choice,
        reason,
        ..
    } = third
    else {
        unreachable!()
    };
    visit.write(
        STERN,
        &Edit::Settle {
            id,
            place,
            seen,
            choice,
            replaces: item.contradicting(),
            reason,
        },
    );
    visit.check("Not yet known", false);
}

#[test]
fn a_second_settlement_that_names_the_first_alone_reopens_all_the_same() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, STERN]);
    let first = visit.settle("attempt", &[high, low], high);
    visit.write(STERN, &first);
    let Edit::Settle { id: first, .. } = first else {
        unreachable!()
    };
    let Edit::Settle {
        id,
        place,
        seen,
        choice,
        reason,
        ..
    } = visit.settle("attempt", &[high, low], low)
    else {
        unreachable!()
    };
    visit.write(
        STERN,
        &Edit::Settle {
            id,
            place,
            seen,
            choice,
            replaces: vec![first],
            reason,
        },
    );
    visit.check("At least imminent", true);
}

#[test]
fn an_edit_in_knowledge_of_a_settlement_is_an_ordinary_edit() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, ROY]);
    let settle = visit.settle("attempt", &[high, low], low);
    visit.write(ROY, &settle);
    visit.meet();
    let later = visit.answer(BRANDT, "attempt", no());
    visit.meet();
    visit.check_values("attempt", &[high, low, later], &[2], &[]);
    visit.check("Nothing endorsed in these answers", false);
}

#[test]
fn an_edit_after_a_settlement_at_headquarters_is_contested_until_settled_again() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, STERN]);
    let settle = visit.settle("attempt", &[high, low], low);
    visit.write(STERN, &settle);
    visit.meet();
    let later = visit.answer(BRANDT, "attempt", no());
    visit.meet();
    visit.check_values("attempt", &[high, low, later], &[0, 1, 2], &[]);
    let settle = visit.settle("attempt", &[high, low, later], later);
    visit.write(STERN, &settle);
    visit.check("Nothing endorsed in these answers", false);
}

#[test]
fn whoever_asks_first_learns_whether_a_settlement_would_count() {
    let (mut visit, high, low) = differing(&[OKAFOR, BRANDT, ROY]);
    let place = visit.place("attempt");
    let file = visit.phone(ROY).file.clone();
    let may = |choice, by: u8| {
        let (seen, replaces) = (vec![high, low], Vec::new());
        let settlement = Settlement {
            place: place.clone(),
            seen,
            choice,
            replaces,
            reason: "r".to_owned(),
        };
        file.may_settle(&settlement, &writer(by).who, &visit.books)
    };
    assert_eq!(may(high, BRANDT), MaySettle::Yes);
    assert_eq!(may(low, BRANDT), MaySettle::NeedsRole);
    assert_eq!(may(low, ROY), MaySettle::Yes);
    assert_eq!(may(high, 6), MaySettle::No);
}
