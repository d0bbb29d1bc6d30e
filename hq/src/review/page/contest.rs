//! One question with several answers: side by side, the governing one in the heavier frame, and what it takes to settle.

use maud::{Markup, html};

/// Why the values stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// People answered differently without knowing of each other.
    Contested,
    /// The author changed the answer and has not confirmed it yet: the earlier one goes on governing.
    Unconfirmed,
}

/// One of the values.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// What was answered.
    pub(crate) answer: String,
    /// Who, when, said by whom.
    pub(crate) by: String,
    /// It governs until settled.
    pub(crate) governs: bool,
    /// What a form posts for it.
    pub(crate) choice: String,
}

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Contest {
    /// In its own words.
    pub(crate) question: String,
    /// Why there are several.
    pub(crate) stands: Stands,
    /// What is new about it.
    pub(crate) news: Option<String>,
    /// The values, governing one first.
    pub(crate) values: Vec<Candidate>,
    /// "Upward either of them may settle; downward a psychiatrist, or …".
    pub(crate) needs: String,
    /// How to settle it here, or why this reader may not.
    pub(crate) settling: Settling,
}

/// Whether this reader can settle.
#[derive(Clone, Debug)]
pub(crate) enum Settling {
    /// They can try; HQ checks role and direction again.
    Open(SettleForm),
    /// They can't: why, in words.
    Closed(String),
}

/// The form of one settlement. Its fields belong to the page's one form.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettleForm {
    /// Names the question: `<assessment>/<path>`.
    pub(crate) key: String,
    /// The ids of the values shown here, so that one who arrives later reopens it.
    pub(crate) seen: String,
    /// What had been chosen.
    pub(crate) chosen: String,
    /// What had been typed.
    pub(crate) reason: String,
    /// It was just tried.
    pub(crate) pressed: bool,
}

impl Contest {
    /// The question with its values.
    pub(crate) fn render(&self, action: &str) -> Markup {
        let flag = match self.stands {
            Stands::Contested if self.values.len() > 2 => {
                format!("{} answers", super::words::count(self.values.len()))
            }
            Stands::Contested => "two answers".to_owned(),
            Stands::Unconfirmed => "changed, not confirmed".to_owned(),
        };
        html! {
            div class="qa contest" {
                span class="q" { (self.question) @if let Some(news) = &self.news { " " span class="flag" { (news) } } }
                span class="a" { span class="flag contested" { (flag) } }
                div class="two" { @for value in &self.values { (value.render()) } }
                @match &self.settling {
                    Settling::Open(form) => (self.form(form, action)),
                    Settling::Closed(why) => p class="by" { (why) },
                }
            }
        }
    }

    fn form(&self, form: &SettleForm, action: &str) -> Markup {
        let reason = format!("reason|{}", form.key);
        let touched = form.pressed || !form.reason.is_empty() || !form.chosen.is_empty();
        html! {
            details class="settle" open[touched] {
                summary { "Settle this answer" }
                p class="small" { (self.needs) }
                input type="hidden" form="desk" name={ "seen|" (form.key) } value=(form.seen);
                fieldset {
                    legend { "What stands" }
                    @for value in &self.values {
                        label class="choice" {
                            input type="radio" form="desk" name={ "choice|" (form.key) } value=(value.choice) checked[value.choice == form.chosen];
                            span { b { (value.answer) } " " span class="small" { (value.by) } }
                        }
                    }
                }
                label for=(reason) { "Reason" }
                textarea id=(reason) name=(reason) form="desk" rows="2" maxlength="20000" { (form.reason) }
                button class="second" form="desk" name="question" value=(form.key) formaction=(action) { "Settle" }
            }
        }
    }
}

impl Candidate {
    fn render(&self) -> Markup {
        html! {
            div class=[self.governs.then_some("governs")] {
                b { (self.answer) } br;
                span class="small" { (self.by) @if self.governs { " · counts until settled" } }
            }
        }
    }
}
