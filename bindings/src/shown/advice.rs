//! Advice from HQ, how far it came, and whether what it was written on still holds.

use super::{Reader, Said};
use crate::rows::moment;
use mooring_casefile::{AdviceView, Mark, RecordId};
use std::time::SystemTime;

/// One piece of advice.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct AdviceShown {
    /// Which.
    pub id: RecordId,
    /// Who wrote it, and when.
    pub said: Said,
    /// The words.
    pub text: String,
    /// Until when it stands.
    pub expires: Option<SystemTime>,
    /// The advice that it takes the place of.
    pub replaces: Option<RecordId>,
    /// The advice that took its place.
    pub replaced_by: Option<RecordId>,
    /// Who took it back and when; nothing where it stands.
    pub withdrawn: Option<Said>,
    /// Why it was taken back.
    pub withdrawn_reason: Option<String>,
    /// How far it came on any phone; nothing where no phone has said so yet.
    pub progress: Option<AdviceProgress>,
    /// Whether risk, allergies, medicines or substances changed since: say "written before this: call". Nothing where the
    /// version that it was written on is not on this phone.
    pub overtaken: Option<bool>,
}

/// How far advice came on a phone.
pub type AdviceProgress = Mark;

/// How far advice came on a phone.
#[uniffi::remote(Enum)]
pub enum AdviceProgress {
    /// The phone has it.
    Delivered,
    /// A person opened it.
    Read,
    /// A person says that they did what it says.
    ActedOn,
}

impl Reader<'_> {
    pub(super) fn advice(&self, view: AdviceView) -> AdviceShown {
        let progress = view.furthest();
        let AdviceView {
            id,
            stamp,
            text,
            written_on: _, // The core compares; what came of it is `overtaken`.
            expires_ms,
            replaces,
            replaced_by,
            withdrawn,
            marks: _, // The furthest of them is `progress`.
            overtaken,
        } = view;
        let (withdrawn, withdrawn_reason) = withdrawn.unzip();
        AdviceShown {
            id,
            said: self.said(stamp),
            text,
            expires: expires_ms.map(moment),
            replaces,
            replaced_by,
            withdrawn: withdrawn.map(|stamp| self.said(stamp)),
            withdrawn_reason,
            progress,
            overtaken,
        }
    }
}
