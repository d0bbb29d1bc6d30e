//! The two cookies: who is signed in, and the token of a sign-in form.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use super::desk::Cookie;

/// Names the sign-in.
pub(crate) const SIGN_IN: &str = "mooring";
/// Names a sign-in that waits for its code.
pub(crate) const HALF: &str = "mooring-half";
/// Guards the sign-in form, before there is a sign-in that could.
pub(crate) const FORM: &str = "mooring-form";

/// The value of a cookie, or an empty text.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
        .unwrap_or_default()
}

/// Sets a cookie until the browser closes; no script can read it, no other site can make the browser send it.
pub(crate) fn set(name: &str, value: &str, cookie: Cookie) -> String {
    let secure = match cookie {
        Cookie::Plain => "",
        Cookie::Secure => "; Secure",
    };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// Takes a cookie away.
pub(crate) fn clear(name: &str, cookie: Cookie) -> String {
    format!("{}; Max-Age=0", set(name, "", cookie))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_only_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            COOKIE,
            "x-mooring=no; mooring=yes; mooring-form=f".parse().unwrap(),
        );
        assert_eq!(read(&headers, SIGN_IN), "yes");
        assert_eq!(read(&headers, FORM), "f");
        assert_eq!(read(&HeaderMap::new(), SIGN_IN), "");
    }

    #[test]
    fn no_script_and_no_other_site_gets_the_sign_in() {
        assert_eq!(
            set(SIGN_IN, "t", Cookie::Secure),
            "mooring=t; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert!(clear(SIGN_IN, Cookie::Plain).ends_with("Max-Age=0"));
    }
}
