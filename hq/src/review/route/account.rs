//! Your sign-in: setting up the second factor, and a new password.

use axum::Form;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::refused;
use crate::review::cookie;
use crate::review::desk::{Asked, Desk};
use crate::review::page::account::{AccountPage, Second};
use crate::review::page::notice::Notice;
use crate::review::present::account::{account_page, setting_up, standing};
use crate::review::typed::Typed;
use crate::{Refused, Session};

type Fields = Form<Vec<(String, String)>>;

/// A page and how it is answered.
type Shown = (StatusCode, AccountPage);

pub(super) async fn show(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let page = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        let first = by.must_set_up.then(|| {
            Notice::not_done(
                "First the second factor.",
                &Refused::SecondFactorFirst.words(),
            )
        });
        as_it_stands(asked, &by, StatusCode::OK, first.into_iter().collect())
    });
    answer(page.await)
}

pub(super) async fn begin(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    act(&desk, &headers, fields.into(), |asked, by, _| {
        let secret = asked.hq.begin_second_factor(by, asked.now)?;
        Ok((
            StatusCode::OK,
            account_page(by, setting_up(secret), Vec::new()),
        ))
    })
    .await
}

pub(super) async fn confirm(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    act(&desk, &headers, fields.into(), |asked, by, typed| {
        let code = typed.trimmed("code");
        match asked.hq.confirm_second_factor(by, code, asked.now) {
            Ok(codes) => {
                let done = Notice::done("Done.", "From now on your code is asked for as well.");
                let mut page = account_page(by, Second::Codes(codes), vec![done]);
                page.reader.second_factor = true;
                Ok((StatusCode::OK, page))
            }
            Err(Refused::WrongCode) => {
                let why = Notice::not_done("Not confirmed yet.", &Refused::WrongCode.words());
                let secret = asked.hq.setting_up_again(by)?;
                let page = account_page(by, setting_up(secret), vec![why]);
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page))
            }
            Err(other) => Err(other),
        }
    })
    .await
}

pub(super) async fn password(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let typed = Typed::from(fields);
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let changed = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        if !by.csrf_matches(typed.get("csrf")) {
            return Ok(Some(stale(asked, &by)?));
        }
        let (current, new) = (typed.get("current"), typed.get("new"));
        match asked.hq.change_own_password(&by, current, new, asked.now) {
            Ok(()) => Ok(None),
            Err(
                why @ (Refused::WrongPassword
                | Refused::TooManyTries { .. }
                | Refused::Invalid { .. }),
            ) => {
                let notice = Notice::not_done("Your password is the old one still.", &why.words());
                Ok(Some(as_it_stands(
                    asked,
                    &by,
                    super::status(&why),
                    vec![notice],
                )?))
            }
            Err(why) => Err(why),
        }
    });
    match changed.await {
        // Every sign-in of this person has ended with the old password, this one too.
        Ok(None) => {
            let gone = cookie::clear(cookie::SIGN_IN, desk.cookie());
            ([(SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response()
        }
        Ok(Some(shown)) => answer(Ok(shown)),
        Err(why) => answer(Err(why)),
    }
}

async fn act(
    desk: &Desk,
    headers: &HeaderMap,
    typed: Typed,
    verb: fn(&Asked<'_>, &Session, &Typed) -> Result<Shown, Refused>,
) -> Response {
    let token = cookie::read(headers, cookie::SIGN_IN).to_owned();
    let shown = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        if by.csrf_matches(typed.get("csrf")) {
            verb(asked, &by, &typed)
        } else {
            stale(asked, &by)
        }
    });
    answer(shown.await)
}

fn stale(asked: &Asked<'_>, by: &Session) -> Result<Shown, Refused> {
    let why = Notice::not_done(
        "Not done yet: you signed in again since this page was made.",
        "Nothing was changed. Press the button once more.",
    );
    as_it_stands(asked, by, StatusCode::CONFLICT, vec![why])
}

fn as_it_stands(
    asked: &Asked<'_>,
    by: &Session,
    status: StatusCode,
    notices: Vec<Notice>,
) -> Result<Shown, Refused> {
    let second = standing(asked.hq.second_factor(by)?);
    Ok((status, account_page(by, second, notices)))
}

fn answer(shown: Result<Shown, Refused>) -> Response {
    match shown {
        Ok((status, page)) => (status, page.render()).into_response(),
        Err(why) => refused(&why, "/account"),
    }
}
