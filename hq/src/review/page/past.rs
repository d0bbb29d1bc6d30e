//! Reviews that were signed: a short form on the case page, and the page with the very text that was signed.

use maud::{Markup, html};

use super::changes::lines;
use super::frame::{Here, Reader, frame};
use super::words::capitalized;

/// A signed review.
#[derive(Clone, Debug, Default)]
pub(crate) struct PastReview {
    /// Its own page.
    pub(crate) href: String,
    /// "Dr. A. Reyes, 02:50".
    pub(crate) by: String,
    /// "7f3a·19c2".
    pub(crate) stamp: String,
    /// Signed although something newer was known.
    pub(crate) older: bool,
    /// Impression, medication, plan, feedback: label and text, empty ones left out.
    pub(crate) parts: Vec<(String, String)>,
    /// What was known at signing and is not in the version signed.
    pub(crate) later: Vec<String>,
}

impl PastReview {
    fn body(&self) -> Markup {
        html! {
            @if self.older { p class="held" { "Signs an older version as such; what came later is listed." } (lines(&self.later)) }
            dl class="said" { @for (label, text) in &self.parts { div { dt { (label) } dd class="typed" { (text) } } } }
        }
    }
}

/// Earlier reviews on the case page, newest first.
pub(crate) fn past_reviews(reviews: &[PastReview]) -> Markup {
    html! {
        @if !reviews.is_empty() {
            section class="panel" aria-labelledby="signed" {
                h2 id="signed" { "Signed reviews" }
                @for review in reviews {
                    div class="domain" {
                        p { b { (capitalized(&review.by)) } " " span class="small" { "version " (review.stamp) " · " a href=(review.href) { "the text that was signed" } } }
                        (review.body())
                    }
                }
            }
        }
    }
}

/// The page of one signed review.
#[derive(Clone, Debug)]
pub(crate) struct SignedPage {
    /// Who reads.
    pub(crate) reader: Reader,
    /// "M., 34".
    pub(crate) person: String,
    /// Back to the case.
    pub(crate) case_href: String,
    /// The review.
    pub(crate) review: PastReview,
    /// The canonical text whose digest the signature covers.
    pub(crate) text: String,
    /// The digest, in hex.
    pub(crate) digest: String,
}

impl SignedPage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let main = html! {
            p { a href=(self.case_href) { "Back to " (self.person) } }
            h1 { "Review by " (self.review.by) }
            p class="sub" { (self.person) " · version " (self.review.stamp) }
            section class="panel" { (self.review.body()) }
            section class="panel" aria-labelledby="text" {
                h2 id="text" { "What was shown, and signed" }
                pre class="signed" { (self.text) }
                p class="stamp" { "SHA-256 of this text: " span class="version" { (self.digest) } }
            }
        };
        frame(
            &format!("Review, {}", self.person),
            Here::Elsewhere,
            Some(&self.reader),
            &main,
        )
    }
}
