//! The page of one case.

use super::super::assessment::Line;
use super::super::contest::Settling;
use super::super::fixture;
use super::stale;

#[test]
fn what_nobody_asked_says_so() {
    let html = fixture::case().render().into_string();
    let pregnancy = html.split("Pregnancy").nth(1).unwrap();
    assert!(
        pregnancy
            .split("</div>")
            .next()
            .unwrap()
            .contains("<dd class=\"na\">not asked")
    );
    let mut page = fixture::case();
    page.strip.asked[0].call_back = None;
    assert!(
        page.render()
            .into_string()
            .contains("call-back number: <span class=\"na\">not asked")
    );
}

#[test]
fn the_governing_answer_has_the_heavier_frame_and_the_other_stands_beside_it() {
    let html = fixture::case().render().into_string();
    let two = html
        .split("class=\"two\"")
        .nth(1)
        .unwrap()
        .split("<details")
        .next()
        .unwrap();
    assert!(two.contains("<div class=\"governs\"><b>Yes</b>"));
    assert!(two.contains("<div><b>No</b>"));
    assert!(two.contains("counts until settled"));
}

#[test]
fn who_may_not_settle_reads_why() {
    let mut page = fixture::case();
    for line in &mut page.assessments[0].lines {
        if let Line::Contested(contest) = line {
            contest.settling = Settling::Closed("A psychiatrist settles this downward.".to_owned());
        }
    }
    let html = page.render().into_string();
    assert!(html.contains("A psychiatrist settles this downward.") && !html.contains("/settle\""));
}

#[test]
fn every_field_belongs_to_the_one_form_so_that_any_button_keeps_all_that_was_typed() {
    let html = fixture::case().render().into_string();
    let after = html
        .split("id=\"desk\"")
        .nth(1)
        .unwrap()
        .split_once("</form>")
        .unwrap()
        .1;
    for field in ["<textarea", "<select", "<input"] {
        for one in after.split(field).skip(1) {
            let tag = one.split('>').next().unwrap();
            assert!(tag.contains("form=\"desk\""), "{field}{tag}");
        }
    }
}

#[test]
fn a_stale_page_shows_the_difference_keeps_the_text_and_offers_the_older_version() {
    let html = stale(false).into_string();
    assert!(html.contains(
        "<li>Intention to act: was Yes (J. Okafor 02:34), now No (L. Brandt 02:36)</li>"
    ));
    assert!(html.contains("Typed before it arrived"));
    assert!(html.contains("Sign the older version 44d0·9b1e as such"));
}

#[test]
fn once_the_level_rose_the_older_version_is_no_longer_offered() {
    let html = stale(true).into_string();
    assert!(!html.contains("as such</button>") && html.contains("the level rose since"));
    assert!(html.contains("Typed before it arrived"));
}

#[test]
fn advice_that_something_overtook_says_call() {
    let html = fixture::case().render().into_string();
    assert!(html.contains("Written before this: call."));
    assert!(html.contains("a consideration, not an order"));
}

#[test]
fn our_own_wording_says_that_it_is_no_validated_instrument() {
    assert!(
        fixture::case()
            .render()
            .into_string()
            .contains("not a validated instrument")
    );
}
