//! Your sign-in: the second factor, and a new password.

use maud::{Markup, PreEscaped, html};

use super::frame::{Here, Reader, frame};
use super::notice::{Notice, notices};

/// How far the second factor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    /// There is none.
    None,
    /// The app is being told the secret.
    SettingUp {
        /// To be typed.
        text: String,
        /// As a link.
        uri: String,
        /// As a picture: the path of its dark squares, and how many squares a side has.
        picture: Option<(String, i32)>,
    },
    /// It counts; so many recovery codes are left.
    Confirmed {
        /// How many.
        left: u64,
    },
    /// It has just been confirmed: these are shown once.
    Codes(Vec<String>),
}

/// The page.
#[derive(Clone, Debug)]
pub(crate) struct AccountPage {
    /// Who reads.
    pub(crate) reader: Reader,
    /// What became of the last act.
    pub(crate) notices: Vec<Notice>,
    /// "psychiatrist, supervisor".
    pub(crate) roles: String,
    /// The second factor.
    pub(crate) second: Second,
}

impl AccountPage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let main = html! {
            div class="narrow" {
                h1 { "Your sign-in" }
                p class="sub" { (self.reader.name) ", " (self.roles) }
                (notices(&self.notices))
                section class="panel" aria-labelledby="second" {
                    h2 id="second" { "Second factor" }
                    (self.second())
                }
                section class="panel" aria-labelledby="new-password" {
                    h2 id="new-password" { "New password" }
                    (self.password())
                }
            }
        };
        frame("Your sign-in", Here::Account, Some(&self.reader), &main)
    }

    fn second(&self) -> Markup {
        match &self.second {
            Second::None => html! {
                p { "A password can be seen over a shoulder. With a second factor it is worth nothing alone: you also type six digits that an app on your phone shows." }
                form method="post" action="/account/second-factor" {
                    (self.csrf())
                    button class="main" { "Set it up" }
                }
            },
            Second::SettingUp { text, uri, picture } => {
                self.setting_up(text, uri, picture.as_ref())
            }
            Second::Confirmed { left } => html! {
                p { "It is asked for whenever you sign in." }
                p {
                    @if *left == 0 { "No recovery code is left. Ask your administrator to take the second factor away before you lose your phone, and set up a new one." }
                    @else if *left == 1 { "One recovery code is left." }
                    @else { (left) " recovery codes are left." }
                }
                p class="small" { "A new phone? Your administrator takes the second factor away, and you set it up again here." }
            },
            Second::Codes(codes) => html! {
                p { b { "These recovery codes are shown once." } " Each signs you in once when your phone is not at hand. Write them down and keep them away from your phone." }
                ul class="codes version" { @for code in codes { li { (code) } } }
                p { a href="/" { "They are written down: go on to the queue" } }
            },
        }
    }

    fn setting_up(&self, text: &str, uri: &str, picture: Option<&(String, i32)>) -> Markup {
        html! {
            p { "1. In your authenticator app, add an account: scan this, or type the letters." }
            @if let Some((path, side)) = picture {
                svg class="scan" role="img" aria-label="The same secret, for your app's camera" viewBox={ "0 0 " (side) " " (side) } shape-rendering="crispEdges" {
                    rect width=(side) height=(side) fill="white" {}
                    path d=(PreEscaped(path)) fill="black" {}
                }
            }
            p class="version" { (text) }
            p { a href=(uri) { "Open in an app on this device" } }
            form method="post" action="/account/second-factor/confirm" {
                (self.csrf())
                label for="code" { "2. The six digits that the app shows now" }
                input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required;
                button class="main" { "Confirm" }
            }
            p class="small" { "Until then nothing changes: your password signs you in as before." }
        }
    }

    fn password(&self) -> Markup {
        html! {
            form method="post" action="/account/password" {
                (self.csrf())
                label for="current" { "Your password now" }
                input id="current" name="current" type="password" autocomplete="current-password" required;
                label for="new" { "A new one" }
                input id="new" name="new" type="password" autocomplete="new-password" minlength="10" required;
                p class="small" { "Ten characters at least. Four words that do not belong together are easy to keep; your name, rows of keys and words that everybody takes are refused." }
                button class="second" { "Change it and sign in again" }
            }
        }
    }

    fn csrf(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.reader.csrf); }
    }
}
