//! What governs and why: every domain with its level, its reasons in the words of the answers, and a level that goes on governing.

use maud::{Markup, html};

use super::badge::{Badge, badge};
use super::judgment::JudgmentForm;

/// One domain of risk.
#[derive(Clone, Debug)]
pub(crate) struct DomainRow {
    /// "Suicide", "Medical".
    pub(crate) name: String,
    /// Its level.
    pub(crate) badge: Badge,
    /// Why, each with who and when.
    pub(crate) reasons: Vec<Why>,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    /// In the words of the answer.
    pub(crate) words: String,
    /// "J. Okafor, 02:34 · policy, not published triage".
    pub(crate) by: String,
}

/// The panel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Governs {
    /// "was High, 02:34 · the answers alone would now say Moderate · High governs until …".
    pub(crate) held: Vec<String>,
    /// Two people differ somewhere that bears on the level.
    pub(crate) contested: bool,
    /// The domains, worst first.
    pub(crate) domains: Vec<DomainRow>,
    /// A level by judgment, if this reader may.
    pub(crate) judgment: Option<JudgmentForm>,
    /// What is missing and keeps a level open, in words.
    pub(crate) open: Vec<String>,
}

impl Governs {
    /// The panel.
    pub(crate) fn render(&self, base: &str) -> Markup {
        html! {
            section class="panel" aria-labelledby="governs" {
                h2 id="governs" { "What governs, and why" }
                @for held in &self.held { p class="held" { (held) } }
                @if self.contested { p { span class="flag contested" { "two answers differ" } " The more severe one counts until a person settles it." } }
                @for row in &self.domains { (row.render()) }
                @if self.domains.is_empty() { p class="na" { "No assessment has been started." } }
                @for open in &self.open { p class="small" { (open) } }
                @if let Some(form) = &self.judgment { (form.render(base)) }
            }
        }
    }
}

impl DomainRow {
    fn render(&self) -> Markup {
        html! {
            div class="domain" {
                div { b { (self.name) } " " (badge(&self.badge)) }
                ul { @for why in &self.reasons { li { (why.words) @if !why.by.is_empty() { " " span class="small" { (why.by) } } } } }
            }
        }
    }
}
