//! Your sign-in, from what headquarters says of it.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use super::reader;
use crate::review::page::account::{AccountPage, Second};
use crate::review::page::notice::Notice;
use crate::{SecondFactor, Session, SettingUp};

/// A scanner wants this much white around.
const QUIET: i32 = 4;

/// The page.
pub(crate) fn account_page(by: &Session, second: Second, notices: Vec<Notice>) -> AccountPage {
    AccountPage {
        reader: reader(by),
        notices,
        roles: by.roles.words(),
        second,
    }
}

/// The second factor as it stands.
pub(crate) fn standing(second: SecondFactor) -> Second {
    match second {
        SecondFactor::None => Second::None,
        SecondFactor::Confirmed { recovery_codes } => Second::Confirmed {
            left: recovery_codes,
        },
    }
}

/// The second factor while it is being set up.
pub(crate) fn setting_up(setting_up: SettingUp) -> Second {
    let SettingUp { text, uri } = setting_up;
    let picture = QrCode::encode_text(&uri, QrCodeEcc::Medium)
        .ok()
        .map(|code| (path(&code), code.size() + 2 * QUIET));
    Second::SettingUp { text, uri, picture }
}

/// The dark squares as one path.
fn path(code: &QrCode) -> String {
    let side = 0..code.size();
    let squares = side.clone().flat_map(|y| side.clone().map(move |x| (x, y)));
    let mut path = String::new();
    for (x, y) in squares.filter(|(x, y)| code.get_module(*x, *y)) {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
    }
    path
}
