//! The protocols and names that a reading needs, as one unchanging value.

use std::collections::BTreeMap;
use std::sync::Arc;

use mooring_casefile::{PersonId, Shelf};
use mooring_protocol::{Protocol, ProtocolHash};

use crate::ledger::LedgerError;
use crate::office::Office;

/// The protocols that HQ has and the names of its staff.
#[derive(Clone, Default)]
pub struct Shelves {
    protocols: BTreeMap<ProtocolHash, Arc<Protocol>>,
    names: BTreeMap<PersonId, String>,
}

impl Shelves {
    /// A protocol, to be kept.
    pub fn take(&self, hash: &ProtocolHash) -> Option<Arc<Protocol>> {
        self.protocols.get(hash).cloned()
    }

    /// The names of everyone.
    pub fn names(&self) -> &BTreeMap<PersonId, String> {
        &self.names
    }

    /// How many protocols there are.
    pub(super) fn protocols(&self) -> usize {
        self.protocols.len()
    }

    /// These shelves with what the ledger has gained since. Protocols never leave, so only new ones are read.
    pub(crate) fn refreshed(&self, office: &Office) -> Result<Self, LedgerError> {
        let mut shelves = self.clone();
        shelves.names = office
            .ledger
            .staff()?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        for hash in office.ledger.protocol_hashes()? {
            if !shelves.protocols.contains_key(&ProtocolHash(hash)) {
                shelves.fetch(office, &hash)?;
            }
        }
        Ok(shelves)
    }

    fn fetch(&mut self, office: &Office, hash: &[u8; 32]) -> Result<(), LedgerError> {
        let Some(row) = office.ledger.protocol(hash)? else {
            return Ok(());
        };
        if let Ok(protocol) = Protocol::parse(&row.questionnaire, row.rules.as_deref()) {
            self.protocols.insert(protocol.hash(), Arc::new(protocol));
        } else {
            // It was read when it came in. What is not on the shelf never lowers a level.
            tracing::error!(code = "protocol-unreadable", hash = %ProtocolHash(*hash));
        }
        Ok(())
    }
}

impl Shelf for Shelves {
    fn protocol(&self, hash: &ProtocolHash) -> Option<&Protocol> {
        self.protocols.get(hash).map(AsRef::as_ref)
    }

    fn name(&self, person: &PersonId) -> String {
        self.names
            .get(person)
            .cloned()
            .unwrap_or_else(|| "someone not on the staff list".to_owned())
    }
}
