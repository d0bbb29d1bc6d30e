//! The agency: its root, HQ's online keys, how a phone joins, and who is in it.

mod certificate;
mod code;
mod directory;
mod enrol;
mod lease;
mod order;
mod root;
mod sealing;

pub use certificate::DeviceCertificate;
pub use code::{EnrolmentCode, EnrolmentTicket};
pub use directory::{DeviceEntry, Directory, StaffEntry};
pub use enrol::{EnrolRefusal, EnrolReply, EnrolRequest, Enrolled, Enrolling};
pub use lease::Lease;
pub use order::{Order, Ordered};
pub use root::{AgencyId, KeySet, RootStatement};
pub use sealing::SealingKeys;

use crate::{IdentityError, Reader, Writer};

/// No name of a person or an agency is longer, in bytes.
const LONGEST_NAME: usize = 512;

/// Writes a list of 32-byte ids.
pub(crate) fn write_ids(ids: &[[u8; 32]], out: &mut Writer) {
    out.varint(ids.len() as u64);
    for id in ids {
        out.fixed(id);
    }
}

/// Reads a list of 32-byte ids.
pub(crate) fn read_ids(
    reader: &mut Reader<'_>,
    most: usize,
) -> Result<Vec<[u8; 32]>, IdentityError> {
    let count = reader.count(most, 32)?;
    (0..count).map(|_| reader.array()).collect()
}
