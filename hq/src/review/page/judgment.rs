//! A level by a person's judgment: upward at once, downward beside the computed level until accepted.

use maud::{Markup, html};

/// The form, or why this reader has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct JudgmentForm {
    /// What had been chosen.
    pub(crate) domain: String,
    /// What had been chosen.
    pub(crate) level: String,
    /// What had been typed.
    pub(crate) reason: String,
    /// It was just tried.
    pub(crate) pressed: bool,
    /// Tokens and words of the domains.
    pub(crate) domains: Vec<(&'static str, &'static str)>,
    /// Tokens and words of the levels.
    pub(crate) levels: Vec<(&'static str, &'static str)>,
}

impl JudgmentForm {
    /// The form. `base` is the path of the case.
    pub(crate) fn render(&self, base: &str) -> Markup {
        html! {
            details class="settle" open[self.pressed || !self.reason.is_empty()] {
                summary { "Judge a level yourself" }
                p class="small" { "Raising counts at once. Lowering stands beside the level until another with the role accepts it." }
                (select("judge_domain", "Of what", &self.domains, &self.domain))
                (select("judge_level", "Level", &self.levels, &self.level))
                label for="judge_reason" { "Reason" }
                textarea id="judge_reason" name="judge_reason" form="desk" rows="2" maxlength="20000" { (self.reason) }
                button class="second" form="desk" name="form" value="judge" formaction={ (base) "/judge" } { "Judge" }
            }
        }
    }
}

fn select(name: &str, label: &str, options: &[(&str, &str)], chosen: &str) -> Markup {
    html! {
        label for=(name) { (label) }
        select id=(name) name=(name) form="desk" {
            @for (token, words) in options { option value=(token) selected[*token == chosen] { (words) } }
        }
    }
}
