//! The protocols and names at hand: what a case file asks for when it is read.

use crate::error::Result;
use crate::me::Me;
use crate::vault::Vault;
use crate::vault::sql::protocols::{self, Origin, ProtocolRow};
use mooring_casefile::{Now, PersonId};
use mooring_identity::Directory;
use mooring_protocol::{Protocol, ProtocolHash, starter_pack};
use std::collections::BTreeMap;

/// Protocols by hash, names by person.
pub(crate) struct Shelf {
    protocols: BTreeMap<ProtocolHash, Kept>,
    names: BTreeMap<PersonId, String>,
    me: PersonId,
}

/// A protocol, and where it came from.
pub(crate) struct Kept {
    pub(crate) protocol: Protocol,
    pub(crate) origin: Origin,
    pub(crate) added_ms: i64,
}

impl Shelf {
    /// Reads the shelf, and stores what this version of the app brings: an assessment may need it after the next update.
    pub(crate) fn load(vault: &mut Vault, me: &Me, now: Now) -> Result<Self> {
        let mut shelf = Self {
            protocols: BTreeMap::new(),
            names: BTreeMap::new(),
            me: me.attribution.person,
        };
        let starter = starter_pack();
        for row in vault.look(|connection| Ok(protocols::all(connection)?))? {
            let same = |one: &&Protocol| {
                one.source() == (row.questionnaire.as_slice(), row.rules.as_deref())
            };
            // What the app brings is read already, once for the whole process.
            let read = match starter.iter().find(same) {
                Some(known) => Ok(known.clone()),
                None => Protocol::parse(&row.questionnaire, row.rules.as_deref()),
            };
            // One that this version can't read stays stored, and reads as unknown: that never lowers a level.
            if let Ok(protocol) = read {
                shelf.put(protocol, row.origin, row.added_ms);
            }
        }
        let fresh: Vec<_> = starter
            .into_iter()
            .filter(|one| !shelf.protocols.contains_key(&one.hash()))
            .collect();
        if !fresh.is_empty() {
            let rows: Vec<_> = fresh
                .iter()
                .map(|one| row(one, Origin::Starter, now))
                .collect();
            vault.write(now, |tx| {
                rows.iter()
                    .try_for_each(|row| protocols::put(tx, row).map(|_| ()))?;
                Ok(())
            })?;
        }
        for protocol in fresh {
            shelf.put(protocol, Origin::Starter, now.wall_ms);
        }
        if let Some(enrolment) = &me.enrolment {
            shelf.know(&enrolment.directory);
        }
        Ok(shelf)
    }

    pub(crate) fn put(&mut self, protocol: Protocol, origin: Origin, added_ms: i64) {
        self.protocols.entry(protocol.hash()).or_insert(Kept {
            protocol,
            origin,
            added_ms,
        });
    }

    /// Takes the names of a directory over.
    pub(crate) fn know(&mut self, directory: &Directory) {
        self.names = directory
            .staff
            .iter()
            .map(|entry| (PersonId::new(entry.person), entry.name.clone()))
            .collect();
    }

    pub(crate) const fn names(&self) -> &BTreeMap<PersonId, String> {
        &self.names
    }

    pub(crate) const fn is_me(&mut self, person: PersonId) {
        self.me = person;
    }

    pub(crate) fn get(&self, hash: &ProtocolHash) -> Option<&Kept> {
        self.protocols.get(hash)
    }

    /// The newest of a key; where the same moment brought several, the app's own.
    pub(crate) fn newest(&self, key: &str) -> Option<&Protocol> {
        let of_key = self
            .protocols
            .values()
            .filter(|kept| kept.protocol.key() == key);
        of_key
            .max_by_key(|kept| kept.added_ms)
            .map(|kept| &kept.protocol)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Kept> {
        self.protocols.values()
    }
}

/// A protocol as a row.
pub(crate) fn row(protocol: &Protocol, origin: Origin, now: Now) -> ProtocolRow {
    let (questionnaire, rules) = protocol.source();
    ProtocolRow {
        hash: protocol.hash().0,
        key: protocol.key().to_owned(),
        questionnaire: questionnaire.to_vec(),
        rules: rules.map(<[u8]>::to_vec),
        origin,
        added_ms: now.wall_ms,
        at_hq: false,
    }
}

impl mooring_casefile::Shelf for Shelf {
    fn protocol(&self, hash: &ProtocolHash) -> Option<&Protocol> {
        self.protocols.get(hash).map(|kept| &kept.protocol)
    }

    fn name(&self, person: &PersonId) -> String {
        match self.names.get(person) {
            Some(name) => name.clone(),
            None if *person == self.me => "this phone".to_owned(),
            None => "somebody not in the directory".to_owned(),
        }
    }
}
