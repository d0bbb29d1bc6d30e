//! Broken glasses: who, which case, when, why, and what a supervisor said. Each has a form of its own; nothing here needs a script.

use maud::{Markup, html};

use super::frame::{Here, Reader, frame};
use super::notice::{Notice, notices};
use super::words::counted;

/// One broken glass.
#[derive(Clone, Debug)]
pub(crate) struct GlassRow {
    /// Page of the case.
    pub(crate) href: String,
    /// "M., 34".
    pub(crate) person: String,
    /// Who broke it.
    pub(crate) by: String,
    /// When.
    pub(crate) at: String,
    /// Why.
    pub(crate) reason: String,
    /// Where the form goes.
    pub(crate) action: String,
    /// What was said of it: word, by whom, when.
    pub(crate) review: Option<(String, String)>,
    /// What had been typed.
    pub(crate) typed: String,
}

/// The page.
#[derive(Clone, Debug)]
pub(crate) struct GlassPage {
    /// Who reads.
    pub(crate) reader: Reader,
    /// What became of the last act.
    pub(crate) notices: Vec<Notice>,
    /// Those that wait first.
    pub(crate) rows: Vec<GlassRow>,
    /// Why this reader reviews none.
    pub(crate) closed: Option<String>,
}

impl GlassPage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let waiting = self.rows.iter().filter(|row| row.review.is_none()).count();
        let main = html! {
            (notices(&self.notices))
            h1 { "Broken glass" }
            p class="sub" {
                "Who opened a case that their phone held in standby, or after their lease was over, and why. "
                @if waiting == 0 { "Nothing waits for a supervisor." } @else { (counted(waiting, "entry")) " to be reviewed by a supervisor." }
            }
            @if let Some(why) = &self.closed { p class="small" { (why) } }
            @for (number, row) in self.rows.iter().enumerate() { (self.row(number, row)) }
            @if self.rows.is_empty() { p class="panel" { "Nobody broke a glass." } }
        };
        frame("Broken glass", Here::Glass, Some(&self.reader), &main)
    }

    fn row(&self, number: usize, row: &GlassRow) -> Markup {
        let (title, word) = (format!("glass-{number}"), format!("word-{number}"));
        html! {
            section class="panel" aria-labelledby=(title) {
                h2 id=(title) { a href=(row.href) { (row.person) } }
                p { (row.by) ", " (row.at) }
                p class="typed" { (row.reason) }
                @if let Some((said, by)) = &row.review {
                    p class="small" { "Reviewed by " (by) }
                    p class="typed" { (said) }
                } @else if self.closed.is_none() {
                    form method="post" action=(row.action) {
                        input type="hidden" name="csrf" value=(self.reader.csrf);
                        label for=(word) { "Your word on it" }
                        textarea id=(word) name="word" rows="2" maxlength="20000" required { (row.typed) }
                        button class="second" { "Reviewed" }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(closed: Option<String>) -> String {
        let row = |review| GlassRow {
            href: "/case/1".into(),
            person: "M., 34".into(),
            by: "L. Brandt".into(),
            at: "02:36".into(),
            reason: "he is on the <bridge>".into(),
            action: "/glass/1/2".into(),
            review,
            typed: String::new(),
        };
        let reviewed = Some(("right so".to_owned(), "S. Moe, 03:00".to_owned()));
        let page = GlassPage {
            reader: Reader {
                name: "S. Moe".into(),
                csrf: "token".into(),
                second_factor: true,
            },
            notices: Vec::new(),
            rows: vec![row(None), row(reviewed)],
            closed,
        };
        page.render().into_string()
    }

    #[test]
    fn what_waits_has_a_form_and_what_was_reviewed_says_by_whom() {
        let html = page(None);
        assert_eq!(
            html.matches("<form method=\"post\" action=\"/glass/1/2\"")
                .count(),
            1
        );
        assert!(html.contains("1 entry to be reviewed"));
        assert!(html.contains("Reviewed by S. Moe, 03:00") && html.contains("right so"));
        assert!(html.contains("he is on the &lt;bridge&gt;"), "escaped");
    }

    #[test]
    fn who_may_not_review_sees_why_and_no_form() {
        let html = page(Some("Only a supervisor reviews a broken glass.".into()));
        assert!(!html.contains("/glass/1/2"));
        assert!(html.contains("Only a supervisor"));
    }
}
