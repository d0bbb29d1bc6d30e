//! The code that follows the password, of whoever set up a second factor.

use maud::{Markup, html};

use super::frame::{Here, frame};
use super::notice::{Notice, notices};

/// What the page carries besides its one field.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodePage {
    /// Why the last try failed.
    pub(crate) notices: Vec<Notice>,
    /// Token of this form, also in a cookie.
    pub(crate) form_token: String,
    /// Where to go afterwards; always a path of ours.
    pub(crate) next: String,
    /// Typed text on its way through: field name and text.
    pub(crate) carried: Vec<(String, String)>,
}

impl CodePage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let main = html! {
            div class="narrow" {
                h1 { "One more thing: your code" }
                (notices(&self.notices))
                form class="panel" method="post" action="/sign-in/code" {
                    input type="hidden" name="form_token" value=(self.form_token);
                    input type="hidden" name="next" value=(self.next);
                    @for (name, text) in &self.carried { input type="hidden" name={ "kept." (name) } value=(text); }
                    label for="code" { "The six digits that your app shows" }
                    input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required autofocus;
                    button class="main" { "Sign in" }
                }
                p class="small" {
                    "No phone at hand? Type one of your recovery codes instead; each works once. Those lost as well? "
                    "Your administrator takes the second factor away, and you set up a new one."
                }
                p class="small" { a href="/sign-in" { "Begin again" } }
            }
        };
        frame("Your code", Here::Elsewhere, None, &main)
    }
}
