//! Style, script and icon, from the binary.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::review::assets::{ICON, LIVE_JS, REVIEW_CSS, TOKENS_CSS};

pub(super) async fn file(Path(name): Path<String>) -> Response {
    let (kind, text) = match name.as_str() {
        "tokens.css" => ("text/css; charset=utf-8", TOKENS_CSS),
        "review.css" => ("text/css; charset=utf-8", REVIEW_CSS),
        "live.js" => ("text/javascript; charset=utf-8", LIVE_JS),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    // A new version of headquarters must not meet an old script.
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], text).into_response()
}
