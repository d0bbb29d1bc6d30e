//! What became of the last thing the reader did: what happened, that nothing is lost, what to do.

use maud::{Markup, html};

/// What kind of word it is. None of them is red: red is for danger to life, never for an error of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It was done and is on disk.
    Done,
    /// It was not done; the text says why and what to do.
    NotDone,
}

/// One message at the top of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Done or not.
    pub(crate) kind: Kind,
    /// One short sentence.
    pub(crate) title: String,
    /// What follows from it.
    pub(crate) body: String,
}

impl Notice {
    /// Something was done.
    pub(crate) fn done(title: &str, body: &str) -> Self {
        Self {
            kind: Kind::Done,
            title: title.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Something was not done.
    pub(crate) fn not_done(title: &str, body: &str) -> Self {
        Self {
            kind: Kind::NotDone,
            title: title.to_owned(),
            body: body.to_owned(),
        }
    }
}

/// The notices of a page.
pub(crate) fn notices(notices: &[Notice]) -> Markup {
    html! {
        @for notice in notices {
            @let (class, role) = match notice.kind { Kind::Done => ("notice done", "status"), Kind::NotDone => ("notice", "alert") };
            div class=(class) role=(role) { b { (notice.title) } " " (notice.body) }
        }
    }
}
