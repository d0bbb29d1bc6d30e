//! What changed: since the page that was being signed, or since the last review.

use maud::{Markup, html};

/// One change in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// What it is about.
    pub(crate) what: String,
    /// Before, if there was something.
    pub(crate) was: Option<String>,
    /// Now.
    pub(crate) now: String,
}

/// A list of changes under a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    /// "Changed since your review, 02:50".
    pub(crate) title: String,
    /// What that means for the reader.
    pub(crate) body: String,
    /// The changes.
    pub(crate) lines: Vec<Change>,
}

impl Changes {
    /// The panel, under an anchor of its own.
    pub(crate) fn render(&self, id: &str) -> Markup {
        html! {
            section class="panel changes" aria-labelledby=(id) {
                h2 id=(id) { (self.title) }
                p { (self.body) }
                (lines(&self.lines))
            }
        }
    }
}

/// The changes themselves; the words "was" and "now" carry it, not the color.
pub(crate) fn lines(changes: &[Change]) -> Markup {
    html! {
        ul class="diff" { @for change in changes {
            li {
                @if !change.what.is_empty() { b { (change.what) } " " }
                @if let Some(was) = &change.was { "was " del { (was) } ", now " }
                ins { (change.now) }
            }
        } }
    }
}
