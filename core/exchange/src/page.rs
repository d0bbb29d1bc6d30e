//! A pull page: what HQ has for this device between two cursors, packed as a whole.

use mooring_casefile::{Attribution, Roles, Run};
use mooring_identity::{IdentityError, Reader, Writer, sha256};

use crate::ids::{read_device, read_person};
use crate::limits::{LARGEST_PROTOCOL, LARGEST_RAW, LARGEST_STATEMENT, MOST_ENTRIES};
use crate::request::flag;
use crate::run::{Body, Place, read_bodies, write_bodies};
use crate::squeeze::{Effort, squeeze, unsqueeze};

const VERSION: u8 = 0;

/// One thing that a device may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Somebody's changes. HQ names the verified writer; the reply's signature says so for it.
    Run {
        /// Verified device and person.
        who: Attribution,
        /// The changes: **not yet guarded**.
        run: Run,
    },
    /// The signed [`mooring_identity::Directory`].
    Directory(Vec<u8>),
    /// The signed [`mooring_identity::KeySet`].
    KeySet(Vec<u8>),
    /// The root-signed [`mooring_identity::SealingKeys`].
    SealingKeys(Vec<u8>),
    /// A signed [`mooring_identity::Lease`].
    Lease(Vec<u8>),
    /// A signed [`mooring_identity::Order`].
    Order(Vec<u8>),
    /// A signed [`crate::Assignment`].
    Assignment(Vec<u8>),
    /// A protocol: its hash is worked out by the receiver.
    Protocol {
        /// The Questionnaire's bytes.
        questionnaire: Vec<u8>,
        /// Its rules' bytes.
        rules: Option<Vec<u8>>,
    },
    /// HQ's word about the runs of this page: see [`crate::proved_runs`].
    Proof(Vec<u8>),
    /// What this version cannot read, a later kind of entry among it: store it and read it after an update.
    Unreadable {
        /// Its kind's number.
        kind: u8,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// An entry and its place in HQ's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEntry {
    /// Assigned by HQ in commit order; entries of a case that was assigned later repeat the cursor of the assignment.
    pub cursor: u64,
    /// What it is.
    pub entry: Entry,
}

/// A whole page: `(after, until]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it begins.
    pub after: u64,
    /// What the cursor becomes once it is stored.
    pub until: u64,
    /// In HQ's order.
    pub entries: Vec<PageEntry>,
}

impl Page {
    /// Packs it. The same page packs to the same bytes, so that HQ need not keep one that is under way.
    pub fn encode(&self) -> Vec<u8> {
        let mut raw = Writer::new();
        raw.u64(self.after)
            .u64(self.until)
            .varint(self.entries.len() as u64);
        for entry in &self.entries {
            let (kind, bytes) = entry.entry.parts();
            raw.u64(entry.cursor).u8(kind).bytes(&bytes);
        }
        let raw = raw.finish();
        let mut out = Writer::new();
        out.u8(VERSION)
            .varint(raw.len() as u64)
            .fixed(&squeeze(&raw, Effort::Often));
        out.finish()
    }

    /// Unpacks it. An entry that cannot be read is [`Entry::Unreadable`] and costs none of the others.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let length = reader.varint()?;
        let raw = unsqueeze(reader.rest(), length, LARGEST_RAW)?;
        let mut reader = Reader::new(&raw);
        let (after, until) = (reader.u64()?, reader.u64()?);
        let count = reader.count(MOST_ENTRIES, 10)?;
        let entries = (0..count)
            .map(|_| read_entry(&mut reader))
            .collect::<Result<_, _>>()?;
        reader.finish()?;
        Ok(Self {
            after,
            until,
            entries,
        })
    }
}

fn read_entry(reader: &mut Reader<'_>) -> Result<PageEntry, IdentityError> {
    let (cursor, kind) = (reader.u64()?, reader.u8()?);
    let bytes = reader.bytes(LARGEST_RAW)?;
    let entry = Entry::read(kind, bytes).unwrap_or_else(|_| Entry::Unreadable {
        kind,
        bytes: bytes.to_vec(),
    });
    Ok(PageEntry { cursor, entry })
}

impl Entry {
    fn parts(&self) -> (u8, Vec<u8>) {
        match self {
            Self::Run { who, run } => (0, run_bytes(who, run)),
            Self::Directory(bytes) => (1, bytes.clone()),
            Self::KeySet(bytes) => (2, bytes.clone()),
            Self::Assignment(bytes) => (3, bytes.clone()),
            Self::Protocol {
                questionnaire,
                rules,
            } => (4, protocol_bytes(questionnaire, rules.as_deref())),
            Self::SealingKeys(bytes) => (5, bytes.clone()),
            Self::Lease(bytes) => (6, bytes.clone()),
            Self::Order(bytes) => (7, bytes.clone()),
            Self::Proof(bytes) => (8, bytes.clone()),
            Self::Unreadable { kind, bytes } => (*kind, bytes.clone()),
        }
    }

    fn read(kind: u8, bytes: &[u8]) -> Result<Self, IdentityError> {
        if kind != 4 && bytes.len() > LARGEST_STATEMENT {
            return Err(IdentityError::TooLarge);
        }
        match kind {
            0 => read_run(bytes),
            1 => Ok(Self::Directory(bytes.to_vec())),
            2 => Ok(Self::KeySet(bytes.to_vec())),
            3 => Ok(Self::Assignment(bytes.to_vec())),
            4 => read_protocol(bytes),
            5 => Ok(Self::SealingKeys(bytes.to_vec())),
            6 => Ok(Self::Lease(bytes.to_vec())),
            7 => Ok(Self::Order(bytes.to_vec())),
            8 => Ok(Self::Proof(bytes.to_vec())),
            9..=u8::MAX => Err(IdentityError::TooNew),
        }
    }
}

fn run_bytes(who: &Attribution, run: &Run) -> Vec<u8> {
    let mut out = Writer::new();
    out.fixed(&who.device.bytes())
        .fixed(&who.person.bytes())
        .u16(who.roles.bits());
    Place::of(run).write(&mut out);
    write_bodies(&[Body::pack(run)], &mut out);
    out.finish()
}

fn read_run(bytes: &[u8]) -> Result<Entry, IdentityError> {
    let mut reader = Reader::new(bytes);
    let (device, person) = (read_device(&mut reader)?, read_person(&mut reader)?);
    let who = Attribution {
        device,
        person,
        roles: Roles::from_bits(reader.u16()?),
    };
    let place = Place::read(&mut reader)?;
    let bodies = read_bodies(1, &mut reader)?;
    reader.finish()?;
    let body = bodies.first().ok_or(IdentityError::Malformed)?;
    let run = body.unpack(&place).map_err(|_| IdentityError::Malformed)?;
    Ok(Entry::Run { who, run })
}

fn protocol_bytes(questionnaire: &[u8], rules: Option<&[u8]>) -> Vec<u8> {
    let mut out = Writer::new();
    out.bytes(questionnaire);
    match rules {
        None => out.u8(0),
        Some(rules) => out.u8(1).bytes(rules),
    };
    out.finish()
}

fn read_protocol(bytes: &[u8]) -> Result<Entry, IdentityError> {
    let mut reader = Reader::new(bytes);
    let questionnaire = reader.bytes(LARGEST_PROTOCOL)?.to_vec();
    let rules = if flag(&mut reader)? {
        Some(reader.bytes(LARGEST_PROTOCOL)?.to_vec())
    } else {
        None
    };
    reader.finish()?;
    Ok(Entry::Protocol {
        questionnaire,
        rules,
    })
}

/// A page of which the first bytes are here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePart {
    /// The cursor it leads to.
    pub until: u64,
    /// SHA-256 of the whole.
    pub hash: [u8; 32],
    /// The whole's length.
    pub total: u32,
    /// The first bytes.
    pub bytes: Vec<u8>,
}

impl PagePart {
    /// The whole page, once all of it is here and is what was announced.
    pub(crate) fn complete(&self) -> Option<Result<Page, IdentityError>> {
        if (self.bytes.len() as u64) < u64::from(self.total) {
            return None;
        }
        let same = sha256(&self.bytes) == self.hash;
        let page = if same {
            Page::parse(&self.bytes)
        } else {
            Err(IdentityError::Malformed)
        };
        Some(page.and_then(|page| {
            if page.until == self.until {
                Ok(page)
            } else {
                Err(IdentityError::Malformed)
            }
        }))
    }
}
