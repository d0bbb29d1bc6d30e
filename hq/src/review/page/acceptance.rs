//! What stands beside the governing level until someone with the role accepts it: a later assessment, a downward judgment.

use maud::{Markup, html};

/// One thing that waits to be accepted.
#[derive(Clone, Debug)]
pub(crate) struct Acceptance {
    /// Names it in the form: `assessment/<id>` or `override/<id>`.
    pub(crate) key: String,
    /// What it is, by whom, when.
    pub(crate) words: String,
    /// What accepting would change: "High would become Moderate".
    pub(crate) effect: String,
    /// What had been typed.
    pub(crate) reason: String,
    /// It was just tried.
    pub(crate) pressed: bool,
    /// Why this reader may not.
    pub(crate) closed: Option<String>,
}

/// The panel, if anything waits.
pub(crate) fn acceptances(waiting: &[Acceptance], action: &str) -> Markup {
    html! {
        @if !waiting.is_empty() {
            section class="panel" aria-labelledby="accept" {
                h2 id="accept" { "Waits to be accepted" }
                @for one in waiting { (one.render(action)) }
            }
        }
    }
}

impl Acceptance {
    fn render(&self, action: &str) -> Markup {
        let reason = format!("accept|{}", self.key);
        html! {
            div class="domain" {
                p { (self.words) br; span class="small" { (self.effect) } }
                @if let Some(why) = &self.closed { p class="by" { (why) } } @else {
                    details class="settle" open[self.pressed || !self.reason.is_empty()] {
                        summary { "Accept it" }
                        label for=(reason) { "Reason" }
                        textarea id=(reason) name=(reason) form="desk" rows="2" maxlength="20000" { (self.reason) }
                        button class="second" form="desk" name="accepts" value=(self.key) formaction=(action) { "Accept" }
                    }
                }
            }
        }
    }
}
