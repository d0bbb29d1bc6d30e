//! What proves, long after a sealed record was opened, that its device named these changes.

use mooring_casefile::{ChangeId, DeviceId};
use mooring_identity::{AgencyId, Domain, IdentityError, Reader, Signature, Verifies};

use super::OutboxHead;
use super::record::read_public;

/// More than the names of all the changes that a record may hold.
const LARGEST_PUBLIC: usize = 1 << 20;

/// The changes that a record's device vouched for, from [`super::OutboxRecord::proof`]. `Forged` where nobody signed it.
pub fn proved_changes(
    proof: &[u8],
    agency: AgencyId,
    device: DeviceId,
    by: &dyn Verifies,
) -> Result<Vec<ChangeId>, IdentityError> {
    let mut reader = Reader::new(proof);
    let (signed, signature) = proof
        .split_last_chunk::<64>()
        .ok_or(IdentityError::Forged)?;
    let public = reader.bytes(LARGEST_PUBLIC)?;
    let _sealed: [u8; 32] = reader.array()?;
    let (mark, signed) = signed.split_last().ok_or(IdentityError::Forged)?;
    if reader.u8()? != 1 || *mark != 1 {
        return Err(IdentityError::Forged);
    }
    by.verify(Domain::Outbox, signed, &Signature(*signature))?;
    let mut public = Reader::new(public);
    let (head, changes): (OutboxHead, _) = read_public(&mut public)?;
    public.finish()?;
    if head.agency == agency && head.device == device {
        Ok(changes)
    } else {
        Err(IdentityError::WrongAddressee)
    }
}
