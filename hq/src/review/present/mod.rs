//! From what headquarters says to what a page says: words, times, and what stands beside what. No HTML.

pub(crate) mod acceptance;
pub(crate) mod account;
pub(crate) mod advice;
pub(crate) mod asked;
pub(crate) mod assessment;
pub(crate) mod case;
pub(crate) mod changes;
pub(crate) mod contest;
pub(crate) mod glass;
pub(crate) mod governs;
pub(crate) mod holders;
pub(crate) mod hours;
pub(crate) mod judgment;
pub(crate) mod level;
pub(crate) mod line;
pub(crate) mod pending;
pub(crate) mod queue;
pub(crate) mod reading;
pub(crate) mod reviews;
pub(crate) mod strip;
pub(crate) mod timeline;

use mooring_casefile::CaseId;

use super::page::frame::Reader;
use crate::Session;

/// The address of a case.
pub(crate) fn case_path(case: CaseId) -> String {
    format!("/case/{case}")
}

/// Who reads.
pub(crate) fn reader(by: &Session) -> Reader {
    Reader {
        name: by.name.clone(),
        csrf: by.csrf().to_owned(),
        second_factor: by.second_factor,
    }
}
