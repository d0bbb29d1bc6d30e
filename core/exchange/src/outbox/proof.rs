//! What is left of a record whose changes were taken in: who named which changes, to be checked at any time later.

use mooring_casefile::ChangeId;
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Signature, Verifies, Writer};

use super::record::{OutboxHead, read_public};
use crate::limits::LARGEST_CHUNK;

/// More than the head and the hashes of the largest record.
const LARGEST_PUBLIC: usize = LARGEST_CHUNK;

/// A record's proof, as [`super::OutboxRecord::proof`] makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxProof {
    /// What it claims.
    pub head: OutboxHead,
    /// The hashes of the changes that it names, in their order.
    pub changes: Vec<ChangeId>,
    signed: Vec<u8>,
    signature: Option<Signature>,
}

impl OutboxProof {
    /// Reads one **without believing it**.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        let public = reader.bytes(LARGEST_PUBLIC)?.to_vec();
        let sealed: [u8; 32] = reader.array()?;
        let signature = match reader.u8()? {
            0 => None,
            1 => Some(Signature(reader.array()?)),
            2..=u8::MAX => return Err(IdentityError::Malformed),
        };
        reader.finish()?;
        let mut inner = Reader::new(&public);
        let (head, changes) = read_public(&mut inner)?;
        inner.finish()?;
        let mut signed = Writer::new();
        signed.bytes(&public).fixed(&sealed);
        Ok(Self {
            head,
            changes,
            signed: signed.finish(),
            signature,
        })
    }

    /// Whether anybody vouches for it.
    pub const fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// Believes it, if it is of this agency and its device's signature holds.
    pub fn verify(&self, agency: AgencyId, by: &dyn Verifies) -> Result<(), IdentityError> {
        if self.head.agency != agency {
            return Err(IdentityError::WrongAddressee);
        }
        let signature = self.signature.as_ref().ok_or(IdentityError::Forged)?;
        by.verify(Domain::Outbox, &self.signed, signature)
    }
}
