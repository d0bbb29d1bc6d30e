//! Single facts about this vault, by name.

use rusqlite::{Connection, OptionalExtension, Result, Transaction};

/// The names of all facts. Each value starts with, or is, a versioned format of the crate it belongs to.
#[derive(Clone, Copy)]
pub(crate) enum Fact {
    /// The seed of this device's signing key.
    DeviceKey,
    /// HQ's address, from the enrolment code.
    Address,
    /// The pinned root.
    Root,
    /// HQ's online keys.
    KeySet,
    /// HQ's online keys of before: what they signed is still read here.
    FormerKeySets,
    /// Who this phone is.
    Certificate,
    /// Who everybody is.
    Directory,
    /// How far the pull has come, and this device's push chain.
    Progress,
    /// A page of which the first bytes are here.
    PagePart,
    /// This vault is older than what the phone has seen, until HQ has said what it lacks.
    Restored,
    /// The keys that this phone seals to.
    SealingKeys,
    /// How long this phone may read, and how much of it is used up.
    Lease,
    /// HQ's order that is not carried out yet.
    Order,
    /// This phone's chain of pushes is not HQ's any more: it asks to be certified anew, and sends nothing before.
    Renewal,
    /// When it was seen that this phone came back from a backup unnoticed, or that another phone uses its keys.
    Elsewhere,
    /// How far HQ holds this phone's audit.
    AuditAtHq,
    /// To the custodians of which serial the vault's recovery slot is sealed.
    RecoverySerial,
    /// The keystore's generation at the last opening: where the mark beside the vault tells nothing, an older vault still shows.
    Generation,
    /// Sealed changes whose records stay until HQ has named them.
    KeptSealed,
}

impl Fact {
    const fn name(self) -> &'static str {
        match self {
            Self::DeviceKey => "device-key",
            Self::Address => "address",
            Self::Root => "root",
            Self::KeySet => "key-set",
            Self::FormerKeySets => "former-key-sets",
            Self::Certificate => "certificate",
            Self::Directory => "directory",
            Self::Progress => "progress",
            Self::PagePart => "page-part",
            Self::Restored => "restored",
            Self::SealingKeys => "sealing-keys",
            Self::Lease => "lease",
            Self::Order => "order",
            Self::Renewal => "renewal",
            Self::Elsewhere => "elsewhere",
            Self::AuditAtHq => "audit-at-hq",
            Self::RecoverySerial => "recovery-serial",
            Self::Generation => "generation",
            Self::KeptSealed => "kept-sealed",
        }
    }
}

pub(crate) fn put(tx: &Transaction<'_>, fact: Fact, value: &[u8]) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO facts (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute((fact.name(), value))?;
    Ok(())
}

pub(crate) fn forget(tx: &Transaction<'_>, fact: Fact) -> Result<()> {
    tx.prepare_cached("DELETE FROM facts WHERE name = ?1")?
        .execute([fact.name()])?;
    Ok(())
}

pub(crate) fn get(connection: &Connection, fact: Fact) -> Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT value FROM facts WHERE name = ?1")?
        .query_row([fact.name()], |row| row.get(0))
        .optional()
}
