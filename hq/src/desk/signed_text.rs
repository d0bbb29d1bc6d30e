//! The text that an earlier review signed, as it was displayed then.

use mooring_casefile::{CaseId, Now, Operation, RecordId};

use super::{ShownId, stamp_words};
use crate::access::Session;
use crate::headquarters::Headquarters;
use crate::hex::hex;
use crate::refused::Refused;

/// What a review covers.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedText {
    /// The canonical clinical text.
    pub text: String,
    /// Its SHA-256, as the signature has it.
    pub digest_hex: String,
    /// The version's short stamp.
    pub words: String,
}

impl Headquarters {
    /// The text that a review signed.
    pub fn signed_text(
        &self,
        by: &Session,
        case: CaseId,
        review: RecordId,
        now: Now,
    ) -> Result<SignedText, Refused> {
        self.admit(by, Operation::ReadCase, "signed-text", Some(case), now)?;
        let reviews = self.office().ledger.reviews(case)?;
        let row = reviews
            .into_iter()
            .find(|row| row.id == review)
            .ok_or(Refused::NotFound)?;
        let page = self.office().find_shown(case, ShownId::of(row.shown))?;
        Ok(SignedText {
            digest_hex: hex(&page.text_hash()),
            words: stamp_words(&page.text_hash()),
            text: page.text,
        })
    }
}
