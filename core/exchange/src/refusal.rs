//! Why HQ took nothing of a request, or nothing of a push. Each has a stable code; none carries content.

use mooring_identity::{IdentityError, Reader, Writer};

/// Why a whole request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Not understood.
    Malformed,
    /// Written by a later version than HQ's.
    TooNew,
    /// Beyond a cap.
    TooLarge,
    /// No such device in this agency.
    UnknownDevice,
    /// The signature does not hold.
    Forged,
    /// This very envelope was here before: send the same in a new one.
    Replayed,
    /// The phone's clock is too far from HQ's: send it again with this challenge.
    Skewed {
        /// HQ's signed challenge.
        challenge: Vec<u8>,
    },
    /// HQ could not make it durable: try later.
    TryLater,
}

impl Refusal {
    /// The stable code, for logs and the help desk.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "request.malformed",
            Self::TooNew => "request.too_new",
            Self::TooLarge => "request.too_large",
            Self::UnknownDevice => "request.unknown_device",
            Self::Forged => "request.forged",
            Self::Replayed => "request.replayed",
            Self::Skewed { .. } => "request.skewed",
            Self::TryLater => "request.try_later",
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Malformed => out.u8(0),
            Self::TooNew => out.u8(1),
            Self::TooLarge => out.u8(2),
            Self::UnknownDevice => out.u8(3),
            Self::Forged => out.u8(4),
            Self::Replayed => out.u8(5),
            Self::Skewed { challenge } => out.u8(6).bytes(challenge),
            Self::TryLater => out.u8(7),
        };
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(match reader.u8()? {
            0 => Self::Malformed,
            1 => Self::TooNew,
            2 => Self::TooLarge,
            3 => Self::UnknownDevice,
            4 => Self::Forged,
            5 => Self::Replayed,
            6 => Self::Skewed {
                challenge: reader.bytes(512)?.to_vec(),
            },
            7 => Self::TryLater,
            8..=u8::MAX => return Err(IdentityError::Malformed),
        })
    }
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Malformed | IdentityError::Sealed => Self::Malformed,
            IdentityError::TooNew => Self::TooNew,
            IdentityError::TooLarge => Self::TooLarge,
            IdentityError::Forged => Self::Forged,
            IdentityError::WrongAddressee => Self::UnknownDevice,
        }
    }
}

/// Why a push was refused as a whole; the rest of the request was answered. (What is wrong with one run alone is in the receipt.)
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushRefusal {
    /// Not understood, or its bytes are not those that were announced.
    Malformed,
    /// Written by a later version than HQ's.
    TooNew,
    /// Beyond a cap.
    TooLarge,
    /// The signature or the Merkle root does not hold.
    Forged,
    /// Made for another agency or by another device.
    WrongAddressee,
    /// It does not follow the last push that HQ holds. The device makes it again from what HQ says here; an epoch above its own means
    /// that it was restored and needs a new one (with the issue on keys).
    OutOfOrder {
        /// The epoch that HQ knows.
        epoch: u32,
        /// The number that would come next.
        next_seq: u64,
        /// The hash that it must name.
        prev: [u8; 32],
    },
}

impl PushRefusal {
    /// The stable code, for logs and the help desk.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "push.malformed",
            Self::TooNew => "push.too_new",
            Self::TooLarge => "push.too_large",
            Self::Forged => "push.forged",
            Self::WrongAddressee => "push.wrong_addressee",
            Self::OutOfOrder { .. } => "push.out_of_order",
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Malformed => out.u8(0),
            Self::TooNew => out.u8(1),
            Self::TooLarge => out.u8(2),
            Self::Forged => out.u8(3),
            Self::WrongAddressee => out.u8(4),
            Self::OutOfOrder {
                epoch,
                next_seq,
                prev,
            } => out.u8(5).u32(*epoch).u64(*next_seq).fixed(prev),
        };
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(match reader.u8()? {
            0 => Self::Malformed,
            1 => Self::TooNew,
            2 => Self::TooLarge,
            3 => Self::Forged,
            4 => Self::WrongAddressee,
            5 => Self::OutOfOrder {
                epoch: reader.u32()?,
                next_seq: reader.u64()?,
                prev: reader.array()?,
            },
            6..=u8::MAX => return Err(IdentityError::Malformed),
        })
    }
}

impl From<IdentityError> for PushRefusal {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Malformed | IdentityError::Sealed => Self::Malformed,
            IdentityError::TooNew => Self::TooNew,
            IdentityError::TooLarge => Self::TooLarge,
            IdentityError::Forged => Self::Forged,
            IdentityError::WrongAddressee => Self::WrongAddressee,
        }
    }
}
