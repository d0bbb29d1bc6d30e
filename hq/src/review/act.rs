//! One thing that a reader does on a case page. Whatever becomes of it, what was typed is kept first and is there again.

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use mooring_casefile::CaseId;

use super::cookie;
use super::desk::{Asked, Desk};
use super::done::Done;
use super::page::changes::Changes;
use super::page::notice::Notice;
use super::page::rescue::RescuePage;
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

/// What the reader can do: a file of `route` each.
pub(crate) type Verb = fn(&Act<'_>) -> Result<Became, Refused>;

/// What became of it.
pub(crate) enum Became {
    /// It is done and on disk; these typed fields have served.
    Done { done: Done, served: Vec<String> },
    /// It was not done, and the page as it is now says why.
    Not(Box<Overlay>),
}

/// What a page shows on top of the case itself.
#[derive(Default)]
pub(crate) struct Overlay {
    pub(crate) status: StatusCode,
    pub(crate) notices: Vec<Notice>,
    pub(crate) stale: Option<Changes>,
    pub(crate) older: Option<Older>,
    pub(crate) pressed: String,
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

/// Does one thing on the case named in the address.
pub(crate) async fn act(
    desk: Desk,
    headers: HeaderMap,
    case: String,
    typed: Typed,
    verb: Verb,
) -> Response {
    let Ok(case) = CaseId::parse(&case) else {
        return super::route::refused(&Refused::NotFound, "/");
    };
    let base = present::case_path(case);
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let (again, carried) = (base.clone(), typed.kept());
    let csrf = typed.get("csrf").to_owned();
    let became = desk
        .ask(move |asked| carry_out(asked, &token, case, &typed, verb))
        .await;
    match became {
        Ok(Outcome::Done(done)) => {
            Redirect::to(&format!("{base}?done={}", done.token())).into_response()
        }
        Ok(Outcome::Page(status, html)) => (status, html).into_response(),
        Err(Refused::SignedOut) => sign_in::signed_out(&desk, &again, carried),
        Err(refused) => {
            let page = RescuePage {
                notice: Notice::not_done("Headquarters could not do this.", &refused.words()),
                action: format!("{base}/draft"),
                csrf,
                typed: carried.into_iter().collect(),
            };
            (super::route::status(&refused), page.render()).into_response()
        }
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
    verb: Verb,
) -> Result<Outcome, Refused> {
    let by = asked.hq.session(token, asked.now)?;
    let mut overlay = if by.csrf_matches(typed.get("csrf")) {
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
    typed.pressed().clone_into(&mut overlay.pressed);
    let status = overlay.status;
    let page = present::case::case_page(asked.hours, &by, &page, &typed.kept(), overlay);
    Ok(Outcome::Page(status, page.render()))
}

fn clear(asked: &Asked<'_>, by: &Session, case: CaseId, served: &[String]) -> Result<(), Refused> {
    let served: Vec<&str> = served.iter().map(String::as_str).collect();
    asked.hq.clear_draft(by, case, &served, asked.now)
}
