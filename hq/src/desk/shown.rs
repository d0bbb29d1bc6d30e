//! A page as it was shown: the exact version, and the canonical clinical text that a signature will cover.

use std::fmt;

use mooring_casefile::{BadId, CaseFile, CaseId, ChangeId, Now, Version};
use mooring_identity::{Purpose, derive_secret, sha256};
use mooring_protocol::ProtocolHash;
use serde::{Deserialize, Serialize};

use crate::access::Session;
use crate::caseboard::{Shelves, Survey};
use crate::hex::hex;
use crate::ledger::ShownRow;
use crate::office::Office;
use crate::refused::Refused;

const NAME: Purpose = Purpose::new("mooring.hq.shown.id");

/// Names one page as it was shown to one person. It can't be guessed, and says nothing by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShownId([u8; 32]);

impl ShownId {
    /// Reads what a form carried back.
    pub fn parse(text: &str) -> Result<Self, BadId> {
        // The same spelling as a change's hash: 64 lower-case hexadecimal digits.
        ChangeId::parse(text).map(|id| Self(id.bytes()))
    }

    /// The stamp of the text that was shown.
    pub fn words(&self) -> String {
        stamp_words(&self.0)
    }

    pub(super) fn of(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for ShownId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex(&self.0))
    }
}

/// Short, for a stamp that people compare: `7f3a·19c2`. It is the beginning of the signed text's SHA-256, and a page's id
/// begins with it, so that page, signature and review all show the same.
pub fn stamp_words(text_sha256: &[u8; 32]) -> String {
    let [first, second, third, fourth, ..] = *text_sha256;
    format!("{first:02x}{second:02x}·{third:02x}{fourth:02x}")
}

/// What was shown, as it is stored.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ShownPage {
    pub(super) version: Version,
    pub(super) protocols: Vec<String>,
    pub(super) waiting: Vec<ChangeId>,
    pub(super) held: Vec<ChangeId>,
    pub(super) text: String,
}

impl ShownPage {
    pub(super) fn draw(
        file: &CaseFile,
        survey: &Survey,
        shelves: &Shelves,
        protocols: &[ProtocolHash],
    ) -> Self {
        Self {
            version: file.version(),
            protocols: protocols.iter().map(ToString::to_string).collect(),
            waiting: survey.waiting.iter().map(|run| run.last).collect(),
            held: survey.held.iter().map(|run| run.last).collect(),
            text: file.canonical_text(shelves),
        }
    }

    pub(super) fn protocol_hashes(&self) -> Vec<ProtocolHash> {
        self.protocols
            .iter()
            .filter_map(|text| text.parse().ok())
            .collect()
    }

    pub(super) fn text_hash(&self) -> [u8; 32] {
        sha256(self.text.as_bytes())
    }
}

impl Office {
    /// Stores a page before it is shown.
    pub(super) fn keep_shown(
        &self,
        by: &Session,
        case: CaseId,
        page: &ShownPage,
        now: Now,
    ) -> Result<ShownId, Refused> {
        let plain = serde_json::to_vec(page).map_err(|_| Refused::Internal { code: "shown" })?;
        let id = self.name_page(by, case, &page.text_hash(), &plain);
        // The same page again is the same row: it was stored when it was first shown.
        if self.ledger.shown(&id)?.is_none() {
            let sealed = self.seal_page(case, &id, &plain)?;
            let text_hash = page.text_hash();
            self.ledger.keep_shown(&ShownRow {
                id,
                case,
                staff: by.staff,
                text_hash,
                sealed,
                shown_ms: now.wall_ms,
            })?;
        }
        Ok(ShownId(id))
    }

    fn name_page(
        &self,
        by: &Session,
        case: CaseId,
        text_hash: &[u8; 32],
        plain: &[u8],
    ) -> [u8; 32] {
        let mut context = case.bytes().to_vec();
        context.extend(by.staff.bytes());
        let mut id =
            *derive_secret(self.keys.names.expose(), &sha256(plain), NAME, &context).expose();
        for (to, from) in id.iter_mut().zip(text_hash).take(4) {
            *to = *from;
        }
        id
    }

    /// A page as it was shown of this case, to whomever.
    pub(super) fn find_shown(&self, case: CaseId, id: ShownId) -> Result<ShownPage, Refused> {
        let row = self
            .ledger
            .shown(id.bytes())?
            .filter(|row| row.case == case)
            .ok_or(Refused::NotFound)?;
        let plain = self.open_page(case, &row.id, &row.sealed)?;
        let page: ShownPage =
            serde_json::from_slice(&plain).map_err(|_| Refused::Internal { code: "shown" })?;
        if page.text_hash() == row.text_hash {
            Ok(page)
        } else {
            Err(Refused::Internal { code: "shown" })
        }
    }
}
