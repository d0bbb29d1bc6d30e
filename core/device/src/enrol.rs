//! Joining an agency: the code's fingerprint checked before anything is pinned, and all that HQ certified stored at once.

use crate::device::{Device, Open};
use crate::error::{BadInput, Error, Refused, Result};
use crate::me::{Me, certified};
use crate::vault::sql::actors;
use crate::vault::sql::facts::{self, Fact};
use mooring_casefile::Now;
use mooring_identity::{
    EnrolRefusal, Enrolled, Enrolling, EnrolmentCode, IdentityError, RootStatement,
};

/// What to send to HQ, and how to be sure that it is HQ.
pub struct EnrolStep {
    /// Where.
    pub address: String,
    /// The certificate authority to pin from now on, and the only one to trust.
    pub tls_ca_der: Vec<u8>,
    /// The request's bytes.
    pub request: Vec<u8>,
}

/// Enrolment between request and reply; forgotten at every lock.
pub(crate) struct Joining {
    enrolling: Enrolling,
    address: String,
}

/// Where the HQ of this code is. Its root is fetched from there by a connection that need not be trusted and sends no secret.
pub fn read_address(code: &str) -> Result<String> {
    Ok(parse(code)?.address().to_owned())
}

impl Device {
    /// Checks HQ's root against the code and makes the request.
    pub fn begin_enrolment(&mut self, code: &str, root: &[u8], now: Now) -> Result<EnrolStep> {
        let (open, seams) = self.opened(now)?;
        if open.me.enrolment.is_some() {
            return Err(Error::BadInput(BadInput::Order));
        }
        let code = parse(code)?;
        let root = RootStatement::open(root).map_err(refused)?;
        code.check_root(&root)
            .map_err(|_| Error::Refused(Refused::Fingerprint))?;
        let tls_ca_der = root.statement().tls_ca_der.clone();
        let enrolling = Enrolling::begin(
            &code.derive_ticket(),
            root,
            &open.key,
            now.wall_ms,
            seams.random.as_mut(),
        );
        let step = EnrolStep {
            address: code.address().to_owned(),
            tls_ca_der,
            request: enrolling.request().encode(),
        };
        open.joining = Some(Joining {
            enrolling,
            address: step.address.clone(),
        });
        Ok(step)
    }

    /// Checks HQ's reply down to the root and keeps what it certifies. What was captured before is this person's from now on.
    pub fn finish_enrolment(&mut self, reply: &[u8], now: Now) -> Result<()> {
        let (open, seams) = self.opened(now)?;
        let joining = open
            .joining
            .take()
            .ok_or(Error::BadInput(BadInput::Order))?;
        if let Some(refusal) = std::str::from_utf8(reply)
            .ok()
            .and_then(|text| EnrolRefusal::parse(text.trim()))
        {
            return Err(Error::Refused(Refused::ByHq(refusal.code())));
        }
        let enrolled = joining.enrolling.finish(reply).map_err(refused)?;
        open.keep(&enrolled, &joining.address, now)?;
        open.use_new_keys(seams, now);
        Ok(())
    }
}

impl Open {
    fn keep(&mut self, enrolled: &Enrolled, address: &str, now: Now) -> Result<()> {
        let me = certified(enrolled.certificate.statement());
        self.vault.write(now, |tx| {
            facts::put(tx, Fact::Root, enrolled.root.bytes())?;
            facts::put(tx, Fact::KeySet, enrolled.key_set.bytes())?;
            facts::put(tx, Fact::Certificate, enrolled.certificate.bytes())?;
            facts::put(tx, Fact::Directory, enrolled.directory.bytes())?;
            facts::put(tx, Fact::Address, address.as_bytes())?;
            actors::own_are(tx, me)?;
            Ok(())
        })?;
        self.me = Me::load(&mut self.vault, &self.key)?;
        self.shelf.is_me(self.me.attribution.person);
        self.shelf.know(enrolled.directory.statement());
        // They were read under this phone's old name.
        self.cases.clear();
        Ok(())
    }
}

fn parse(code: &str) -> Result<EnrolmentCode> {
    EnrolmentCode::parse(code).map_err(|error| match error {
        IdentityError::TooNew => Error::UpdateApp,
        IdentityError::Malformed
        | IdentityError::TooLarge
        | IdentityError::Forged
        | IdentityError::WrongAddressee
        | IdentityError::Sealed => Error::BadInput(BadInput::EnrolmentCode),
    })
}

const fn refused(error: IdentityError) -> Error {
    match error {
        IdentityError::TooNew => Error::UpdateApp,
        IdentityError::Malformed | IdentityError::TooLarge => Error::Refused(Refused::Format),
        IdentityError::Forged | IdentityError::WrongAddressee | IdentityError::Sealed => {
            Error::Refused(Refused::Signature)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
