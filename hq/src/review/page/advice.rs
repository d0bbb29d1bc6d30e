//! Advice to the team: what was sent, how far it got, and the form for more.

use maud::{Markup, html};

/// One advice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Advice {
    /// Names it in the form.
    pub(crate) id: String,
    /// What it says.
    pub(crate) text: String,
    /// "Dr. A. Reyes · written on what was known at 02:43".
    pub(crate) by: String,
    /// "queued 02:45", "delivered 02:47", "read 02:48", "not yet acted on", "until 03:30", from marks of the phones, never from hope.
    pub(crate) trail: Vec<String>,
    /// "written before this: call": what changed since it was written.
    pub(crate) outdated: Vec<String>,
    /// Withdrawn, replaced or expired: in words. Such advice is only history.
    pub(crate) over: Option<String>,
}

/// The advice of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct AdvicePanel {
    /// What was sent, newest first.
    pub(crate) sent: Vec<Advice>,
    /// Typed text.
    pub(crate) text: String,
    /// What had been chosen as time limit: minutes.
    pub(crate) minutes: String,
    /// What had been chosen to replace.
    pub(crate) replaces: String,
    /// Typed reason for withdrawing.
    pub(crate) reason: String,
    /// Withdrawing was just tried.
    pub(crate) pressed: bool,
    /// Why this reader can't advise.
    pub(crate) closed: Option<String>,
}

const LIMITS: [(&str, &str); 5] = [
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("120", "2 hours"),
    ("240", "4 hours"),
    ("720", "12 hours"),
];

impl AdvicePanel {
    /// The panel. `base` is the path of the case.
    pub(crate) fn render(&self, base: &str) -> Markup {
        html! {
            section class="panel" aria-labelledby="advice" {
                h2 id="advice" { "Advice" }
                (self.sent())
                @if let Some(why) = &self.closed { p class="by" { (why) } } @else { (self.form(base)) (self.withdraw(base)) }
            }
        }
    }

    /// What was sent, with how far it got.
    pub(crate) fn sent(&self) -> Markup {
        html! {
            div data-live="advice" {
                @if self.sent.is_empty() { p class="na" { "None sent." } }
                @for advice in &self.sent { (advice.render()) }
            }
        }
    }

    fn live(&self) -> impl Iterator<Item = &Advice> {
        self.sent.iter().filter(|advice| advice.over.is_none())
    }

    fn form(&self, base: &str) -> Markup {
        let chosen = if self.minutes.is_empty() {
            "60"
        } else {
            &self.minutes
        };
        html! {
            label for="advice_text" { "To the team now " span class="aside" { "medication: a consideration, not an order" } }
            textarea id="advice_text" name="advice_text" form="desk" rows="3" maxlength="20000" { (self.text) }
            label for="advice_minutes" { "Holds for" }
            select id="advice_minutes" name="advice_minutes" form="desk" {
                @for (minutes, words) in LIMITS { option value=(minutes) selected[minutes == chosen] { (words) } }
            }
            @if self.live().next().is_some() {
                label for="advice_replaces" { "Replaces" }
                select id="advice_replaces" name="advice_replaces" form="desk" {
                    option value="" { "nothing: it stands beside" }
                    @for advice in self.live() { option value=(advice.id) selected[advice.id == self.replaces] { "“" (beginning(&advice.text)) "”" } }
                }
            }
            button class="second" form="desk" formaction={ (base) "/advice" } { "Send to the team" }
        }
    }

    fn withdraw(&self, base: &str) -> Markup {
        html! {
            @if self.live().next().is_some() {
                details class="settle" open[self.pressed || !self.reason.is_empty()] {
                    summary { "Withdraw an advice" }
                    label for="withdraw_reason" { "Reason" }
                    textarea id="withdraw_reason" name="withdraw_reason" form="desk" rows="2" maxlength="20000" { (self.reason) }
                    @for advice in self.live() {
                        button class="second" form="desk" name="withdraws" value=(advice.id) formaction={ (base) "/withdraw" } { "Withdraw “" (beginning(&advice.text)) "”" }
                    }
                }
            }
        }
    }
}

impl Advice {
    fn render(&self) -> Markup {
        let class = if self.over.is_some() {
            "advice over"
        } else {
            "advice"
        };
        html! {
            div class=(class) {
                @for changed in &self.outdated { p class="held" { b { "Written before this: call." } " " (changed) } }
                p class="typed" { b { (self.text) } }
                p class="small" {
                    (self.by) @for step in &self.trail { " · " (step) }
                    @if let Some(over) = &self.over { " · " b { (over) } }
                }
            }
        }
    }
}

// Enough of a text to tell it from others.
fn beginning(text: &str) -> String {
    const ENOUGH: usize = 36;
    if text.chars().count() <= ENOUGH {
        return text.to_owned();
    }
    let start: String = text.chars().take(ENOUGH).collect();
    format!("{}…", start.trim_end())
}
