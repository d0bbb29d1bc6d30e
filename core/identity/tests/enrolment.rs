//! A phone joins an agency, and nobody else gets in.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test stop it where they fail"
)]

use mooring_identity::*;
use proptest::prelude::*;

struct Hq {
    root_key: SigningKey,
    online: SigningKey,
    root: Signed<RootStatement>,
    key_set: Signed<KeySet>,
}

fn hq() -> Hq {
    let root_key = SigningKey::make(&mut os_random());
    let online = SigningKey::make(&mut os_random());
    let root = RootStatement {
        name: "Harbor County".into(),
        root: root_key.verify_key(),
        tls_ca_der: vec![1, 2, 3],
        made_ms: 1,
    };
    let agency = root.agency();
    let root = Signed::sign(root, &root_key);
    let key_set = KeySet {
        agency,
        serial: 1,
        made_ms: 1,
        keys: vec![online.verify_key()],
    };
    Hq {
        key_set: Signed::sign(key_set, &root_key),
        root,
        root_key,
        online,
    }
}

impl Hq {
    fn agency(&self) -> AgencyId {
        self.root.statement().agency()
    }

    fn code(&self) -> EnrolmentCode {
        EnrolmentCode::make("https://hq.example:8443", self.agency(), &mut os_random()).unwrap()
    }

    fn certificate(&self, key: VerifyKey) -> Signed<DeviceCertificate> {
        let certificate = DeviceCertificate {
            agency: self.agency(),
            device: [1; 16],
            person: [2; 16],
            name: "Robin".into(),
            roles: 1,
            epoch: 0,
            key,
            issued_ms: 5,
        };
        Signed::sign(certificate, &self.online)
    }

    fn directory(&self, key: VerifyKey) -> Signed<Directory> {
        let staff = vec![StaffEntry {
            person: [2; 16],
            name: "Robin".into(),
            roles: 1,
        }];
        let devices = vec![DeviceEntry {
            device: [1; 16],
            person: [2; 16],
            key,
            epoch: 0,
            revoked_at_seq: Some(9),
        }];
        Signed::sign(
            Directory {
                agency: self.agency(),
                serial: 1,
                made_ms: 5,
                staff,
                devices,
            },
            &self.online,
        )
    }

    fn answer(&self, request: &[u8], ticket: &EnrolmentTicket) -> Result<Vec<u8>, IdentityError> {
        let request = EnrolRequest::parse(request)?;
        request.check(ticket, &self.root)?;
        let (certificate, directory) = (self.certificate(request.key), self.directory(request.key));
        Ok(EnrolReply::make(
            &request,
            &self.key_set,
            &certificate,
            &directory,
            &self.online,
        )
        .encode())
    }
}

fn begin(hq: &Hq, code: &EnrolmentCode) -> (Enrolling, SigningKey) {
    let key = SigningKey::make(&mut os_random());
    let root = RootStatement::open(hq.root.bytes()).unwrap();
    code.check_root(&root).unwrap();
    (
        Enrolling::begin(&code.derive_ticket(), root, &key, 77, &mut os_random()),
        key,
    )
}

#[test]
fn a_phone_with_the_code_is_enrolled() {
    let hq = hq();
    let code = EnrolmentCode::parse(&hq.code().to_string()).unwrap();
    let (enrolling, key) = begin(&hq, &code);
    let reply = hq
        .answer(&enrolling.request().encode(), &code.derive_ticket())
        .unwrap();
    let enrolled = enrolling.finish(&reply).unwrap();
    assert_eq!(enrolled.certificate.statement().key, key.verify_key());
    assert_eq!(
        enrolled
            .directory
            .statement()
            .device(&[1; 16])
            .unwrap()
            .revoked_at_seq,
        Some(9)
    );
    assert_eq!(
        enrolled
            .directory
            .statement()
            .person(&[2; 16])
            .unwrap()
            .name,
        "Robin"
    );
}

#[test]
fn another_root_is_not_the_one_that_the_code_names() {
    let code = hq().code();
    let other = hq();
    assert_eq!(code.check_root(&other.root), Err(IdentityError::Forged));
}

#[test]
fn a_root_statement_signed_by_another_key_is_forged() {
    let hq = hq();
    let forged = Signed::sign(hq.root.statement().clone(), &hq.online);
    assert_eq!(
        RootStatement::open(forged.bytes()).unwrap_err(),
        IdentityError::Forged
    );
}

#[test]
fn another_code_enrols_nobody() {
    let hq = hq();
    let (enrolling, _) = begin(&hq, &hq.code());
    let guessed = EnrolmentTicket::new(enrolling.request().ticket, Secret::make(&mut os_random()));
    assert_eq!(
        hq.answer(&enrolling.request().encode(), &guessed),
        Err(IdentityError::Forged)
    );
}

#[test]
fn any_flipped_byte_of_request_or_reply_ends_it() {
    let hq = hq();
    let code = hq.code();
    let (enrolling, key) = begin(&hq, &code);
    let request = enrolling.request().encode();
    for at in 0..request.len() {
        let mut bad = request.clone();
        bad[at] ^= 0x40;
        assert!(
            hq.answer(&bad, &code.derive_ticket()).is_err(),
            "request byte {at}"
        );
    }
    let ticket = code.derive_ticket();
    let again = || Enrolling::begin(&ticket, hq.root.clone(), &key, 77, &mut Same);
    let reply = hq.answer(&again().request().encode(), &ticket).unwrap();
    for at in 0..reply.len() {
        let mut bad = reply.clone();
        bad[at] ^= 0x40;
        assert!(again().finish(&bad).is_err(), "reply byte {at}");
    }
    assert!(again().finish(&reply).is_ok());
}

#[test]
fn a_reply_made_for_another_phone_is_not_taken() {
    let hq = hq();
    let code = hq.code();
    let (first, _) = begin(&hq, &code);
    let (second, _) = begin(&hq, &code);
    let reply = hq
        .answer(&first.request().encode(), &code.derive_ticket())
        .unwrap();
    assert!(second.finish(&reply).is_err());
}

#[test]
fn a_certificate_for_another_key_is_not_taken() {
    let hq = hq();
    let code = hq.code();
    let (enrolling, _) = begin(&hq, &code);
    let another = SigningKey::make(&mut os_random()).verify_key();
    let (certificate, directory) = (hq.certificate(another), hq.directory(another));
    let reply = EnrolReply::make(
        enrolling.request(),
        &hq.key_set,
        &certificate,
        &directory,
        &hq.online,
    )
    .encode();
    assert_eq!(
        enrolling.finish(&reply).unwrap_err(),
        IdentityError::WrongAddressee
    );
}

#[test]
fn a_key_set_that_the_root_did_not_sign_vouches_for_nobody() {
    let mut hq = hq();
    let code = hq.code();
    let (enrolling, _) = begin(&hq, &code);
    let impostor = SigningKey::make(&mut os_random());
    let fake = KeySet {
        keys: vec![impostor.verify_key()],
        ..hq.key_set.statement().clone()
    };
    hq.key_set = Signed::sign(fake, &impostor);
    hq.online = impostor;
    let reply = hq
        .answer(&enrolling.request().encode(), &code.derive_ticket())
        .unwrap();
    assert_eq!(enrolling.finish(&reply).unwrap_err(), IdentityError::Forged);
    assert_ne!(hq.root_key.verify_key(), hq.online.verify_key());
}

/// A test's chance that repeats itself.
struct Same;

impl Random for Same {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(3);
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_any_parser(bytes: Vec<u8>) {
        let key = SigningKey::from_seed(Secret::take(&mut [1; 32])).verify_key();
        let _ = EnrolRequest::parse(&bytes);
        let _ = EnrolReply::parse(&bytes);
        let _ = RootStatement::open(&bytes);
        let _ = Signed::<Directory>::open(&bytes, &key);
        let _ = Envelope::parse(&bytes);
        let _ = VaultHeader::parse(&bytes);
        let _ = SoftwareKeyProvider::parse(&bytes);
        let _ = MerkleProof::parse(&bytes);
    }

    #[test]
    fn no_signed_nonsense_panics_either(body: Vec<u8>) {
        let key = SigningKey::from_seed(Secret::take(&mut [1; 32]));
        let mut bytes = Writer::new();
        bytes.u8(0).bytes(&body).fixed(&key.sign(Domain::Directory, &body).0);
        let _ = Signed::<Directory>::open(&bytes.finish(), &key.verify_key());
        let mut bytes = Writer::new();
        bytes.u8(0).bytes(&body).fixed(&key.sign(Domain::KeySet, &body).0);
        let _ = Signed::<KeySet>::open(&bytes.finish(), &key.verify_key());
    }
}
