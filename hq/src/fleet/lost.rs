//! What HQ knows of a phone that is lost: what could be read on it, and what may be on it alone.

use mooring_casefile::{CaseId, DeviceId, Now};

use super::EnrolledPhone;
use crate::ledger::RunTally;
use crate::office::Office;
use crate::refused::Refused;

/// A phone that is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostPhone {
    /// The phone and when it was last heard.
    pub phone: EnrolledPhone,
    /// The cases that it had been given by then, and how many changes of each.
    pub held: Vec<(CaseId, u64)>,
    /// What it wrote and HQ has, by case and fate. What it wrote after HQ last heard of it is not known here.
    pub written: Vec<RunTally>,
    /// Bytes of a push that began and never became whole.
    pub cut_off: u64,
}

impl Office {
    /// What HQ knows of a phone that is lost.
    pub fn lost_phone(&self, device: DeviceId, now: Now) -> Result<LostPhone, Refused> {
        self.note_order("lost", device, None, now)?;
        let phones = self.phones()?;
        let phone = phones
            .into_iter()
            .find(|phone| phone.device == device)
            .ok_or(Refused::NotFound)?;
        let until = self.ledger.cursor_of(device)?;
        Ok(LostPhone {
            phone,
            held: self.ledger.fed_to(device, until)?,
            written: self.ledger.written_by(device)?,
            cut_off: self.ledger.parts_size(device)?,
        })
    }
}
