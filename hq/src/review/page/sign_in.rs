//! Signing in. Text that was posted without a valid sign-in rides along in hidden fields, so that it is there again afterwards.

use maud::{Markup, html};

use super::frame::{Here, frame};
use super::notice::{Notice, notices};

/// What the sign-in page shows and carries.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignInPage {
    /// Why the reader sees this page, or why the last try failed.
    pub(crate) notices: Vec<Notice>,
    /// The name as typed; a wrong password does not cost it.
    pub(crate) name: String,
    /// Token of this form, also in a cookie.
    pub(crate) form_token: String,
    /// Where to go afterwards; always a path of ours.
    pub(crate) next: String,
    /// Typed text on its way through: field name and text.
    pub(crate) carried: Vec<(String, String)>,
}

impl SignInPage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let main = html! {
            div class="narrow" {
                h1 { "Sign in to review" }
                (notices(&self.notices))
                form class="panel" method="post" action="/sign-in" {
                    input type="hidden" name="form_token" value=(self.form_token);
                    input type="hidden" name="next" value=(self.next);
                    @for (name, text) in &self.carried { input type="hidden" name={ "kept." (name) } value=(text); }
                    label for="name" { "Name" }
                    input id="name" name="name" value=(self.name) autocomplete="username" autocapitalize="none" spellcheck="false" required;
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" autocomplete="current-password" required;
                    button class="main" { "Sign in" }
                }
                p class="small" { "Forgotten? Your administrator sets a new password; nobody can read the old one." }
            }
        };
        frame("Sign in", Here::Elsewhere, None, &main)
    }
}
