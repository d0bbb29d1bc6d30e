//! Golden files: made once by version 0 of each format, and only read ever after.
//!
//! `cargo test -p mooring-identity --test formats -- --ignored` makes those that are missing and never touches one that is there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of a test stop it where they fail"
)]

use std::path::PathBuf;

use mooring_identity::*;

const AGENCY: AgencyId = AgencyId([9; 32]);
const SEALED: Purpose = Purpose::new("mooring.test.sealed");
const PIN: &[u8] = b"271828";

/// A test's chance that repeats itself.
struct Same(u8);

impl Random for Same {
    fn fill(&mut self, out: &mut [u8]) {
        self.0 += 1;
        out.fill(self.0);
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("{}.bin", versioned(name)))
}

/// A format's first version goes by its bare name here.
fn versioned(name: &str) -> String {
    if name.contains(".v") {
        name.to_owned()
    } else {
        format!("{name}.v0")
    }
}

fn golden(name: &str) -> Vec<u8> {
    std::fs::read(path(name))
        .unwrap_or_else(|_| panic!("no golden file {name}: make it with --ignored"))
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::take(&mut [seed; 32]))
}

fn root() -> Signed<RootStatement> {
    let root = RootStatement {
        name: "Harbor County".into(),
        root: key(1).verify_key(),
        tls_ca_der: vec![1],
        made_ms: 1,
    };
    Signed::sign(root, &key(1))
}

fn key_set() -> KeySet {
    KeySet {
        agency: AGENCY,
        serial: 3,
        made_ms: 4,
        keys: vec![key(2).verify_key(), key(3).verify_key()],
    }
}

fn certificate() -> DeviceCertificate {
    let (name, key) = ("Robin".into(), key(4).verify_key());
    DeviceCertificate {
        agency: AGENCY,
        device: [1; 16],
        person: [2; 16],
        name,
        roles: 5,
        epoch: 6,
        key,
        issued_ms: 7,
    }
}

fn directory() -> Directory {
    let device = |revoked_at_seq| DeviceEntry {
        device: [1; 16],
        person: [2; 16],
        key: key(4).verify_key(),
        epoch: 6,
        revoked_at_seq,
    };
    let staff = vec![StaffEntry {
        person: [2; 16],
        name: "Robin".into(),
        roles: 5,
    }];
    Directory {
        agency: AGENCY,
        serial: 8,
        made_ms: 9,
        staff,
        devices: vec![device(None), device(Some(10))],
    }
}

fn pack() -> PackStatement {
    let entry = |name: &str, byte| PackEntry {
        name: name.to_owned(),
        sha256: [byte; 32],
    };
    PackStatement {
        agency: AGENCY,
        serial: 14,
        made_ms: 15,
        files: vec![entry("a.questionnaire.json", 1), entry("a.rules.json", 2)],
    }
}

fn envelope() -> Envelope {
    let direction = Direction::Request;
    Envelope {
        direction,
        agency: AGENCY,
        device: [1; 16],
        nonce: [2; 16],
        time_ms: -3,
        challenge: vec![4, 5],
    }
}

fn code() -> EnrolmentCode {
    EnrolmentCode::make("https://hq.example:8443", AGENCY, &mut Same(0)).unwrap()
}

fn enrolling() -> Enrolling {
    Enrolling::begin(&code().derive_ticket(), root(), &key(4), 11, &mut Same(0))
}

fn enrol_reply() -> EnrolReply {
    let set = Signed::sign(key_set(), &key(1));
    let (certificate, directory) = (
        Signed::sign(certificate(), &key(2)),
        Signed::sign(directory(), &key(2)),
    );
    EnrolReply::make(
        enrolling().request(),
        &set,
        &certificate,
        &directory,
        &key(2),
    )
}

fn recipient(seed: u8) -> RecipientKey {
    RecipientKey::from_seed(Secret::take(&mut [seed; 32]))
}

fn custodians() -> [Recipient; 2] {
    [recipient(41).recipient(), recipient(42).recipient()]
}

fn sealing_keys() -> SealingKeys {
    SealingKeys {
        agency: AGENCY,
        serial: 15,
        made_ms: 16,
        hq: recipient(40).recipient(),
        custodians: Some(custodians()),
    }
}

fn lease() -> Lease {
    Lease {
        agency: AGENCY,
        device: [1; 16],
        made_ms: 17,
        holds_ms: Lease::USUAL_MS,
    }
}

fn checkpoint() -> AuditCheckpoint {
    AuditCheckpoint {
        agency: AGENCY,
        row: 32,
        hash: [7; 32],
        made_ms: 6,
    }
}

fn order() -> Order {
    Order {
        agency: AGENCY,
        device: [1; 16],
        made_ms: 18,
        what: Ordered::Wipe,
    }
}

fn recovery_request() -> RecoveryRequest {
    vault().0.ask_recovery(&mut Same(50)).unwrap().0
}

fn vault() -> (VaultHeader, VaultKey, SoftwareKeyProvider) {
    let mut provider = SoftwareKeyProvider::make(&mut Same(0));
    let (mut header, key) =
        VaultHeader::make(PIN, KdfParams::trying_out(), &mut provider, &mut Same(9)).unwrap();
    let at = TriedAt {
        boot_id: [3; 16],
        uptime_ms: 14,
    };
    let _ = header.count_attempt(0, at);
    let header = header
        .add_biometric(&key, &mut provider, &mut Same(20))
        .unwrap()
        .add_recovery(&key, custodians(), &mut Same(30))
        .unwrap();
    (header, key, provider)
}

fn challenge() -> Challenge {
    Challenge {
        agency: AGENCY,
        device: [1; 16],
        time_ms: 12,
        salt: [13; 16],
    }
}

fn all() -> Vec<(&'static str, Vec<u8>)> {
    let (header, vault_key, provider) = vault();
    let proof = MerkleProof {
        index: 1,
        leaves: 3,
        path: vec![[1; 32], [2; 32]],
    };
    vec![
        ("root", root().bytes().to_vec()),
        ("key-set", Signed::sign(key_set(), &key(1)).bytes().to_vec()),
        (
            "certificate",
            Signed::sign(certificate(), &key(2)).bytes().to_vec(),
        ),
        (
            "directory",
            Signed::sign(directory(), &key(2)).bytes().to_vec(),
        ),
        (
            "challenge",
            Signed::sign(challenge(), &key(2)).bytes().to_vec(),
        ),
        ("pack", Signed::sign(pack(), &key(2)).bytes().to_vec()),
        ("envelope", envelope().seal(b"body", &key(4))),
        ("code", code().to_string().into_bytes()),
        ("enrol-request", enrolling().request().encode()),
        ("enrol-reply", enrol_reply().encode()),
        ("vault-header.v1", header.encode()),
        (
            "vault-database-key",
            vault_key.derive_database_key().expose().to_vec(),
        ),
        ("software-keystore", provider.export().to_vec()),
        (
            "sealed",
            SealKey::new(Secret::take(&mut [7; 32]), SEALED).seal(b"row", b"plain", &mut Same(0)),
        ),
        (
            "password",
            hash_password(b"harbor lights", KdfParams::trying_out(), &mut Same(0)).into_bytes(),
        ),
        ("merkle-proof", proof.encode()),
        (
            "sealing-keys",
            Signed::sign(sealing_keys(), &key(1)).bytes().to_vec(),
        ),
        ("lease", Signed::sign(lease(), &key(2)).bytes().to_vec()),
        ("order", Signed::sign(order(), &key(2)).bytes().to_vec()),
        (
            "audit-checkpoint",
            Signed::sign(checkpoint(), &key(2)).bytes().to_vec(),
        ),
        (
            "recipient-sealed",
            recipient(40)
                .recipient()
                .seal(SEALED, b"row", b"plain", &mut Same(0))
                .unwrap(),
        ),
        ("recovery-request", recovery_request().encode()),
    ]
}

#[test]
#[ignore = "makes golden files that are missing; run it once for a new format"]
fn make_missing() {
    for (name, bytes) in all() {
        if !path(name).exists() {
            std::fs::write(path(name), bytes).unwrap();
        }
    }
}

#[test]
fn every_format_is_still_written_as_version_0_wrote_it() {
    for (name, bytes) in all() {
        assert!(
            bytes == golden(name),
            "{name} is written otherwise: that is a new version"
        );
    }
}

#[test]
fn statements_of_version_0_are_still_believed() {
    assert_eq!(RootStatement::open(&golden("root")).unwrap(), root());
    let (root, hq) = (key(1).verify_key(), key(2).verify_key());
    assert_eq!(
        Signed::open(&golden("key-set"), &root).map(Signed::into_statement),
        Ok(key_set())
    );
    assert_eq!(
        Signed::open(&golden("certificate"), &hq).map(Signed::into_statement),
        Ok(certificate())
    );
    assert_eq!(
        Signed::open(&golden("directory"), &hq).map(Signed::into_statement),
        Ok(directory())
    );
    assert_eq!(
        Signed::open(&golden("pack"), &hq).map(Signed::into_statement),
        Ok(pack())
    );
    assert_eq!(
        Signed::open(&golden("challenge"), &hq).map(Signed::into_statement),
        Ok(challenge())
    );
    assert_eq!(
        Signed::open(&golden("lease"), &hq).map(Signed::into_statement),
        Ok(lease())
    );
    assert_eq!(
        Signed::open(&golden("order"), &hq).map(Signed::into_statement),
        Ok(order())
    );
    assert_eq!(
        Signed::open(&golden("audit-checkpoint"), &hq).map(Signed::into_statement),
        Ok(checkpoint())
    );
    assert_eq!(
        Signed::open(&golden("sealing-keys"), &root).map(Signed::into_statement),
        Ok(sealing_keys())
    );
}

#[test]
fn an_envelope_of_version_0_is_still_believed() {
    let bytes = golden("envelope");
    let open = Envelope::parse(&bytes).unwrap();
    let (read, body) = open
        .verify(Direction::Request, AGENCY, &key(4).verify_key())
        .unwrap();
    assert_eq!((read, body), (envelope(), b"body".as_slice()));
}

#[test]
fn enrolment_of_version_0_still_works() {
    let code = EnrolmentCode::parse(&String::from_utf8(golden("code")).unwrap()).unwrap();
    assert_eq!(code.address(), "https://hq.example:8443");
    let request = EnrolRequest::parse(&golden("enrol-request")).unwrap();
    assert_eq!(request.check(&code.derive_ticket(), &root()), Ok(()));
    assert_eq!(EnrolReply::parse(&golden("enrol-reply")), Ok(enrol_reply()));
}

/// The header of each version, by PIN, and the one attempt that each has counted.
#[track_caller]
fn check_vault(name: &str) -> (VaultHeader, SoftwareKeyProvider) {
    let mut provider = SoftwareKeyProvider::parse(&golden("software-keystore")).unwrap();
    let header = VaultHeader::parse(&golden(name)).unwrap();
    assert_eq!(header.attempts(0), 1);
    assert!(
        header.encode() == golden(name),
        "a header that nobody changed is written as it was read"
    );
    let hardware = header.unwrap_hardware(&mut provider).unwrap();
    check_key(&header.unlock(PIN, &hardware).unwrap());
    (header, provider)
}

#[track_caller]
fn check_key(key: &VaultKey) {
    assert_eq!(
        key.derive_database_key().expose().as_slice(),
        golden("vault-database-key")
    );
}

#[test]
fn a_vault_of_version_0_still_opens() {
    check_vault("vault-header");
}

#[test]
fn a_vault_of_version_1_still_opens_by_each_of_its_slots() {
    let (header, mut provider) = check_vault("vault-header.v1");
    check_key(&header.unlock_biometric(&mut provider).unwrap());
    let (request, asked) = header.ask_recovery(&mut Same(60)).unwrap();
    let half = request.open_outer(&recipient(41)).unwrap();
    let answer = half.answer(&recipient(42), &mut Same(70)).unwrap();
    check_key(&asked.finish(&answer).unwrap());
}

#[test]
fn a_recovery_request_of_version_0_is_still_read() {
    let request = RecoveryRequest::parse(&golden("recovery-request")).unwrap();
    assert_eq!(request.words(), recovery_request().words());
    assert!(request.open_outer(&recipient(41)).is_ok());
}

#[test]
fn what_version_0_sealed_still_opens() {
    let key = SealKey::new(Secret::take(&mut [7; 32]), SEALED);
    assert_eq!(
        key.open(b"row", &golden("sealed")).unwrap().as_slice(),
        b"plain"
    );
    assert_eq!(
        recipient(40)
            .open(SEALED, b"row", &golden("recipient-sealed"))
            .unwrap()
            .as_slice(),
        b"plain"
    );
    let stored = String::from_utf8(golden("password")).unwrap();
    assert_eq!(
        check_password(b"harbor lights", &stored, KdfParams::trying_out()),
        Ok(PasswordCheck::Right)
    );
}

#[test]
fn a_later_version_of_any_format_is_too_new_and_never_guessed_at() {
    let later = |name: &str, at: usize| {
        let mut bytes = golden(name);
        bytes[at] = 1;
        bytes
    };
    assert_eq!(
        RootStatement::open(&later("root", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        Envelope::parse(&later("envelope", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        EnrolRequest::parse(&later("enrol-request", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        EnrolReply::parse(&later("enrol-reply", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        SoftwareKeyProvider::parse(&later("software-keystore", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        MerkleProof::parse(&later("merkle-proof", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        VaultHeader::parse(&{
            let mut bytes = golden("vault-header.v1");
            bytes[8] = 2;
            bytes
        })
        .unwrap_err(),
        UnlockError::TooNew
    );
    assert_eq!(
        RecoveryRequest::parse(&later("recovery-request", 0)).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        recipient(40)
            .open(SEALED, b"row", &later("recipient-sealed", 0))
            .unwrap_err(),
        IdentityError::TooNew
    );
    let key = SealKey::new(Secret::take(&mut [7; 32]), SEALED);
    assert_eq!(
        key.open(b"row", &later("sealed", 0)).unwrap_err(),
        IdentityError::TooNew
    );
}
