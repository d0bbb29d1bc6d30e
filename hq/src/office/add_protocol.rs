//! Taking in a protocol. Its rules decide levels, so only HQ's administrator does it; phones pull it by hash.

use mooring_casefile::Now;
use mooring_protocol::Protocol;

use super::Office;
use crate::ledger::{Audit, LedgerError, ProtocolRow};
use crate::refused::Refused;

impl Office {
    /// Checks a protocol, keeps it and puts it on the feed; nothing happens if it is there.
    pub fn add_protocol(
        &self,
        questionnaire: &[u8],
        rules: Option<&[u8]>,
        now: Now,
    ) -> Result<Protocol, Refused> {
        let protocol =
            Protocol::parse(questionnaire, rules).map_err(|faults| Refused::Invalid {
                why: format!("This protocol cannot be used: {faults}"),
            })?;
        self.take_protocol(&protocol, now)?;
        self.note_all(&Audit {
            at_ms: now.wall_ms,
            verb: "add-protocol".to_owned(),
            detail: Some(protocol.hash().to_string()),
            ..Audit::default()
        })?;
        Ok(protocol)
    }

    pub(super) fn take_protocol(&self, protocol: &Protocol, now: Now) -> Result<(), LedgerError> {
        let (questionnaire, rules) = protocol.source();
        let hash = protocol.hash().0;
        if self.ledger.protocol(&hash)?.is_some() {
            return Ok(());
        }
        let row = ProtocolRow {
            hash,
            questionnaire: questionnaire.to_vec(),
            rules: rules.map(<[u8]>::to_vec),
        };
        self.ledger.add_protocol(&row, now.wall_ms)
    }
}
