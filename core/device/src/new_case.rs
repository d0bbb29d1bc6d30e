//! Opening a new case.

use crate::case::OpenCase;
use crate::device::Device;
use crate::error::{BadInput, Error, Result};
use mooring_casefile::{CaseFile, CaseId, NewCase, Now};

/// Longer titles are notes.
const LONGEST_TITLE: usize = 500;

impl Device {
    /// Opens a case of this title. Whether the person is a minor may be unknown.
    pub fn new_case(&mut self, title: &str, minor: Option<bool>, now: Now) -> Result<CaseId> {
        let (open, seams) = self.opened(now)?;
        let title = title.trim();
        if title.is_empty() || title.len() > LONGEST_TITLE {
            return Err(Error::BadInput(BadInput::Length));
        }
        let case = CaseId::derive(now.wall_ms, seams.ten());
        let new = NewCase {
            case,
            title: title.to_owned(),
            minor,
        };
        let (file, change) =
            CaseFile::create(&new, &open.writer(), now).map_err(crate::case::from_edit)?;
        open.commit_own(OpenCase::new(file), &[change], now)?;
        open.visit.cases.insert(case);
        Ok(case)
    }
}
