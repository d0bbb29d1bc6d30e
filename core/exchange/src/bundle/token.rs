//! "I am here": what the phone that takes shows to the one that gives. It carries the key to seal to and a nonce, so that a bundle answers
//! this token and no other.

use mooring_casefile::DeviceId;
use mooring_identity::{
    AgencyId, DeviceCertificate, Domain, IdentityError, Random, Reader, Recipient, Signed,
    SigningKey, Statement, Writer,
};

use super::{BundleFault, LARGEST_CERTIFICATE, Trust, VERSION};
use crate::ids::read_device;

const LARGEST_SIGNED: usize = 512;

/// What a phone says of itself when it waits for a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerToken {
    /// The agency.
    pub agency: AgencyId,
    /// The phone that waits.
    pub device: DeviceId,
    /// A key made for this token alone: it goes once the bundle is here.
    pub to: Recipient,
    /// Names the token.
    pub nonce: [u8; 16],
    /// When it was made, by that phone's clock; for the record only.
    pub made_ms: i64,
}

impl Statement for PartnerToken {
    const DOMAIN: Domain = Domain::PartnerToken;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .fixed(&self.to.0)
            .fixed(&self.nonce)
            .i64(self.made_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: read_device(reader)?,
            to: Recipient(reader.array()?),
            nonce: reader.array()?,
            made_ms: reader.i64()?,
        })
    }
}

/// What a token is made of.
#[derive(Debug, Clone, Copy)]
pub struct TokenDraft<'a> {
    /// The agency.
    pub agency: AgencyId,
    /// This phone.
    pub device: DeviceId,
    /// The public half of a fresh key.
    pub to: Recipient,
    /// This phone's certificate, as HQ signed it.
    pub certificate: &'a [u8],
    /// HQ's keys, as the root signed them.
    pub key_set: &'a [u8],
    /// This phone's clock.
    pub made_ms: i64,
}

/// A token as it is shown: with the certificate that says whose phone it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownToken {
    /// As shown.
    bytes: Vec<u8>,
    token: PartnerToken,
    certificate: DeviceCertificate,
}

impl ShownToken {
    /// Makes one; its bytes and its nonce.
    pub fn make(
        draft: &TokenDraft<'_>,
        key: &SigningKey,
        random: &mut dyn Random,
    ) -> (Vec<u8>, [u8; 16]) {
        let mut nonce = [0; 16];
        random.fill(&mut nonce);
        let token = PartnerToken {
            agency: draft.agency,
            device: draft.device,
            to: draft.to,
            nonce,
            made_ms: draft.made_ms,
        };
        let mut out = Writer::new();
        out.u8(VERSION)
            .bytes(draft.key_set)
            .bytes(draft.certificate)
            .bytes(Signed::sign(token, key).bytes());
        (out.finish(), nonce)
    }

    /// Reads one and believes it only if HQ vouches for the phone that shows it.
    pub fn open(bytes: &[u8], trust: &Trust<'_>) -> Result<Self, BundleFault> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let keys = trust.newest_keys(reader.bytes(LARGEST_CERTIFICATE)?);
        let certificate = reader.bytes(LARGEST_CERTIFICATE)?;
        let signed = reader.bytes(LARGEST_SIGNED)?;
        reader.finish()?;
        let certificate = trust.device(certificate, &keys)?;
        let token = Signed::<PartnerToken>::open(signed, &certificate.key)?.into_statement();
        if token.agency != trust.agency || token.device.bytes() != certificate.device {
            return Err(IdentityError::WrongAddressee.into());
        }
        Ok(Self {
            bytes: bytes.to_vec(),
            token,
            certificate,
        })
    }

    /// What it says.
    pub const fn token(&self) -> &PartnerToken {
        &self.token
    }

    /// Whose phone it is.
    pub const fn certificate(&self) -> &DeviceCertificate {
        &self.certificate
    }

    /// As it was shown.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
