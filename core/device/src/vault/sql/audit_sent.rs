//! How far HQ holds this phone's audit, and what goes to it next.

use super::audit::{after, hash_of};
use super::facts::{self, Fact};
use mooring_exchange::{AUDIT_BEGINS, AuditActs, AuditMark, MOST_ACTS};
use mooring_identity::{IdentityError, Reader, Writer};
use rusqlite::{Connection, Result, Transaction};

const VERSION: u8 = 0;

/// HQ holds it up to here.
pub(crate) fn at_hq(tx: &Transaction<'_>, mark: AuditMark) -> Result<()> {
    let mut out = Writer::new();
    out.u8(VERSION).u64(mark.position).fixed(&mark.head);
    facts::put(tx, Fact::AuditAtHq, &out.finish())
}

/// The rows that HQ does not hold, as many as one request takes. The row before them is named as it stands here, so that a phone
/// whose earlier rows are others than it sent is noticed.
pub(crate) fn to_send(connection: &Connection) -> Result<Option<AuditActs>> {
    let sent = facts::get(connection, Fact::AuditAtHq)?;
    // A mark that can't be read counts as none: HQ knows what it holds, and takes nothing twice.
    let mark = sent.and_then(|bytes| parse(&bytes).ok());
    let (position, head) = mark.map_or((0, AUDIT_BEGINS), |mark| (mark.position, mark.head));
    let mut acts = AuditActs {
        before: hash_of(connection, position)?.unwrap_or(head),
        first: position.saturating_add(1),
        acts: Vec::new(),
        head,
    };
    for row in after(connection, position, MOST_ACTS)? {
        let Some(hash) = row.hash.filter(|_| row.position == acts.last() + 1) else {
            break;
        };
        acts.acts.push(row.act);
        acts.head = hash;
    }
    Ok(Some(acts).filter(|acts| !acts.acts.is_empty()))
}

fn parse(bytes: &[u8]) -> std::result::Result<AuditMark, IdentityError> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION)?;
    let mark = AuditMark {
        position: reader.u64()?,
        head: reader.array()?,
    };
    reader.finish()?;
    Ok(mark)
}
