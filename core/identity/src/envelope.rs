//! Request and reply: one signed envelope each way. Headers of the carrier carry no authority.

use crate::derive::sha256;
use crate::{
    AgencyId, Domain, IdentityError, Reader, Signature, Signed, SigningKey, Statement, Verifies,
    Writer,
};

const VERSION: u8 = 0;
/// How far an envelope's time may be from HQ's clock, and how long a challenge can be answered.
pub const FRESH_WITHIN_MS: i64 = 300_000;
/// No envelope is larger: a chunk of 1 MiB each way and the lists beside it.
const LARGEST_BODY: usize = 4 << 20;
const LARGEST_CHALLENGE: usize = 512;

/// Which way an envelope goes; each is signed under a domain of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From a device to HQ.
    Request,
    /// From HQ to a device; its nonce is the request's.
    Reply,
}

impl Direction {
    const fn domain(self) -> Domain {
        match self {
            Self::Request => Domain::Request,
            Self::Reply => Domain::Reply,
        }
    }

    const fn code(self) -> u8 {
        match self {
            Self::Request => 0,
            Self::Reply => 1,
        }
    }
}

/// What is said beside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Which way.
    pub direction: Direction,
    /// The agency.
    pub agency: AgencyId,
    /// The device that asks, or that is answered.
    pub device: [u8; 16],
    /// Fresh for each request; a reply repeats it.
    pub nonce: [u8; 16],
    /// The sender's clock.
    pub time_ms: i64,
    /// HQ's signed challenge, sent back by a phone whose clock is wrong; else empty.
    pub challenge: Vec<u8>,
}

impl Envelope {
    /// Signs and encloses `body`.
    pub fn seal(&self, body: &[u8], key: &SigningKey) -> Vec<u8> {
        let head = self.head();
        let signature = key.sign(self.direction.domain(), &signed_bytes(&head, body));
        let mut out = Writer::new();
        out.fixed(&head).bytes(body).fixed(&signature.0);
        out.finish()
    }

    /// Reads an envelope **without believing it**: the device named says whose key to check it with, and no more.
    pub fn parse(bytes: &[u8]) -> Result<OpenEnvelope<'_>, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let direction = match reader.u8()? {
            0 => Direction::Request,
            1 => Direction::Reply,
            2..=u8::MAX => return Err(IdentityError::Malformed),
        };
        let agency = AgencyId(reader.array()?);
        let (device, nonce, time_ms) = (reader.array()?, reader.array()?, reader.i64()?);
        let challenge = reader.bytes(LARGEST_CHALLENGE)?.to_vec();
        let body = reader.bytes(LARGEST_BODY)?;
        let signature = Signature(reader.array()?);
        reader.finish()?;
        Ok(OpenEnvelope {
            envelope: Self {
                direction,
                agency,
                device,
                nonce,
                time_ms,
                challenge,
            },
            body,
            signature,
        })
    }

    fn head(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .u8(self.direction.code())
            .fixed(&self.agency.0)
            .fixed(&self.device)
            .fixed(&self.nonce);
        out.i64(self.time_ms).bytes(&self.challenge);
        out.finish()
    }
}

fn signed_bytes(head: &[u8], body: &[u8]) -> Vec<u8> {
    let mut out = Writer::new();
    out.bytes(head).fixed(&sha256(body));
    out.finish()
}

/// An envelope that was read and not yet believed.
#[derive(Debug, Clone)]
pub struct OpenEnvelope<'a> {
    envelope: Envelope,
    body: &'a [u8],
    signature: Signature,
}

impl<'a> OpenEnvelope<'a> {
    /// What it claims, to look up whose key to ask.
    pub fn claim(&self) -> &Envelope {
        &self.envelope
    }

    /// The body that it claims to have, before anybody believes it.
    pub fn claimed_body(&self) -> &'a [u8] {
        self.body
    }

    /// Believes it, if it is for this agency, goes this way, and its signature holds.
    pub fn verify(
        self,
        direction: Direction,
        agency: AgencyId,
        by: &dyn Verifies,
    ) -> Result<(Envelope, &'a [u8]), IdentityError> {
        if self.envelope.direction != direction || self.envelope.agency != agency {
            return Err(IdentityError::WrongAddressee);
        }
        by.verify(
            direction.domain(),
            &signed_bytes(&self.envelope.head(), self.body),
            &self.signature,
        )?;
        Ok((self.envelope, self.body))
    }
}

/// HQ's clock, signed for one device, so that a phone whose own is wrong can still prove that it asks now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The agency.
    pub agency: AgencyId,
    /// For whom.
    pub device: [u8; 16],
    /// HQ's clock when it was made.
    pub time_ms: i64,
    /// So that no two are alike.
    pub salt: [u8; 16],
}

impl Statement for Challenge {
    const DOMAIN: Domain = Domain::Challenge;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device)
            .i64(self.time_ms)
            .fixed(&self.salt);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: reader.array()?,
            time_ms: reader.i64()?,
            salt: reader.array()?,
        })
    }
}

/// Whether a verified request was made just now, as far as HQ can tell without trusting the phone's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Within the window, or it answers a challenge of ours.
    Fresh,
    /// Send a challenge.
    Skewed,
}

impl Envelope {
    /// Judges a request's time by HQ's clock and HQ's own keys.
    pub fn freshness(&self, now_ms: i64, hq: &dyn Verifies) -> Freshness {
        let near = |time_ms: i64| now_ms.abs_diff(time_ms) <= FRESH_WITHIN_MS.unsigned_abs();
        if near(self.time_ms) {
            return Freshness::Fresh;
        }
        match Signed::<Challenge>::open(&self.challenge, hq).map(Signed::into_statement) {
            Ok(made)
                if made.agency == self.agency
                    && made.device == self.device
                    && near(made.time_ms) =>
            {
                Freshness::Fresh
            }
            Ok(_) | Err(_) => Freshness::Skewed,
        }
    }
}
