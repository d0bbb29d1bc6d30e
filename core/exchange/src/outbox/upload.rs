//! Records on their way to HQ: as many as fit, each as it lies on the phone.

use mooring_identity::{IdentityError, Reader, Writer};

use super::OutboxRecord;
use crate::limits::LARGEST_CHUNK;

const VERSION: u8 = 0;
const LARGEST_RECORD: usize = 9 * LARGEST_CHUNK;
const MOST_RECORDS: usize = 1_000;

/// What is sent to HQ, over any link: each record is sealed and signed by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutboxUpload {
    records: Vec<Vec<u8>>,
    bytes: usize,
}

impl OutboxUpload {
    /// Adds a record, unless the upload has enough: then it goes with the next.
    pub fn add(&mut self, record: Vec<u8>) -> bool {
        let enough = !self.records.is_empty() && self.bytes + record.len() > LARGEST_CHUNK;
        if enough || self.records.len() >= MOST_RECORDS {
            return false;
        }
        self.bytes += record.len();
        self.records.push(record);
        true
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// To be sent.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION).varint(self.records.len() as u64);
        for record in &self.records {
            out.bytes(record);
        }
        out.finish()
    }

    /// HQ's part: each record read by itself, none believed. One that can't be read costs none of the others.
    pub fn parse(bytes: &[u8]) -> Result<Vec<Result<OutboxRecord, IdentityError>>, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let count = reader.count(MOST_RECORDS, 1)?;
        let mut records = Vec::with_capacity(count);
        for _ in 0..count {
            records.push(OutboxRecord::parse(reader.bytes(LARGEST_RECORD)?));
        }
        reader.finish()?;
        Ok(records)
    }
}
