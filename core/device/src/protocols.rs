//! The shelf of protocols, and putting one more on it.

use crate::case::shelf_row;
use crate::device::Device;
use crate::error::{Error, Result};
use crate::vault::sql::protocols::{self, Origin};
use mooring_casefile::Now;
use mooring_protocol::{Protocol, ProtocolHash};

/// A protocol on the shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShelvedProtocol {
    /// Its hash: the version, exactly.
    pub hash: ProtocolHash,
    /// Its key, the same over its versions.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its version, as it says itself.
    pub version: String,
    /// Whether "not a validated instrument" must stand wherever it does.
    pub not_validated: bool,
    /// Where it came from.
    pub origin: Origin,
    /// What a reader should know of how it was read.
    pub warnings: Vec<String>,
}

impl Device {
    /// Every protocol that can be started here, by key, the newest of a key first.
    pub fn protocols(&mut self, now: Now) -> Result<Vec<ShelvedProtocol>> {
        let (open, _) = self.opened(now)?;
        let mut kept: Vec<_> = open.shelf.all().collect();
        kept.sort_by(|a, b| (a.protocol.key(), b.added_ms).cmp(&(b.protocol.key(), a.added_ms)));
        Ok(kept
            .into_iter()
            .map(|one| shelved(&one.protocol, one.origin))
            .collect())
    }

    /// Puts a FHIR Questionnaire, with its rules if it has any, on the shelf. HQ does not know it until its administrator
    /// loads it too; until then HQ reads what rests on it as "not yet known", which never lowers a level.
    pub fn add_protocol(
        &mut self,
        questionnaire: &[u8],
        rules: Option<&[u8]>,
        now: Now,
    ) -> Result<ShelvedProtocol> {
        let (open, _) = self.opened(now)?;
        let protocol = Protocol::parse(questionnaire, rules)
            .map_err(|faults| Error::BadProtocol(Box::new(faults)))?;
        let row = shelf_row(&protocol, Origin::File, now);
        open.vault.write(now, |tx| Ok(protocols::put(tx, &row)?))?;
        let shelved = shelved(&protocol, Origin::File);
        open.shelf.put(protocol, Origin::File, now.wall_ms);
        // What is in memory was derived without it.
        open.cases.clear();
        Ok(shelved)
    }
}

pub(crate) fn shelved(protocol: &Protocol, origin: Origin) -> ShelvedProtocol {
    ShelvedProtocol {
        hash: protocol.hash(),
        key: protocol.key().to_owned(),
        title: protocol.title().to_owned(),
        version: protocol.version().to_owned(),
        not_validated: protocol.not_validated(),
        origin,
        warnings: protocol
            .warnings()
            .iter()
            .map(ToString::to_string)
            .collect(),
    }
}
