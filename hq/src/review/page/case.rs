//! The page of one case. Everything on it that can be typed belongs to ONE form, so that whichever button is pressed, with or
//! without script, all of it is posted and kept.

use maud::{Markup, html};

use super::acceptance::{Acceptance, acceptances};
use super::advice::AdvicePanel;
use super::assessment::Assessment;
use super::badge::{Badge, badge};
use super::changes::{Changes, lines};
use super::frame::{Here, Reader, frame};
use super::governs::Governs;
use super::holders::Holders;
use super::notice::{Notice, notices};
use super::past::{PastReview, past_reviews};
use super::review_form::ReviewForm;
use super::strip::Strip;
use super::timeline::{Moment, pending, timeline};

/// Everything the page of one case says, in words and in order.
#[derive(Clone, Debug)]
pub(crate) struct CasePage {
    /// Path of the case: `/case/<id>`.
    pub(crate) base: String,
    /// Who reads.
    pub(crate) reader: Reader,
    /// "M., 34".
    pub(crate) person: String,
    /// The level that governs.
    pub(crate) badge: Badge,
    /// "was High, 02:34".
    pub(crate) held: Option<String>,
    /// Where, how far, up to when everything is here, who opened it.
    pub(crate) sub: Vec<String>,
    /// What became of the last act.
    pub(crate) notices: Vec<Notice>,
    /// What changed since the page that was being signed.
    pub(crate) stale: Option<Changes>,
    /// What changed since the last review.
    pub(crate) since_review: Option<Changes>,
    /// Rule 22.
    pub(crate) strip: Strip,
    /// Levels and reasons.
    pub(crate) governs: Governs,
    /// Later assessments and judgments that wait.
    pub(crate) accepts: Vec<Acceptance>,
    /// Every assessment.
    pub(crate) assessments: Vec<Assessment>,
    /// The timeline.
    pub(crate) moments: Vec<Moment>,
    /// Received but not merged.
    pub(crate) pending: Vec<String>,
    /// The review being written.
    pub(crate) review: ReviewForm,
    /// Signed reviews, newest first.
    pub(crate) reviews: Vec<PastReview>,
    /// Advice.
    pub(crate) advice: AdvicePanel,
    /// Who holds it.
    pub(crate) holders: Holders,
}

impl CasePage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let main = html! {
            (notices(&self.notices))
            div id="news" class="news" aria-live="polite" hidden {}
            div class="title" { h1 { (self.person) } (badge(&self.badge)) @if let Some(held) = &self.held { span class="held" { (held) } } }
            (self.reached())
            (self.desk())
            @if let Some(stale) = &self.stale { (stale.render("arrived")) }
            @if let Some(since) = &self.since_review { (since.render("since-review")) }
            (self.strip.render())
            nav class="jump" aria-label="On this page" {
                a href="#governs" { "Why" } " " a href="#answers" { "Answers" } " " a href="#happened" { "What happened" } " "
                a href="#review" { "Your review" } " " a href="#advice" { "Advice" }
            }
            div class="grid" data-case=(self.base) { (self.record()) (self.side()) }
        };
        frame(&self.person, Here::Elsewhere, Some(&self.reader), &main)
    }

    /// The parts of the page that may change beneath a reader's eyes, and what arrived since in words: for the page's script.
    pub(crate) fn parts(&self, arrived: &[String]) -> Markup {
        html! {
            (self.reached())
            (self.advice.sent())
            @if !arrived.is_empty() {
                div id="arrived" {
                    b { "Something arrived since this page was shown." } " It is not on this page yet. "
                    a href=(self.base) { "Show it: what you typed stays" }
                    (lines(arrived))
                }
            }
        }
    }

    fn reached(&self) -> Markup {
        html! { p class="sub" data-live="reached" { (self.sub.join(" · ")) } }
    }

    // The first button of a form is the one that the Enter key presses: here it only keeps what was typed.
    fn desk(&self) -> Markup {
        html! {
            form id="desk" method="post" action={ (self.base) "/draft" } {
                input type="hidden" name="csrf" value=(self.reader.csrf);
                input type="hidden" name="shown" value=(self.review.shown);
                button class="unseen" tabindex="-1" aria-hidden="true" { "Keep what I typed" }
            }
        }
    }

    fn record(&self) -> Markup {
        let settle = format!("{}/settle", self.base);
        html! {
            div class="record" {
                (self.governs.render(&self.base))
                (acceptances(&self.accepts, &format!("{}/accept", self.base)))
                div id="answers" tabindex="-1" { @for assessment in &self.assessments { (assessment.render(&settle)) } }
                (timeline(&self.moments))
                (pending(&self.pending))
            }
        }
    }

    fn side(&self) -> Markup {
        html! {
            aside aria-label="Review and advice" {
                (self.review.render(&self.base))
                (self.advice.render(&self.base))
                (self.holders.render(&self.base))
                (past_reviews(&self.reviews))
            }
        }
    }
}
