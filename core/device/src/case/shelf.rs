//! The protocols and names at hand: what a case file asks for when it is read.

use crate::error::{Error, Result, VaultFault};
use crate::me::Me;
use crate::vault::Vault;
use crate::vault::sql::protocols::{self, Origin, ProtocolRow};
use mooring_casefile::{Now, PersonId};
use mooring_identity::Directory;
use mooring_protocol::{Faults, Protocol, ProtocolHash, starter_pack};
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
        shelf.read(vault)?;
        let fresh: Vec<_> = starter_pack()
            .into_iter()
            .filter(|one| !shelf.protocols.contains_key(&one.hash()))
            .collect();
        if !fresh.is_empty() {
            let rows: Vec<_> = fresh
                .iter()
                .map(|one| row(one, Origin::Starter, now))
                .collect();
            let stored = vault.write(now, |tx| {
                rows.iter()
                    .try_for_each(|row| protocols::put(tx, row).map(|_| ()))?;
                Ok(())
            });
            // The app has them in itself: what can't be stored now is stored at another opening, and nobody is locked out.
            if let Err(error) = stored
                && !is_the_disks(&error)
            {
                return Err(error);
            }
        }
        for protocol in fresh {
            shelf.put(protocol, Origin::Starter, now.wall_ms);
        }
        if let Some(enrolment) = &me.enrolment {
            shelf.know(&enrolment.directory);
        }
        Ok(shelf)
    }

    /// Reads what is stored, each by itself. One that this version can't read, or that is damaged, stays stored and reads as
    /// unknown: that never lowers a level, and keeps nobody from the others.
    fn read(&mut self, vault: &mut Vault) -> Result<()> {
        let starter = starter_pack();
        let hashes = vault.look(|connection| Ok(protocols::hashes(connection)?));
        for hash in unless_damaged(hashes)?.unwrap_or_default() {
            let row = vault.look(|connection| Ok(protocols::one(connection, hash)?));
            let Some(row) = unless_damaged(row)? else {
                continue;
            };
            match parsed(&row, &starter) {
                Ok(protocol) if protocol.hash().0 == hash => {
                    self.put(protocol, row.origin, row.added_ms);
                }
                // It may have been read from a damaged page.
                Ok(_) | Err(_) => vault.reconnect()?,
            }
        }
        Ok(())
    }

    /// What this version of the app brings, with no vault.
    pub(crate) fn starter(me: PersonId, now: Now) -> Self {
        let mut shelf = Self {
            protocols: BTreeMap::new(),
            names: BTreeMap::new(),
            me,
        };
        for protocol in starter_pack() {
            shelf.put(protocol, Origin::Starter, now.wall_ms);
        }
        shelf
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

fn unless_damaged<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(Error::Vault(VaultFault::Corrupt)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the fault is the disk's and not ours.
const fn is_the_disks(error: &Error) -> bool {
    matches!(
        error,
        Error::NotSaved(_) | Error::TryLater | Error::Vault(VaultFault::Corrupt)
    )
}

/// The protocol of a row. What the app brings is read already, once for the whole process.
fn parsed(row: &ProtocolRow, starter: &[Protocol]) -> std::result::Result<Protocol, Faults> {
    let files = (row.questionnaire.as_slice(), row.rules.as_deref());
    match starter.iter().find(|one| one.source() == files) {
        Some(known) => Ok(known.clone()),
        None => Protocol::parse(files.0, files.1),
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
