//! The first strip of a case (SAFETY.md rule 22): what a psychiatrist asks for first. What nobody asked says so.

use maud::{Markup, html};

use super::badge::{Badge, badge};

/// What the team wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// "02:41".
    pub(crate) at: String,
    /// Their words.
    pub(crate) question: String,
    /// Who asks.
    pub(crate) by: String,
    /// Where to call back.
    pub(crate) call_back: Option<String>,
}

/// One fact of the strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// "Allergies".
    pub(crate) label: String,
    /// Two people differ about it.
    pub(crate) differ: bool,
    /// What is known; nothing where nobody asked.
    pub(crate) values: Vec<FactValue>,
}

/// One value of a fact with who said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FactValue {
    /// "none known", "would not say".
    pub(crate) words: String,
    /// "J. Okafor, 02:29".
    pub(crate) by: String,
}

/// The strip.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strip {
    /// Open questions of the team, newest first.
    pub(crate) asked: Vec<Asked>,
    /// What governs, and why, in short.
    pub(crate) governs: Option<(Badge, Vec<String>)>,
    /// The facts, always all of them and always in the same order.
    pub(crate) facts: Vec<Fact>,
}

impl Strip {
    /// The strip.
    pub(crate) fn render(&self) -> Markup {
        html! {
            section class="panel first" aria-label="At a glance" {
                @for asked in &self.asked { (asked.render()) }
                @if self.asked.is_empty() { p class="asks" { b { "The team asks: " } span class="na" { "no question" } } }
                @if let Some((level, why)) = &self.governs {
                    p { b { "Governs now: " } (badge(level)) " " (why.join("; ")) }
                }
                dl class="strip" { @for fact in &self.facts { (fact.render()) } }
            }
        }
    }
}

impl Asked {
    fn render(&self) -> Markup {
        html! {
            p class="asks" {
                b { "The team asks, " (self.at) ":" } " “" (self.question) "” "
                span class="small" {
                    @match &self.call_back {
                        Some(number) => { "Call back " (self.by) ", " (telephone(number)) },
                        None => { (self.by) " · call-back number: " span class="na" { "not asked" } },
                    }
                }
            }
        }
    }
}

impl Fact {
    fn render(&self) -> Markup {
        html! {
            div {
                dt { (self.label) @if self.differ { " " span class="flag contested" { "answers differ" } } }
                @if self.values.is_empty() { dd class="na" { "not asked" } }
                @for value in &self.values { dd { (value.words) " " small { (value.by) } } }
            }
        }
    }
}

// Only what a telephone dials goes into the link; all of what was typed stays in the visible text.
fn telephone(number: &str) -> Markup {
    let dialed: String = number
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    html! {
        @if dialed.is_empty() { (number) } @else { a href={ "tel:" (dialed) } { (number) } }
    }
}
