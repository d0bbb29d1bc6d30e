//! From what headquarters says to what a page says: words, times, and what stands beside what. No HTML.

pub(crate) mod hours;
pub(crate) mod level;

use mooring_casefile::CaseId;

/// The address of a case.
pub(crate) fn case_path(case: CaseId) -> String {
    format!("/case/{case}")
}
