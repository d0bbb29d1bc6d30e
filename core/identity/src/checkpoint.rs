//! A checkpoint: HQ, about its audit chain up to one row.

use crate::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

/// HQ, about everything in its audit up to and with one row: the hash of a row covers all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditCheckpoint {
    /// The agency.
    pub agency: AgencyId,
    /// The row's number, from 1.
    pub row: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// When it was made.
    pub made_ms: i64,
}

impl Statement for AuditCheckpoint {
    const DOMAIN: Domain = Domain::AuditCheckpoint;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .u64(self.row)
            .fixed(&self.hash)
            .i64(self.made_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            row: reader.u64()?,
            hash: reader.array()?,
            made_ms: reader.i64()?,
        })
    }
}
