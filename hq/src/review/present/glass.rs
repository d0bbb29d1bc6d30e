//! Broken glasses, in words.

use mooring_casefile::Operation;

use super::hours::Hours;
use super::{case_path, reader};
use crate::review::page::glass::{GlassPage, GlassRow};
use crate::review::page::notice::Notice;
use crate::{Glass, Session};

/// The page. `typed` is the word that was typed and not taken, and for which glass.
pub(crate) fn glass_page(
    hours: Hours,
    by: &Session,
    glasses: &[Glass],
    notices: Vec<Notice>,
    typed: (&str, &str),
) -> GlassPage {
    let row = |one: &Glass| GlassRow {
        href: case_path(one.case),
        person: one.title.clone(),
        by: one.name.clone(),
        at: hours.at(one.at_ms),
        reason: one.reason.clone(),
        action: format!("/glass/{}/{}", one.case, one.glass),
        review: one.review.as_ref().map(|review| {
            let by = format!("{}, {}", review.by, hours.at(review.at_ms));
            (review.word.clone(), by)
        }),
        typed: if one.glass.to_string() == typed.0 {
            typed.1.to_owned()
        } else {
            String::new()
        },
    };
    GlassPage {
        reader: reader(by),
        notices,
        rows: glasses.iter().map(row).collect(),
        closed: by
            .may(Operation::ReviewBrokenGlass)
            .err()
            .map(|refused| refused.words()),
    }
}
