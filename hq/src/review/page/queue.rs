//! The review queue and the list of all cases. Rows come in the order of the board; this file never sorts.

use maud::{Markup, html};

use super::badge::{Badge, badge};
use super::frame::{Here, Reader, frame};
use super::notice::{Notice, notices};
use super::words::{cases_wait, counted};

/// How a flag looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FlagTone {
    /// Violet: two people differ.
    Contested,
    /// Anything else worth a glance.
    Plain,
}

/// A short remark on a row: "two answers differ", "asks you since 02:41".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flag {
    /// Its words.
    pub(crate) words: String,
    /// Its look.
    pub(crate) tone: FlagTone,
}

/// One case in a list.
#[derive(Clone, Debug)]
pub(crate) struct QueueRow {
    /// Page of the case.
    pub(crate) href: String,
    /// The level that governs now.
    pub(crate) badge: Badge,
    /// "was High, 02:34": an earlier level goes on governing.
    pub(crate) held: Option<String>,
    /// "M., 34".
    pub(crate) person: String,
    /// Where, and how far the visit is.
    pub(crate) place: String,
    /// Reasons in the words of the answers.
    pub(crate) why: Vec<String>,
    /// Remarks.
    pub(crate) flags: Vec<Flag>,
    /// "2 min": how old the newest finding is, if there is one.
    pub(crate) findings: Option<String>,
    /// "waits 6 min".
    pub(crate) wait: String,
    /// "at HQ 02:45".
    pub(crate) at_hq: String,
    /// Who is there.
    pub(crate) team: Vec<String>,
}

/// Which list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// What waits for a review.
    Queue,
    /// Every case, newest first.
    All,
}

/// A list of cases.
#[derive(Clone, Debug)]
pub(crate) struct QueuePage {
    /// Which one.
    pub(crate) list: List,
    /// Who reads.
    pub(crate) reader: Reader,
    /// What became of the last act.
    pub(crate) notices: Vec<Notice>,
    /// When this page was made: "02:51".
    pub(crate) read_at: String,
    /// When something last arrived.
    pub(crate) last_arrival: Option<String>,
    /// The cases, in the order of the board.
    pub(crate) rows: Vec<QueueRow>,
    /// "Shredded on 2026-06-14", newest first.
    pub(crate) gone: Vec<String>,
}

impl QueuePage {
    /// The page.
    pub(crate) fn render(&self) -> Markup {
        let (title, here) = match self.list {
            List::Queue => ("Review queue", Here::Queue),
            List::All => ("All cases", Here::Cases),
        };
        let main = html! {
            (notices(&self.notices))
            div id="list" data-live="list" { (self.head()) (self.table()) @for gone in &self.gone { p class="small" { (gone) } } }
            p id="news" class="small" aria-live="polite" {}
        };
        frame(title, here, Some(&self.reader), &main)
    }

    fn head(&self) -> Markup {
        match self.list {
            List::Queue => html! {
                h1 { (cases_wait(self.rows.len())) }
                p class="sub" {
                    "Most severe first; on scene with a question, then unfinished, then longest waiting. "
                    @if let Some(at) = &self.last_arrival { "Last arrival " (at) ". " }
                    span data-live="hint" { "As of " (self.read_at) "; reload for what came since." }
                }
            },
            List::All => html! {
                h1 { "All cases" }
                p class="sub" { (counted(self.rows.len(), "case")) ", newest first. " span data-live="hint" { "As of " (self.read_at) "." } }
            },
        }
    }

    // A phone shows the cells as blocks, which costs the table its meaning in some readers: the roles keep it.
    fn table(&self) -> Markup {
        html! {
            @if self.rows.is_empty() {
                p class="panel" { @match self.list {
                    List::Queue => "Everything that arrived has been read and signed. A new arrival appears here.",
                    List::All => "No phone has sent a case yet.",
                } }
            } @else {
                table class="cases" role="table" {
                    thead role="rowgroup" { tr role="row" {
                        @for head in ["Governs now", "Person and place", "Why", "Findings, wait", "Team"] { th role="columnheader" scope="col" { (head) } }
                    } }
                    tbody role="rowgroup" { @for row in &self.rows { (row.render()) } }
                }
            }
        }
    }
}

impl QueueRow {
    fn render(&self) -> Markup {
        html! {
            tr role="row" {
                td role="cell" { (badge(&self.badge)) @if let Some(held) = &self.held { br; small { (held) } } }
                td role="cell" { a class="person" href=(self.href) { (self.person) } @if !self.place.is_empty() { br; small { (self.place) } } }
                td role="cell" {
                    @for reason in &self.why { div { (reason) } }
                    @for flag in &self.flags { (flag.render()) }
                }
                td role="cell" class="wait" { @if let Some(age) = &self.findings { b { (age) } " old" } @else { "no findings yet" } br; (self.wait) br; small { (self.at_hq) } }
                td role="cell" class="team" { @for name in &self.team { span { (name) } } }
            }
        }
    }
}

impl Flag {
    /// The flag.
    pub(crate) fn render(&self) -> Markup {
        let class = match self.tone {
            FlagTone::Contested => "flag contested",
            FlagTone::Plain => "flag",
        };
        html! { span class=(class) { (self.words) } " " }
    }
}
