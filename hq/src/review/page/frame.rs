//! What every page stands in: head, skip link, navigation, who is signed in.

use maud::{DOCTYPE, Markup, html};

/// Which entry of the navigation the page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    /// The review queue.
    Queue,
    /// All cases.
    Cases,
    /// Broken glasses.
    Glass,
    /// The reader's own sign-in.
    Account,
    /// None of them.
    Elsewhere,
}

/// Who is signed in, and the token that guards their forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reader {
    /// "Dr. A. Reyes".
    pub(crate) name: String,
    /// Anti-forgery token of this sign-in.
    pub(crate) csrf: String,
    /// Whether a second factor guards this sign-in; if not, every page urges to set one up.
    pub(crate) second_factor: bool,
}

/// A whole page around its main part.
pub(crate) fn frame(title: &str, here: Here, reader: Option<&Reader>, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Mooring" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/tokens.css";
                link rel="stylesheet" href="/assets/review.css";
                @if reader.is_some() { script src="/assets/live.js" defer {} }
            }
            body {
                a class="skip" href="#main" { "Skip to the content" }
                header class="top" {
                    b { "Mooring" }
                    @if let Some(reader) = reader { (navigation(here, reader)) }
                }
                main id="main" tabindex="-1" { (main) }
            }
        }
    }
}

fn navigation(here: Here, reader: &Reader) -> Markup {
    html! {
        nav aria-label="Mooring" {
            a href="/" aria-current=[(here == Here::Queue).then_some("page")] { "Review queue" }
            a href="/cases" aria-current=[(here == Here::Cases).then_some("page")] { "All cases" }
            a href="/glass" aria-current=[(here == Here::Glass).then_some("page")] { "Broken glass" }
        }
        form class="who" method="post" action="/sign-out" {
            a href="/account" aria-current=[(here == Here::Account).then_some("page")] {
                (reader.name)
                @if !reader.second_factor { " · add a second factor" }
            }
            input type="hidden" name="csrf" value=(reader.csrf);
            button class="quiet" { "Sign out" }
        }
    }
}
