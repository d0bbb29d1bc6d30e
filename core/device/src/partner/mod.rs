//! Partner's phone: a case goes from one phone to another with no HQ between them. The app carries the bytes: as a file, a row of QR codes
//! ([`cut_for_qr`](mooring_exchange::cut_for_qr)), or by the platform's nearby transport.
//!
//! Receipts stay HQ's alone: what came from a partner is "not at HQ" until HQ's own page brings it.

mod give;
mod take;
mod token;

pub use give::GivenBundle;
pub use take::TakenBundle;

use crate::device::Open;
use crate::error::{Error, Forbidden, Refused, Result};
use crate::me::Enrolment;
use crate::vault::sql::facts::{self, Fact};
use mooring_exchange::{BundleFault, Trust};
use mooring_identity::IdentityError;

/// What this phone shows of itself, as HQ and the root signed it.
struct Papers {
    certificate: Vec<u8>,
    key_set: Vec<u8>,
}

impl Open {
    /// This phone's papers, unless HQ has taken them back.
    fn papers(&mut self) -> Result<Papers> {
        let (certificate, key_set) = self.vault.look(|connection| {
            let certificate = facts::get(connection, Fact::Certificate)?;
            Ok((certificate, facts::get(connection, Fact::KeySet)?))
        })?;
        let (Some(certificate), Some(key_set)) = (certificate, key_set) else {
            return Err(Error::Forbidden(Forbidden::NotEnrolled));
        };
        let trust = self.trust()?;
        trust.device(&certificate, trust.keys).map_err(refused)?;
        Ok(Papers {
            certificate,
            key_set,
        })
    }

    fn trust(&self) -> Result<Trust<'_>> {
        let Enrolment {
            agency,
            root,
            key_set,
            directory,
            ..
        } = self
            .me
            .enrolment
            .as_ref()
            .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
        Ok(Trust {
            agency: *agency,
            root: *root,
            keys: key_set,
            directory,
        })
    }
}

fn refused(fault: BundleFault) -> Error {
    match fault {
        BundleFault::Revoked => Error::Refused(Refused::Revoked),
        BundleFault::Identity(IdentityError::TooNew) => Error::UpdateApp,
        BundleFault::Identity(IdentityError::Malformed | IdentityError::TooLarge) => {
            Error::Refused(Refused::Format)
        }
        BundleFault::Identity(
            IdentityError::Forged | IdentityError::WrongAddressee | IdentityError::Sealed,
        ) => Error::Refused(Refused::Signature),
    }
}
