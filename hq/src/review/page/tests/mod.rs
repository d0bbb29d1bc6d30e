//! What every page must and must never say.

mod case;
mod never;
mod queue;

use maud::Markup;

use super::account::{AccountPage, Second};
use super::changes::Changes;
use super::code::CodePage;
use super::fixture;
use super::notice::Notice;
use super::past::{PastReview, SignedPage};
use super::queue::QueuePage;
use super::rescue::RescuePage;
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
        ("rescue", rescue().render().into_string()),
        ("code", code().render().into_string()),
        ("account", account(Second::None).into_string()),
        ("account-setting-up", account(setting_up()).into_string()),
        (
            "account-confirmed",
            account(Second::Confirmed { left: 1 }).into_string(),
        ),
        (
            "account-codes",
            account(Second::Codes(vec!["abcd-efgh-jkmn-pqrs".to_owned(); 10])).into_string(),
        ),
    ]
}

fn code() -> CodePage {
    CodePage {
        notices: vec![Notice::not_done(
            "Not signed in yet.",
            "That code is not right.",
        )],
        carried: vec![("plan".to_owned(), "Not <b>alone".to_owned())],
        ..CodePage::default()
    }
}

fn setting_up() -> Second {
    Second::SettingUp {
        text: "GEZD GNBV GY3T QOJQ".to_owned(),
        uri: "otpauth://totp/x".to_owned(),
        picture: Some(("M4 4h1v1h-1z".to_owned(), 45)),
    }
}

fn account(second: Second) -> Markup {
    let page = AccountPage {
        reader: fixture::reader(),
        notices: vec![],
        roles: "psychiatrist".to_owned(),
        second,
    };
    page.render()
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

fn rescue() -> RescuePage {
    RescuePage {
        notice: Notice::not_done(
            "Headquarters could not do this.",
            "HQ is busy. Nothing was changed; try again.",
        ),
        action: "/case/0/draft".to_owned(),
        csrf: "c5rf".to_owned(),
        typed: vec![
            ("impression".to_owned(), "High and fluid".to_owned()),
            ("plan".to_owned(), String::new()),
        ],
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
