//! When headquarters itself fails under a form: what was typed stands on the page that says so, and one button tries again.

use maud::{Markup, html};

use super::frame::{Here, frame};
use super::notice::{Notice, notices};

/// The page.
#[derive(Clone, Debug)]
pub(crate) struct RescuePage {
    /// What happened.
    pub(crate) notice: Notice,
    /// Where the form goes: keeping what was typed, then the case.
    pub(crate) action: String,
    /// Token of the sign-in, as posted.
    pub(crate) csrf: String,
    /// Everything typed: field name and text.
    pub(crate) typed: Vec<(String, String)>,
}

impl RescuePage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let main = html! {
            div class="narrow" {
                h1 { "Not done" }
                (notices(std::slice::from_ref(&self.notice)))
                form class="panel" method="post" action=(self.action) {
                    input type="hidden" name="csrf" value=(self.csrf);
                    p { "What you typed stands here. Nothing of it is lost while this page is open." }
                    @for (name, text) in self.typed.iter().filter(|(_, text)| !text.is_empty()) {
                        label for=(name) { (label(name)) }
                        textarea id=(name) name=(name) rows="3" { (text) }
                    }
                    button class="main" { "Try again to keep it" }
                }
            }
        };
        frame("Not done", Here::Elsewhere, None, &main)
    }
}

fn label(name: &str) -> &str {
    match name {
        "impression" => "Impression",
        "medication" => "Medication",
        "plan" => "Plan",
        "feedback" | "advice_text" => "To the team",
        _ => "Also typed",
    }
}
