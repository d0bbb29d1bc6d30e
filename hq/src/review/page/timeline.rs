//! What happened, in order; and what reached headquarters but is not part of the case yet.

use maud::{Markup, html};

/// One moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// "02:19".
    pub(crate) at: String,
    /// What happened.
    pub(crate) words: String,
    /// Who told it.
    pub(crate) by: String,
}

/// The timeline.
pub(crate) fn timeline(moments: &[Moment]) -> Markup {
    html! {
        section class="panel" aria-labelledby="happened" {
            h2 id="happened" { "What happened" }
            @if moments.is_empty() { p class="na" { "Nothing has been noted." } }
            ol class="time" { @for moment in moments {
                li { time { (moment.at) } span { (moment.words) @if !moment.by.is_empty() { " " span class="small" { (moment.by) } } } }
            } }
        }
    }
}

/// What waits or is held, if anything does.
pub(crate) fn pending(lines: &[String]) -> Markup {
    html! {
        @if !lines.is_empty() {
            section class="panel apart" aria-labelledby="pending" {
                h2 id="pending" { "Received, but not part of this page yet" }
                ul { @for line in lines { li { (line) } } }
                p class="small" { "Nothing of it is lost. What waits joins the case by itself; what is held needs a person." }
            }
        }
    }
}
