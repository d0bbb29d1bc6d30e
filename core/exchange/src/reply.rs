//! What HQ answers: what it took, what became of the rest, and a byte range of the next page.

use mooring_identity::{IdentityError, Reader, Writer};

use crate::limits::{LARGEST_CHUNK, LARGEST_PAGE, LARGEST_SAID, LARGEST_STATEMENT, MOST_KEYS};
use crate::request::{AUDIT, CAME_BACK, Sections, flag};
use crate::{AuditMark, PushRefusal, Refusal, RunMark};

const VERSION: u8 = 0;

/// The body of a reply's envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Nothing of the request was taken.
    Refused(Refusal),
    /// It was answered.
    Answer(Answer),
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What became of the chunk.
    pub push: PushStatus,
    /// What became of the runs that were asked about or compared, and of those that just arrived.
    pub fates: Vec<RunMark>,
    /// The next byte range of the next page; none where there is nothing new.
    pub page: Option<PageChunk>,
    /// How far HQ holds this phone's audit, if the request brought some. What is not there has no byte that says so.
    pub audit: Option<AuditMark>,
    /// A certificate with a higher epoch, for a phone that said that it came back from a backup.
    pub certificate: Option<Vec<u8>>,
}

/// What became of the chunk that a request carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushStatus {
    /// There was none.
    Nothing,
    /// HQ durably holds the first bytes of this push.
    Held {
        /// Which push.
        push_id: [u8; 32],
        /// How many bytes.
        bytes: u32,
    },
    /// HQ durably holds the push: its signed [`crate::Receipt`].
    Receipted(Vec<u8>),
    /// The push was refused as a whole.
    Refused(PushRefusal),
}

/// A byte range of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageChunk {
    /// The cursor that the page leads to.
    pub until: u64,
    /// SHA-256 of the whole page.
    pub hash: [u8; 32],
    /// Its length.
    pub total: u32,
    /// Where this range begins.
    pub offset: u32,
    /// At most 1 MiB.
    pub bytes: Vec<u8>,
    /// Whether HQ has more after this page.
    pub more: bool,
}

impl Reply {
    /// As canonical binary.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION);
        match self {
            Self::Refused(refusal) => {
                out.u8(0);
                refusal.write(&mut out);
            }
            Self::Answer(answer) => {
                out.u8(1);
                answer.write(&mut out);
            }
        }
        out.finish()
    }

    /// From canonical binary.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let reply = if flag(&mut reader)? {
            Self::Answer(Answer::read(&mut reader)?)
        } else {
            Self::Refused(Refusal::read(&mut reader)?)
        };
        reader.finish()?;
        Ok(reply)
    }
}

impl Answer {
    fn write(&self, out: &mut Writer) {
        match &self.push {
            PushStatus::Nothing => {
                out.u8(0);
            }
            PushStatus::Held { push_id, bytes } => {
                out.u8(1).fixed(push_id).u32(*bytes);
            }
            PushStatus::Receipted(receipt) => {
                out.u8(2).bytes(receipt);
            }
            PushStatus::Refused(refusal) => {
                out.u8(3);
                refusal.write(out);
            }
        }
        out.varint(self.fates.len() as u64);
        for mark in &self.fates {
            mark.write(out);
        }
        match &self.page {
            None => out.u8(0),
            Some(page) => out
                .u8(1)
                .u64(page.until)
                .fixed(&page.hash)
                .u32(page.total)
                .u32(page.offset)
                .bytes(&page.bytes)
                .u8(u8::from(page.more)),
        };
        if let Some(audit) = &self.audit {
            out.u8(AUDIT);
            audit.write(out);
        }
        if let Some(certificate) = &self.certificate {
            out.u8(CAME_BACK).bytes(certificate);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        let push = match reader.u8()? {
            0 => PushStatus::Nothing,
            1 => PushStatus::Held {
                push_id: reader.array()?,
                bytes: reader.u32()?,
            },
            2 => PushStatus::Receipted(reader.bytes(LARGEST_STATEMENT)?.to_vec()),
            3 => PushStatus::Refused(PushRefusal::read(reader)?),
            4..=u8::MAX => return Err(IdentityError::Malformed),
        };
        let fates = reader.count(MOST_KEYS, RunMark::BYTES)?;
        let fates = (0..fates)
            .map(|_| RunMark::read(reader))
            .collect::<Result<_, _>>()?;
        let page = if flag(reader)? {
            Some(read_page(reader)?)
        } else {
            None
        };
        let mut sections = Sections::default();
        let (mut audit, mut certificate) = (None, None);
        while let Some(section) = sections.next(reader)? {
            match section {
                AUDIT => audit = Some(AuditMark::read(reader)?),
                _ => certificate = Some(reader.bytes(LARGEST_SAID)?.to_vec()),
            }
        }
        Ok(Self {
            push,
            fates,
            page,
            audit,
            certificate,
        })
    }
}

fn read_page(reader: &mut Reader<'_>) -> Result<PageChunk, IdentityError> {
    let (until, hash) = (reader.u64()?, reader.array()?);
    let (total, offset) = (reader.u32()?, reader.u32()?);
    let bytes = reader.bytes(LARGEST_CHUNK)?.to_vec();
    let more = flag(reader)?;
    let end = u64::from(offset).saturating_add(bytes.len() as u64);
    if u64::from(total) > LARGEST_PAGE as u64 {
        return Err(IdentityError::TooLarge);
    }
    if end > u64::from(total) || bytes.is_empty() {
        return Err(IdentityError::Malformed);
    }
    Ok(PageChunk {
        until,
        hash,
        total,
        offset,
        bytes,
        more,
    })
}
