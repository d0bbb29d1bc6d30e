//! Enrolment: a phone that has checked the root proves that it holds the code and its own key; HQ answers with who it now is.
//!
//! Both signatures are over one transcript: the root, the ticket, the phone's key and both answers. Nothing secret is sent.

use crate::derive::{sha256, sha256_of};
use crate::random::fresh;
use crate::{
    AgencyId, DeviceCertificate, Directory, Domain, IdentityError, KeySet, Random, Reader,
    RootStatement, Signature, Signed, SigningKey, Verifies, VerifyKey, Writer,
};

use super::EnrolmentTicket;

const VERSION: u8 = 0;
const LARGEST_PART: usize = 16 << 20;

/// A phone that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolRequest {
    /// The agency it believes it asks.
    pub agency: AgencyId,
    /// Which code.
    pub ticket: [u8; 16],
    /// Its new public key.
    pub key: VerifyKey,
    /// Fresh.
    pub nonce: [u8; 16],
    /// The phone's clock; for the record only.
    pub time_ms: i64,
    proof: [u8; 32],
    signature: Signature,
}

impl EnrolRequest {
    /// Reads one without believing it: the ticket says which code to look up.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let request = Self {
            agency: AgencyId(reader.array()?),
            ticket: reader.array()?,
            key: VerifyKey(reader.array()?),
            nonce: reader.array()?,
            time_ms: reader.i64()?,
            proof: reader.array()?,
            signature: Signature(reader.array()?),
        };
        reader.finish()?;
        Ok(request)
    }

    /// To be sent.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(&self.claims())
            .fixed(&self.proof)
            .fixed(&self.signature.0);
        out.finish()
    }

    /// HQ's check: the code's proof, and that the phone holds the key it names.
    pub fn check(
        &self,
        ticket: &EnrolmentTicket,
        root: &Signed<RootStatement>,
    ) -> Result<(), IdentityError> {
        if self.agency != root.statement().agency() || self.ticket != ticket.id {
            return Err(IdentityError::WrongAddressee);
        }
        let transcript = self.transcript(root);
        ticket.check(&transcript, &self.proof)?;
        self.key
            .verify(Domain::EnrolRequest, &transcript, &self.signature)
    }

    fn claims(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .fixed(&self.agency.0)
            .fixed(&self.ticket)
            .fixed(&self.key.0)
            .fixed(&self.nonce);
        out.i64(self.time_ms);
        out.finish()
    }

    fn transcript(&self, root: &Signed<RootStatement>) -> Vec<u8> {
        let mut out = Writer::new();
        out.bytes(&self.claims()).fixed(&sha256(root.bytes()));
        out.finish()
    }
}

/// The phone's side between request and reply.
#[derive(Debug)]
pub struct Enrolling {
    root: Signed<RootStatement>,
    request: EnrolRequest,
}

impl Enrolling {
    /// Begins. The root must already have been checked against the code.
    pub fn begin(
        ticket: &EnrolmentTicket,
        root: Signed<RootStatement>,
        key: &SigningKey,
        now_ms: i64,
        random: &mut dyn Random,
    ) -> Self {
        let mut request = EnrolRequest {
            agency: root.statement().agency(),
            ticket: ticket.id,
            key: key.verify_key(),
            nonce: fresh(random),
            time_ms: now_ms,
            proof: [0; 32],
            signature: Signature([0; 64]),
        };
        let transcript = request.transcript(&root);
        request.proof = ticket.prove(&transcript);
        request.signature = key.sign(Domain::EnrolRequest, &transcript);
        Self { root, request }
    }

    /// What is sent.
    pub fn request(&self) -> &EnrolRequest {
        &self.request
    }

    /// Checks HQ's reply down to the root, and that it is about this phone's key.
    pub fn finish(self, reply: &[u8]) -> Result<Enrolled, IdentityError> {
        let reply = EnrolReply::parse(reply)?;
        let key_set = Signed::<KeySet>::open(&reply.key_set, &self.root.statement().root)?;
        let keys = key_set.statement();
        keys.verify(
            Domain::EnrolReply,
            &reply.transcript(&self.request),
            &reply.signature,
        )?;
        let certificate = Signed::<DeviceCertificate>::open(&reply.certificate, keys)?;
        let directory = Signed::<Directory>::open(&reply.directory, keys)?;
        let said = certificate.statement();
        let agency = self.request.agency;
        let ours = said.key == self.request.key
            && [said.agency, keys.agency, directory.statement().agency]
                .iter()
                .all(|named| *named == agency);
        if ours {
            Ok(Enrolled {
                root: self.root,
                key_set,
                certificate,
                directory,
            })
        } else {
            Err(IdentityError::WrongAddressee)
        }
    }
}

/// What an enrolled phone keeps.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// The pinned root.
    pub root: Signed<RootStatement>,
    /// HQ's online keys.
    pub key_set: Signed<KeySet>,
    /// Who this phone is.
    pub certificate: Signed<DeviceCertificate>,
    /// Who everybody is.
    pub directory: Signed<Directory>,
}

/// HQ's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolReply {
    key_set: Vec<u8>,
    certificate: Vec<u8>,
    directory: Vec<u8>,
    signature: Signature,
}

impl EnrolReply {
    /// Answers a request that was checked.
    pub fn make(
        request: &EnrolRequest,
        key_set: &Signed<KeySet>,
        certificate: &Signed<DeviceCertificate>,
        directory: &Signed<Directory>,
        key: &SigningKey,
    ) -> Self {
        let mut reply = Self {
            key_set: key_set.bytes().to_vec(),
            certificate: certificate.bytes().to_vec(),
            directory: directory.bytes().to_vec(),
            signature: Signature([0; 64]),
        };
        reply.signature = key.sign(Domain::EnrolReply, &reply.transcript(request));
        reply
    }

    /// To be sent.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .bytes(&self.key_set)
            .bytes(&self.certificate)
            .bytes(&self.directory)
            .fixed(&self.signature.0);
        out.finish()
    }

    /// Reads one without believing it; [`Enrolling::finish`] does that.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let reply = Self {
            key_set: reader.bytes(LARGEST_PART)?.to_vec(),
            certificate: reader.bytes(LARGEST_PART)?.to_vec(),
            directory: reader.bytes(LARGEST_PART)?.to_vec(),
            signature: Signature(reader.array()?),
        };
        reader.finish()?;
        Ok(reply)
    }

    fn transcript(&self, request: &EnrolRequest) -> Vec<u8> {
        let parts = [&self.key_set, &self.certificate, &self.directory].map(|part| sha256(part));
        let [key_set, certificate, directory] = &parts;
        let reply = sha256_of(&[key_set, certificate, directory]);
        let mut out = Writer::new();
        out.fixed(&sha256(&request.encode())).fixed(&reply);
        out.finish()
    }
}

/// Why HQ did not enrol a phone: sent unsigned, since the phone trusts nobody yet; it changes nothing but the words shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolRefusal {
    /// No such code, or it was used, or its time is over: ask for a new one.
    CodeNotValid,
    /// The request was not understood.
    Malformed,
    /// The request was made by a later version.
    TooNew,
    /// Try again.
    TryLater,
}

impl EnrolRefusal {
    /// A stable code for the wire and the help desk.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeNotValid => "enrol.code_not_valid",
            Self::Malformed => "enrol.malformed",
            Self::TooNew => "enrol.too_new",
            Self::TryLater => "enrol.try_later",
        }
    }

    /// The refusal of this code.
    pub fn parse(code: &str) -> Option<Self> {
        [
            Self::CodeNotValid,
            Self::Malformed,
            Self::TooNew,
            Self::TryLater,
        ]
        .into_iter()
        .find(|one| one.code() == code)
    }
}
