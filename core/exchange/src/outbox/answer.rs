//! What HQ answers an upload: its receipts, and what it orders the phones that the records are of.

use mooring_identity::{IdentityError, Reader, Writer};

const VERSION: u8 = 0;
/// One for each device that an upload has records of, and an upload has no more records.
const MOST: usize = 1_000;
/// A receipt of the largest upload stays below.
const LARGEST: usize = 8 << 20;

/// HQ's answer to an upload. Each part is signed by itself: nothing in it is believed for having come with the others.
///
/// A locked phone may have missed that HQ changed its keys. The set that the rest is signed under comes along, and counts by the
/// root's signature alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutboxAnswer {
    /// The root-signed [`mooring_identity::KeySet`].
    pub key_set: Vec<u8>,
    /// A signed [`super::OutboxReceipt`] for each device.
    pub receipts: Vec<Vec<u8>>,
    /// Signed [`mooring_identity::Order`]s.
    pub orders: Vec<Vec<u8>>,
}

impl OutboxAnswer {
    /// To be sent.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION).bytes(&self.key_set);
        for list in [&self.receipts, &self.orders] {
            out.varint(list.len() as u64);
            for statement in list {
                out.bytes(statement);
            }
        }
        out.finish()
    }

    /// Reads one without believing it.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let answer = Self {
            key_set: reader.bytes(LARGEST)?.to_vec(),
            receipts: read_list(&mut reader)?,
            orders: read_list(&mut reader)?,
        };
        reader.finish()?;
        Ok(answer)
    }
}

fn read_list(reader: &mut Reader<'_>) -> Result<Vec<Vec<u8>>, IdentityError> {
    let count = reader.count(MOST, 1)?;
    (0..count)
        .map(|_| reader.bytes(LARGEST).map(<[u8]>::to_vec))
        .collect()
}
