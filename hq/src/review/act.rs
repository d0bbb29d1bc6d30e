//! One thing that a reader does on a case page. Whatever becomes of it, what was typed is kept first and is there again.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use mooring_casefile::CaseId;

use super::cookie;
use super::desk::{Asked, Desk};
use super::page::changes::Changes;
use super::page::notice::Notice;
use super::page::review_form::Older;
use super::present;
use super::route::sign_in;
use super::typed::Typed;
use crate::{Refused, Session};

/// What the reader does, with everything a verb needs.
pub(crate) struct Act<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) by: &'a Session,
    pub(crate) case: CaseId,
    pub(crate) typed: &'a Typed,
}

/// What became of it.
pub(crate) enum Became {
    /// It is done and on disk; these typed fields have served.
    Done { done: Done, served: Vec<String> },
    /// It was not done, and the page as it is now says why.
    Not(Box<Overlay>),
}

/// What was done; the next page says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Kept,
    Signed,
    SignedOlder,
    Settled,
    Sent,
    Withdrawn,
    Accepted,
    Judged,
}

/// What a page shows on top of the case itself.
#[derive(Default)]
pub(crate) struct Overlay {
    pub(crate) status: StatusCode,
    pub(crate) notices: Vec<Notice>,
    pub(crate) stale: Option<Changes>,
    pub(crate) older: Option<Older>,
}

impl Became {
    /// Done; the fields named have served.
    pub(crate) fn done(done: Done, served: &[&str]) -> Self {
        Self::Done {
            done,
            served: served.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// Not done, for a reason that the reader can do something about.
    pub(crate) fn not(title: &str, body: &str) -> Self {
        Self::Not(Box::new(Overlay {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            notices: vec![Notice::not_done(title, body)],
            ..Overlay::default()
        }))
    }
}

impl Done {
    const ALL: [Self; 8] = [
        Self::Kept,
        Self::Signed,
        Self::SignedOlder,
        Self::Settled,
        Self::Sent,
        Self::Withdrawn,
        Self::Accepted,
        Self::Judged,
    ];

    fn token(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Signed => "signed",
            Self::SignedOlder => "signed-older",
            Self::Settled => "settled",
            Self::Sent => "sent",
            Self::Withdrawn => "withdrawn",
            Self::Accepted => "accepted",
            Self::Judged => "judged",
        }
    }

    /// The notice for the token in an address; an unknown one says nothing.
    pub(crate) fn notice(token: &str) -> Option<Notice> {
        let done = Self::ALL.into_iter().find(|done| done.token() == token)?;
        Some(match done {
            Self::Kept => Notice::done(
                "Kept.",
                "What you typed is at headquarters and waits for you here.",
            ),
            Self::Signed => Notice::done(
                "Signed.",
                "Your review goes to the team with their next exchange.",
            ),
            Self::SignedOlder => Notice::done(
                "Signed, as the older version.",
                "The later changes are listed with it, and the case stays in the queue.",
            ),
            Self::Settled => Notice::done(
                "Settled.",
                "A value that nobody named here would open it again.",
            ),
            Self::Sent => Notice::done(
                "Sent.",
                "It waits for the team's phones. Delivered and read appear here once their phones say so.",
            ),
            Self::Withdrawn => Notice::done(
                "Withdrawn.",
                "The phones show it as withdrawn after their next exchange. If it matters now, call.",
            ),
            Self::Judged => Notice::done(
                "Judged.",
                "What governs has been worked out again; a lower level waits until it is accepted.",
            ),
            Self::Accepted => Notice::done("Accepted.", "What governs has been worked out again."),
        })
    }
}

/// Does one thing on the case named in the address.
pub(crate) async fn act(
    desk: Desk,
    headers: HeaderMap,
    case: String,
    typed: Typed,
    verb: fn(&Act<'_>) -> Result<Became, Refused>,
) -> Response {
    let Ok(case) = CaseId::parse(&case) else {
        return super::route::refused(&Refused::NotFound, "/");
    };
    let base = present::case_path(case);
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let (again, carried) = (base.clone(), typed.kept());
    let became = desk
        .ask(move |asked| carry_out(asked, &token, case, &typed, verb))
        .await;
    match became {
        Ok(Outcome::Done(done)) => {
            Redirect::to(&format!("{base}?done={}", done.token())).into_response()
        }
        Ok(Outcome::Page(status, html)) => (status, html).into_response(),
        Err(Refused::SignedOut) => sign_in::signed_out(&desk, &again, carried),
        Err(refused) => super::route::refused(&refused, &again),
    }
}

enum Outcome {
    Done(Done),
    Page(StatusCode, maud::Markup),
}

fn carry_out(
    asked: &Asked<'_>,
    token: &str,
    case: CaseId,
    typed: &Typed,
    verb: fn(&Act<'_>) -> Result<Became, Refused>,
) -> Result<Outcome, Refused> {
    let by = asked.hq.session(token, asked.now)?;
    let overlay = if by.csrf_matches(typed.get("csrf")) {
        let kept = typed.kept();
        asked.hq.save_draft(&by, case, &kept, asked.now)?;
        let act = Act {
            asked,
            by: &by,
            case,
            typed,
        };
        match verb(&act) {
            Ok(Became::Done { done, served }) => {
                clear(asked, &by, case, &served)?;
                return Ok(Outcome::Done(done));
            }
            Ok(Became::Not(overlay)) => *overlay,
            Err(Refused::SignedOut) => return Err(Refused::SignedOut),
            Err(refused) => Overlay {
                status: super::route::status(&refused),
                notices: vec![Notice::not_done("Not done.", &refused.words())],
                ..Overlay::default()
            },
        }
    } else {
        Overlay {
            status: StatusCode::CONFLICT,
            notices: vec![Notice::not_done(
                "Not done yet: you signed in again since this page was made.",
                "What you typed is here. Press the button once more.",
            )],
            ..Overlay::default()
        }
    };
    let page = asked.hq.look_case(&by, case, asked.now)?;
    let status = overlay.status;
    let page = present::case::case_page(asked.hours, &by, &page, &typed.kept(), overlay);
    Ok(Outcome::Page(status, page.render()))
}

fn clear(asked: &Asked<'_>, by: &Session, case: CaseId, served: &[String]) -> Result<(), Refused> {
    let served: Vec<&str> = served.iter().map(String::as_str).collect();
    asked.hq.clear_draft(by, case, &served, asked.now)
}
