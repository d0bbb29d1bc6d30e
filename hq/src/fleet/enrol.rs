//! Enrolling a phone: a code that is good is used up, the phone gets its certificate, and it is assigned its cases.

use mooring_casefile::{DeviceId, Now, PersonId};
use mooring_identity::{
    DeviceCertificate, EnrolRefusal, EnrolReply, EnrolRequest, EnrolmentTicket, IdentityError,
    Secret, Signed,
};

use crate::fleet::known::renewed;
use crate::ledger::{Audit, Code, CodeUse, DeviceRow, LedgerError};
use crate::office::Office;

impl Office {
    /// Answers a phone that asks to be enrolled. The reply is only made once everything it says is on disk.
    pub fn enrol(&self, request: &[u8], now: Now) -> Result<Vec<u8>, EnrolRefusal> {
        let request = EnrolRequest::parse(request).map_err(unreadable)?;
        self.refresh_keys().map_err(later)?;
        let (code, worth) = self
            .ledger
            .look_up_code(&request.ticket, now.wall_ms)
            .map_err(later)?
            .ok_or(EnrolRefusal::CodeNotValid)?;
        self.prove(&request, &code)?;
        match worth {
            CodeUse::Good(person) => self.enrol_new(&request, person, now),
            CodeUse::Used { device } => self.answer_again(&request, device, now),
            CodeUse::Unknown | CodeUse::Expired => Err(EnrolRefusal::CodeNotValid),
        }
    }

    fn prove(&self, request: &EnrolRequest, code: &Code) -> Result<(), EnrolRefusal> {
        let mut key = code.key;
        let ticket = EnrolmentTicket::new(code.ticket, Secret::take(&mut key));
        request
            .check(&ticket, &self.keys.root)
            .map_err(|_| EnrolRefusal::CodeNotValid)
    }

    fn enrol_new(
        &self,
        request: &EnrolRequest,
        person: PersonId,
        now: Now,
    ) -> Result<Vec<u8>, EnrolRefusal> {
        let certificate = self.certify(request, person, now)?;
        let row = DeviceRow {
            id: DeviceId::new(certificate.statement().device),
            person,
            certificate: certificate.bytes().to_vec(),
            enrolled_ms: now.wall_ms,
            heard_ms: None,
        };
        match self
            .ledger
            .enrol(&request.ticket, &row, now.wall_ms)
            .map_err(later)?
        {
            CodeUse::Good(_) => {
                self.note_all(&Audit {
                    at_ms: now.wall_ms,
                    verb: "enrol".to_owned(),
                    about: Some(person),
                    device: Some(row.id),
                    ..Audit::default()
                })
                .map_err(later)?;
                self.welcome(request, &certificate, now)
            }
            CodeUse::Unknown | CodeUse::Expired | CodeUse::Used { .. } => {
                Err(EnrolRefusal::CodeNotValid)
            }
        }
    }

    /// The same phone asks again, because our answer was lost on the way: it gets the same certificate.
    fn answer_again(
        &self,
        request: &EnrolRequest,
        device: DeviceId,
        now: Now,
    ) -> Result<Vec<u8>, EnrolRefusal> {
        let row = self
            .ledger
            .device(device)
            .map_err(later)?
            .ok_or(EnrolRefusal::CodeNotValid)?;
        let certificate = self.certificate(&row.certificate).map_err(later)?;
        if certificate.statement().key != request.key {
            return Err(EnrolRefusal::CodeNotValid);
        }
        self.welcome(request, &certificate, now)
    }

    fn certify(
        &self,
        request: &EnrolRequest,
        person: PersonId,
        now: Now,
    ) -> Result<Signed<DeviceCertificate>, EnrolRefusal> {
        let staff = self
            .ledger
            .staff_member(person)
            .map_err(later)?
            .ok_or(EnrolRefusal::CodeNotValid)?;
        let certificate = DeviceCertificate {
            agency: self.agency(),
            device: self.make_device().bytes(),
            person: person.bytes(),
            name: staff.name,
            roles: staff.roles.bits(),
            epoch: 0,
            key: request.key,
            issued_ms: now.wall_ms,
        };
        Ok(Signed::sign(certificate, self.keys.ring().online()))
    }

    fn welcome(
        &self,
        request: &EnrolRequest,
        certificate: &Signed<DeviceCertificate>,
        now: Now,
    ) -> Result<Vec<u8>, EnrolRefusal> {
        let directory = self.refresh_directory(now).map_err(later)?;
        self.assign_all(now).map_err(later)?;
        // Both may be from before the newest keys, if an answer of ours was lost on the way.
        let ring = self.keys.ring();
        let set = ring.key_set.statement();
        let certificate = &renewed(certificate, &ring, set);
        let directory = &renewed(&directory, &ring, set);
        let reply = EnrolReply::make(
            request,
            &ring.key_set,
            certificate,
            directory,
            ring.online(),
        );
        Ok(reply.encode())
    }
}

fn unreadable(error: IdentityError) -> EnrolRefusal {
    match error {
        IdentityError::TooNew => EnrolRefusal::TooNew,
        IdentityError::Malformed
        | IdentityError::TooLarge
        | IdentityError::Forged
        | IdentityError::WrongAddressee
        | IdentityError::Sealed => EnrolRefusal::Malformed,
    }
}

fn later(_: LedgerError) -> EnrolRefusal {
    EnrolRefusal::TryLater
}
