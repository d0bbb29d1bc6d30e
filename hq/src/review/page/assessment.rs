//! One assessment: every question with its answer, who and when; contested answers side by side; what is missing.

use maud::{Markup, html};

use super::contest::Contest;

/// One line of an assessment.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    /// A heading of the protocol.
    Group(String),
    /// A question with one answer.
    Answered {
        /// The question.
        question: String,
        /// The answer.
        answer: String,
        /// Who, when, what else.
        by: String,
        /// Values before this one, with who and when.
        earlier: Vec<String>,
        /// What is new about it: "changed since the review".
        news: Option<String>,
    },
    /// A question with several.
    Contested(Contest),
    /// A question whose answer was taken back. Those never asked stand in the list of what is missing.
    Retracted {
        /// The question.
        question: String,
        /// "was Yes, J. Okafor, 02:34; retracted 02:40: misheard".
        note: String,
    },
}

/// One assessment.
#[derive(Clone, Debug)]
pub(crate) struct Assessment {
    /// Anchor on the page.
    pub(crate) id: String,
    /// Title of the protocol.
    pub(crate) title: String,
    /// "02:31 to 02:39 · J. Okafor".
    pub(crate) span: String,
    /// "our own wording, not a validated instrument", "draft wording", "HQ does not have this protocol".
    pub(crate) notes: Vec<String>,
    /// "4 of 9 answered".
    pub(crate) progress: String,
    /// Sums, as ranges while answers are missing.
    pub(crate) scores: Vec<String>,
    /// The lines in the order of the protocol.
    pub(crate) lines: Vec<Line>,
    /// Questions that are open and unanswered.
    pub(crate) missing: Vec<String>,
}

impl Assessment {
    /// The assessment.
    pub(crate) fn render(&self, settle: &str) -> Markup {
        html! {
            section class="panel" aria-labelledby=(self.id) {
                h2 id=(self.id) { (self.title) " " span class="aside" { (self.span) @for note in &self.notes { " · " (note) } } }
                @for score in &self.scores { p class="small" { (score) } }
                @for line in &self.lines { (line.render(settle)) }
                (self.missing())
            }
        }
    }

    fn missing(&self) -> Markup {
        html! {
            @if self.missing.is_empty() { p class="small end" { (self.progress) }
            } @else {
                div class="missing" {
                    b { (self.progress) ". Missing:" }
                    ul { @for question in &self.missing { li { (question) } } }
                }
            }
        }
    }
}

impl Line {
    fn render(&self, settle: &str) -> Markup {
        match self {
            Self::Group(title) => html! { h3 { (title) } },
            Self::Contested(contest) => contest.render(settle),
            Self::Retracted { question, note } => html! {
                div class="qa" { span class="q" { (question) } span class="a na" { "taken back" } span class="by" { (note) } }
            },
            Self::Answered {
                question,
                answer,
                by,
                earlier,
                news,
            } => html! {
                div class="qa" {
                    span class="q" { (question) @if let Some(news) = news { " " span class="flag" { (news) } } }
                    span class="a" { (answer) }
                    span class="by" { (by) @for value in earlier { br; (value) } }
                }
            },
        }
    }
}
