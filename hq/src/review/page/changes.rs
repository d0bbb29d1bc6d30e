//! What changed: since the page that was being signed, or since the last review.

use maud::{Markup, html};

/// A list of changes under a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    /// "Changed since your review, 02:50".
    pub(crate) title: String,
    /// What that means for the reader.
    pub(crate) body: String,
    /// The changes, each in words: "Intention to act: was yes …, now also no …".
    pub(crate) lines: Vec<String>,
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

/// The changes themselves; their words carry it, not the color.
pub(crate) fn lines(changes: &[String]) -> Markup {
    html! { ul class="diff" { @for change in changes { li { (change) } } } }
}
