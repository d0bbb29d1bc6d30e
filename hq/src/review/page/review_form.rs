//! Writing and signing the review. What is signed is what the page shows: the stamp names it.

use maud::{Markup, html};

/// An earlier version that the reader had before them when something arrived.
#[derive(Clone, Debug)]
pub(crate) struct Older {
    /// What the form posts to name it.
    pub(crate) shown: String,
    /// "7f3a·19c2".
    pub(crate) stamp: String,
    /// It can no longer be signed: the level rose.
    pub(crate) level_rose: bool,
}

/// The review being written.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReviewForm {
    /// What the form posts to name the version shown.
    pub(crate) shown: String,
    /// The same in a short form for people.
    pub(crate) stamp: String,
    /// Typed text.
    pub(crate) impression: String,
    /// Typed text.
    pub(crate) medication: String,
    /// Typed text.
    pub(crate) plan: String,
    /// Typed text.
    pub(crate) feedback: String,
    /// "Kept 02:51", if what is typed is also at headquarters.
    pub(crate) kept: Option<String>,
    /// The version that was on the screen before.
    pub(crate) older: Option<Older>,
    /// Why this reader can't sign.
    pub(crate) closed: Option<String>,
}

impl ReviewForm {
    /// The panel. `base` is the path of the case.
    pub(crate) fn render(&self, base: &str) -> Markup {
        html! {
            section class="panel" aria-labelledby="review" {
                h2 id="review" { "Your review" }
                @if let Some(why) = &self.closed { p class="by" { (why) } } @else { (self.fields(base)) }
            }
        }
    }

    fn fields(&self, base: &str) -> Markup {
        html! {
            (field("impression", "Impression", "", &self.impression))
            (field("medication", "Medication", "a consideration, not an order", &self.medication))
            (field("plan", "Plan", "", &self.plan))
            (field("feedback", "To the team", "", &self.feedback))
            button class="main" form="desk" formaction={ (base) "/sign" } { "Sign what is shown on this page" }
            @if let Some(older) = &self.older { (older.render(base)) }
            p class="stamp" {
                "Signs version " span class="version" { (self.stamp) } " as displayed. If anything arrives before you sign, you will see it first, and what you typed stays."
            }
            button class="quiet" form="desk" formaction={ (base) "/draft" } { "Keep what I typed for later" }
            p class="small" data-live="kept" aria-live="polite" { @if let Some(kept) = &self.kept { (kept) } }
        }
    }
}

impl Older {
    fn render(&self, base: &str) -> Markup {
        html! {
            input type="hidden" form="desk" name="older" value=(self.shown);
            @if self.level_rose {
                p class="held" { "Version " span class="version" { (self.stamp) } " can no longer be signed: the level rose since. Read what came and sign this page; your text is still here." }
            } @else {
                button class="second" form="desk" name="which" value="older" formaction={ (base) "/sign" } {
                    "Sign the older version " (self.stamp) " as such"
                }
                p class="small" { "The later changes are listed with it, and the case stays in the queue." }
            }
        }
    }
}

/// A labeled text field of the page's one form.
pub(crate) fn field(name: &str, label: &str, hint: &str, typed: &str) -> Markup {
    html! {
        label for=(name) { (label) @if !hint.is_empty() { " " span class="aside" { (hint) } } }
        textarea id=(name) name=(name) form="desk" rows="3" maxlength="20000" { (typed) }
    }
}
