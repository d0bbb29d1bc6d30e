//! What a phone asks in one request: take this, tell me that, give me more.

use mooring_casefile::DeviceId;
use mooring_identity::{Envelope, IdentityError, Reader, Writer};

use crate::limits::{LARGEST_CHUNK, LARGEST_PAGE, LARGEST_PUSH, LARGEST_SAID, MOST_KEYS};
use crate::{AuditActs, Have, RunKey};

const VERSION: u8 = 0;

/// A byte range of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// SHA-256 of the whole push.
    pub push_id: [u8; 32],
    /// Its length.
    pub total: u32,
    /// Where this chunk begins.
    pub offset: u32,
    /// At most 1 MiB.
    pub bytes: Vec<u8>,
}

impl Chunk {
    /// Whether it is the whole push.
    pub fn is_whole(&self) -> bool {
        self.offset == 0 && self.bytes.len() as u64 == u64::from(self.total)
    }
}

/// How far a phone has come with a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagePosition {
    /// The cursor that the page leads to.
    pub until: u64,
    /// SHA-256 of the whole page: HQ builds it again, and begins anew if it came out otherwise.
    pub hash: [u8; 32],
    /// Bytes already here.
    pub offset: u32,
}

/// The body of a request's envelope.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// Everything up to this cursor is stored on the phone.
    pub cursor: u64,
    /// A chunk of a push.
    pub chunk: Option<Chunk>,
    /// What became of these?
    pub ask: Vec<RunKey>,
    /// Compare these: after either side's restore.
    pub check: Vec<Have>,
    /// The page that is under way.
    pub page: Option<PagePosition>,
    /// What this phone wrote down of its own use. What is not there has no byte that says so.
    pub audit: Option<AuditActs>,
    /// The signed [`crate::Restored`] of a phone that came back from a backup, and asks to be certified anew.
    pub restored: Option<Vec<u8>>,
}

/// Which device a request's envelope claims to be of, and how far it claims to have come: **believed by nobody**. HQ chooses by it
/// which of its keys that phone knows already, and a lie about it makes an answer that the liar can't read.
pub fn claimed_position(envelope: &[u8]) -> Option<(DeviceId, u64)> {
    let open = Envelope::parse(envelope).ok()?;
    let mut reader = Reader::new(open.claimed_body());
    reader.version(VERSION).ok()?;
    Some((DeviceId::new(open.claim().device), reader.u64().ok()?))
}

impl Request {
    /// As canonical binary.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION).u64(self.cursor);
        match &self.chunk {
            None => out.u8(0),
            Some(chunk) => out
                .u8(1)
                .fixed(&chunk.push_id)
                .u32(chunk.total)
                .u32(chunk.offset)
                .bytes(&chunk.bytes),
        };
        out.varint(self.ask.len() as u64);
        for key in &self.ask {
            key.write(&mut out);
        }
        out.varint(self.check.len() as u64);
        for have in &self.check {
            have.write(&mut out);
        }
        match &self.page {
            None => out.u8(0),
            Some(page) => out.u8(1).u64(page.until).fixed(&page.hash).u32(page.offset),
        };
        if let Some(audit) = &self.audit {
            out.u8(AUDIT);
            audit.write(&mut out);
        }
        if let Some(restored) = &self.restored {
            out.u8(CAME_BACK).bytes(restored);
        }
        out.finish()
    }

    /// From canonical binary.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let cursor = reader.u64()?;
        let chunk = if flag(&mut reader)? {
            Some(read_chunk(&mut reader)?)
        } else {
            None
        };
        let ask = reader.count(MOST_KEYS, RunKey::BYTES)?;
        let ask = (0..ask)
            .map(|_| RunKey::read(&mut reader))
            .collect::<Result<Vec<_>, _>>()?;
        let check = reader.count(MOST_KEYS.saturating_sub(ask.len()), Have::BYTES)?;
        let check = (0..check)
            .map(|_| Have::read(&mut reader))
            .collect::<Result<_, _>>()?;
        let page = if flag(&mut reader)? {
            Some(read_position(&mut reader)?)
        } else {
            None
        };
        let mut sections = Sections::default();
        let (mut audit, mut restored) = (None, None);
        while let Some(section) = sections.next(&mut reader)? {
            match section {
                AUDIT => audit = Some(AuditActs::read(&mut reader)?),
                _ => restored = Some(reader.bytes(LARGEST_SAID)?.to_vec()),
            }
        }
        reader.finish()?;
        Ok(Self {
            cursor,
            chunk,
            ask,
            check,
            page,
            audit,
            restored,
        })
    }
}

/// One byte, 0 or 1.
pub(crate) fn flag(reader: &mut Reader<'_>) -> Result<bool, IdentityError> {
    match reader.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        2..=u8::MAX => Err(IdentityError::Malformed),
    }
}

/// The mark of the section about the phone's own audit.
pub(crate) const AUDIT: u8 = 1;
/// The mark of the section about having come back from a backup.
pub(crate) const CAME_BACK: u8 = 2;

/// Sections that were added behind all others: each its mark, then what it holds; in the order of their marks, each once.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    last: u8,
}

impl Sections {
    /// The next section's mark; none at the end.
    pub(crate) fn next(&mut self, reader: &mut Reader<'_>) -> Result<Option<u8>, IdentityError> {
        if reader.rest().is_empty() {
            return Ok(None);
        }
        let mark = reader.u8()?;
        if mark <= self.last || mark > CAME_BACK {
            return Err(IdentityError::Malformed);
        }
        self.last = mark;
        Ok(Some(mark))
    }
}

fn read_chunk(reader: &mut Reader<'_>) -> Result<Chunk, IdentityError> {
    let chunk = Chunk {
        push_id: reader.array()?,
        total: reader.u32()?,
        offset: reader.u32()?,
        bytes: reader.bytes(LARGEST_CHUNK)?.to_vec(),
    };
    let end = u64::from(chunk.offset).saturating_add(chunk.bytes.len() as u64);
    if u64::from(chunk.total) > LARGEST_PUSH as u64 {
        return Err(IdentityError::TooLarge);
    }
    if end > u64::from(chunk.total) {
        Err(IdentityError::Malformed)
    } else {
        Ok(chunk)
    }
}

fn read_position(reader: &mut Reader<'_>) -> Result<PagePosition, IdentityError> {
    let position = PagePosition {
        until: reader.u64()?,
        hash: reader.array()?,
        offset: reader.u32()?,
    };
    if u64::from(position.offset) > LARGEST_PAGE as u64 {
        Err(IdentityError::TooLarge)
    } else {
        Ok(position)
    }
}
