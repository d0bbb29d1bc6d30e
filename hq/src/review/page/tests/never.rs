//! What no page may ever say or need.

use super::super::badge::{Badge, Tone, badge};
use super::super::fixture;
use super::{every_page, seen};

#[test]
fn no_page_speaks_of_percentages_or_of_no_risk() {
    for (name, html) in every_page() {
        let text = seen(&html).to_lowercase();
        for never in [
            "%",
            "no risk",
            "risk-free",
            "subject",
            "case #",
            "suicidal patient",
        ] {
            assert!(!text.contains(never), "the page {name} says {never:?}");
        }
    }
}

#[test]
fn no_page_needs_inline_script_or_style() {
    for (name, html) in every_page() {
        for never in [
            "style=",
            "<style",
            "onclick",
            "onsubmit",
            "javascript:",
            "<script>",
        ] {
            assert!(!html.contains(never), "the page {name} has {never:?}");
        }
    }
}

#[test]
fn every_form_that_posts_carries_a_token() {
    for (name, html) in every_page() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            assert!(
                form.contains("name=\"csrf\"") || form.contains("name=\"form_token\""),
                "a form of {name} has no token"
            );
        }
    }
}

#[test]
fn what_people_typed_is_escaped_wherever_it_stands() {
    const NASTY: &str = "<script>alert('x')</script>\"&";
    let mut page = fixture::case();
    NASTY.clone_into(&mut page.person);
    page.strip.asked[0].question = NASTY.to_owned();
    page.strip.asked[0].call_back = Some(NASTY.to_owned());
    page.review.impression = NASTY.to_owned();
    page.advice.sent[0].text = NASTY.to_owned();
    page.moments[0].words = NASTY.to_owned();
    page.reviews[0].later[0] = NASTY.to_owned();
    let html = page.render().into_string();
    assert!(!html.contains("<script>alert"));
    assert!(html.contains("&lt;script&gt;alert"));
    assert!(!html.contains("tel:"), "what dials nothing is no link");
}

#[test]
fn a_level_is_a_word_and_a_shape_before_it_is_a_color() {
    for (tone, class, shape) in [
        (Tone::Imminent, "imminent", true),
        (Tone::High, "high", true),
        (Tone::Moderate, "moderate", true),
        (Tone::Low, "low", true),
        (Tone::Neutral, "neutral", false),
    ] {
        let html = badge(&Badge {
            words: "At least high".to_owned(),
            tone,
        })
        .into_string();
        assert!(html.contains("At least high") && html.contains(&format!("risk {class}")));
        assert_eq!(html.contains("<path"), shape, "{class}");
    }
}

#[test]
fn a_telephone_link_holds_only_what_dials() {
    let mut page = fixture::case();
    page.strip.asked[0].call_back = Some("555 0163, ask for \"Jo\"".to_owned());
    let html = page.render().into_string();
    assert!(html.contains("<a href=\"tel:5550163\">555 0163, ask for &quot;Jo&quot;</a>"));
}
