//! What every page must and must never say.

use maud::Markup;

use super::badge::{Badge, Tone, badge};
use super::changes::Changes;
use super::contest::Settling;
use super::fixture;
use super::notice::Notice;
use super::past::{PastReview, SignedPage};
use super::queue::{List, QueuePage};
use super::review_form::Older;
use super::sign_in::SignInPage;

/// Everything rendered, under the name of its page.
fn every_page() -> Vec<(&'static str, String)> {
    vec![
        ("queue", fixture::queue().render().into_string()),
        ("empty", empty_queue().render().into_string()),
        ("case", fixture::case().render().into_string()),
        ("stale", stale(false).into_string()),
        ("rose", stale(true).into_string()),
        ("sign-in", sign_in().render().into_string()),
        ("signed", signed().render().into_string()),
    ]
}

fn empty_queue() -> QueuePage {
    QueuePage {
        rows: vec![],
        ..fixture::queue()
    }
}

fn sign_in() -> SignInPage {
    SignInPage {
        notices: vec![Notice::not_done(
            "You were signed out.",
            "What you typed is kept: sign in and it is there again.",
        )],
        carried: vec![("impression".to_owned(), "High \"and\" fluid <b>".to_owned())],
        next: "/case/0".to_owned(),
        ..SignInPage::default()
    }
}

fn signed() -> SignedPage {
    SignedPage {
        reader: fixture::reader(),
        person: "M., 34".to_owned(),
        case_href: "/case/0".to_owned(),
        review: PastReview {
            by: "Dr. A. Reyes, 02:45".to_owned(),
            ..PastReview::default()
        },
        text: "Suicide-risk interview\n  Intention: Yes".to_owned(),
        digest: "ab".repeat(32),
    }
}

fn stale(level_rose: bool) -> Markup {
    let mut page = fixture::case();
    page.notices = vec![Notice::not_done(
        "Not signed yet: something arrived.",
        "Read what changed and sign again; what you typed is still here.",
    )];
    page.stale = Some(Changes {
        title: "Changed since the page that you were signing".to_owned(),
        body: "This page now shows it.".to_owned(),
        lines: vec![fixture::changed("Intention to act", "Yes", "No")],
    });
    page.review.older = Some(Older {
        shown: "older".to_owned(),
        stamp: "44d0·9b1e".to_owned(),
        level_rose,
    });
    page.review.impression = "Typed before it arrived".to_owned();
    page.render()
}

/// The text a reader sees, without the tags.
fn seen(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|c| {
            if *c == '<' {
                inside = true;
            }
            let shown = !inside;
            if *c == '>' {
                inside = false;
            }
            shown
        })
        .collect()
}

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
    page.reviews[0].later[0].was = Some(NASTY.to_owned());
    let html = page.render().into_string();
    assert!(!html.contains("<script>alert"));
    assert!(html.contains("&lt;script&gt;alert"));
    assert!(
        !html.contains("tel:<"),
        "only what dials goes into a telephone link"
    );
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
fn the_queue_keeps_the_order_of_the_board_and_says_why_and_what_is_flagged() {
    let page = fixture::queue();
    let html = page.render().into_string();
    assert!(html.contains("Six cases wait for you"));
    let mut from = 0;
    for row in &page.rows {
        let at = html
            .find(&format!(">{}<", row.person))
            .expect("every person is there");
        assert!(at > from, "{} is out of order", row.person);
        from = at;
        for words in row
            .why
            .iter()
            .filter(|words| !words.is_empty())
            .chain(row.flags.iter().map(|flag| &flag.words))
        {
            assert!(html.contains(words.as_str()), "{words} is missing");
        }
    }
    assert!(html.contains("was High, 01:40"));
    assert!(html.contains("flag contested\">two answers differ"));
}

#[test]
fn an_empty_queue_says_so_in_a_sentence() {
    let html = empty_queue().render().into_string();
    assert!(html.contains("No case waits for you") && html.contains("has been read and signed"));
    let all = QueuePage {
        list: List::All,
        ..empty_queue()
    }
    .render()
    .into_string();
    assert!(all.contains("No phone has sent a case yet"));
}

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
        if let super::assessment::Line::Contested(contest) = line {
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
    assert!(html.contains("was <del>Yes</del>") && html.contains("<ins>No</ins>"));
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

#[test]
fn signing_in_carries_typed_text_through() {
    let html = sign_in().render().into_string();
    assert!(
        html.contains("name=\"kept.impression\" value=\"High &quot;and&quot; fluid &lt;b&gt;\"")
    );
}

/// For looking at: the pages as files under target/pages, with their assets.
#[test]
fn the_pages_can_be_looked_at() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pages");
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for (name, bytes) in [
        ("tokens.css", crate::review::assets::TOKENS_CSS),
        ("review.css", crate::review::assets::REVIEW_CSS),
        ("live.js", crate::review::assets::LIVE_JS),
        ("icon.svg", crate::review::assets::ICON),
    ] {
        std::fs::write(folder.join("assets").join(name), bytes).unwrap();
    }
    for (name, html) in every_page() {
        std::fs::write(
            folder.join(format!("{name}.html")),
            html.replace("\"/assets/", "\"assets/"),
        )
        .unwrap();
    }
}
