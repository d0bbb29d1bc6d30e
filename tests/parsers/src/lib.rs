//! Every parser that meets bytes from outside, as a function over bytes that must not panic. The fuzzers in `fuzz/` and the
//! seeded run in this crate's tests call the same ones.

use mooring_casefile::{
    Actor, Attribution, CaseFile, CaseId, ChangeId, DeviceId, Half, PersonId, Roles, Run, Snapshot,
    Stored, StoredHalf,
};
use mooring_exchange::{
    Assignment, OutboxReceipt, OutboxRecord, OutboxUpload, Page, PartsHeld, PushHeader, Receipt,
    Reply, Request, RunProof, RunVoucher, SealedPush, ShownToken, Trust, cut_for_qr, decode_run,
    encode_run, open_bundle, open_push, proved_runs, token_of,
};
use mooring_identity::{
    AgencyId, DeviceCertificate, Directory, EnrolReply, EnrolRequest, EnrolmentCode, Envelope,
    IdentityError, KeySet, Lease, MerkleProof, Order, PackStatement, RecipientKey, RecoveryRequest,
    RootStatement, SealingKeys, Secret, Signature, Signed, SoftwareKeyProvider, Statement,
    VaultHeader, Verifies, VerifyKey,
};
use mooring_protocol::pack::Pack;
use mooring_protocol::{Answer, AnswerPath, Protocol, Sheet, starter_pack};
use std::sync::LazyLock;
use uuid::Uuid;

/// A parser by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("change", change),
    ("snapshot", snapshot),
    ("run", run),
    ("push", push),
    ("request", request),
    ("reply", reply),
    ("page", page),
    ("envelope", envelope),
    ("signed", signed),
    ("enrolment", enrolment),
    ("vault_header", vault_header),
    ("texts", texts),
    ("protocol", protocol),
    ("expression", expression),
    ("response", response),
    ("statement", statement),
    ("outbox", outbox),
    ("recovery", recovery),
    ("partner", partner),
];

const KEY: VerifyKey = VerifyKey([3; 32]);

const WHO: Attribution = Attribution {
    device: DeviceId::new([2; 16]),
    person: PersonId::new([1; 16]),
    roles: Roles::NONE,
};

fn case() -> CaseId {
    CaseId::derive(1_764_000_000_000, [7; 10])
}

/// One change, through the guard, as a run of one.
pub fn change(bytes: &[u8]) {
    let run = Run {
        case: case(),
        half: Half::Field,
        actor: Actor::new([5; 16]),
        first_seq: 1,
        last_seq: 1,
        last: ChangeId::new([0; 32]),
        changes: vec![bytes.to_vec()],
    };
    CaseFile::new(case()).merge(&run, &WHO);
}

/// A half as it is kept.
pub fn snapshot(bytes: &[u8]) {
    let half = |bytes: &[u8]| StoredHalf {
        snapshot: Some(Snapshot {
            bytes: bytes.to_vec(),
            heads: Vec::new(),
        }),
        changes: vec![bytes.to_vec()],
    };
    let stored = Stored {
        case: case(),
        field: half(bytes),
        hq: StoredHalf::default(),
        who: Vec::new(),
    };
    let _ = CaseFile::open(&stored);
}

/// A run as HQ keeps it: what it reads, it writes again, and that reads the same.
pub fn run(bytes: &[u8]) {
    if let Ok(run) = decode_run(bytes) {
        assert!(decode_run(&encode_run(&run)) == Ok(run));
    }
}

/// A push, at HQ and where the phone stored it.
pub fn push(bytes: &[u8]) {
    let _ = open_push(bytes, AgencyId([4; 32]), WHO.device, &KEY);
    let _ = SealedPush::parse(bytes.to_vec());
}

/// A phone's request: it has one spelling only.
pub fn request(bytes: &[u8]) {
    if let Ok(request) = Request::parse(bytes) {
        assert!(request.encode() == bytes);
    }
}

/// HQ's answer.
pub fn reply(bytes: &[u8]) {
    let _ = Reply::parse(bytes);
}

/// A page of the feed.
pub fn page(bytes: &[u8]) {
    let _ = Page::parse(bytes);
}

/// The envelope around both.
pub fn envelope(bytes: &[u8]) {
    let _ = Envelope::parse(bytes);
}

/// Whatever HQ signs.
pub fn signed(bytes: &[u8]) {
    let _ = RootStatement::open(bytes);
    let _ = Signed::<KeySet>::open(bytes, &KEY);
    let _ = Signed::<DeviceCertificate>::open(bytes, &KEY);
    let _ = Signed::<Directory>::open(bytes, &KEY);
    let _ = MerkleProof::parse(bytes);
}

/// Both sides of enrolment.
pub fn enrolment(bytes: &[u8]) {
    let _ = EnrolRequest::parse(bytes);
    let _ = EnrolReply::parse(bytes);
}

/// What lies beside the vault.
pub fn vault_header(bytes: &[u8]) {
    let _ = VaultHeader::parse(bytes);
    let _ = SoftwareKeyProvider::parse(bytes);
}

/// Texts: an answer, a path, an enrolment code. What is an answer or a path has one spelling.
pub fn texts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(answer) = Answer::decode(&text) {
        assert!(Answer::decode(&answer.encode()) == Ok(answer));
    }
    if let Ok(path) = text.parse::<AnswerPath>() {
        assert!(path.to_string().parse() == Ok(path));
    }
    let _ = EnrolmentCode::parse(&text);
}

/// A questionnaire, alone and as the rules beside itself; and a pack's index.
pub fn protocol(bytes: &[u8]) {
    let _ = Protocol::parse(bytes, None);
    let _ = Protocol::parse(bytes, Some(bytes));
    let _ = Pack::parse(bytes);
}

/// Whoever signed it: so that what stands under a signature is read as well.
struct Anybody;

impl Verifies for Anybody {
    fn verify(
        &self,
        _: mooring_identity::Domain,
        _: &[u8],
        _: &Signature,
    ) -> Result<(), IdentityError> {
        Ok(())
    }
}

/// A statement has one spelling.
fn said<T: Statement>(bytes: &[u8]) {
    if let Ok(signed) = Signed::<T>::open(bytes, &Anybody) {
        assert!(signed.bytes() == bytes);
    }
}

/// Every kind of statement, as if its signature held.
pub fn statement(bytes: &[u8]) {
    said::<KeySet>(bytes);
    said::<SealingKeys>(bytes);
    said::<DeviceCertificate>(bytes);
    said::<Directory>(bytes);
    said::<Lease>(bytes);
    said::<Order>(bytes);
    said::<PackStatement>(bytes);
    said::<PushHeader>(bytes);
    said::<Receipt>(bytes);
    said::<Assignment>(bytes);
    said::<OutboxReceipt>(bytes);
}

/// What comes sealed has one spelling. What is inside was sealed by whoever could sign it.
pub fn outbox(bytes: &[u8]) {
    if let Ok(record) = OutboxRecord::parse(bytes) {
        assert!(record.encode() == bytes);
    }
    let _ = OutboxUpload::parse(bytes);
}

/// A question to the custodians, from a phone that anybody may hold.
pub fn recovery(bytes: &[u8]) {
    if let Ok(request) = RecoveryRequest::parse(bytes) {
        assert!(request.encode() == bytes);
    }
}

static PROTOCOL: LazyLock<Option<Protocol>> = LazyLock::new(|| starter_pack().into_iter().next());

/// An expression, read and worked out over a form without answers.
pub fn expression(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(protocol) = PROTOCOL.as_ref() {
        let _ = protocol.evaluate(&text, None, &Sheet::new());
    }
}

/// A response to a questionnaire.
pub fn response(bytes: &[u8]) {
    if let Some(protocol) = PROTOCOL.as_ref() {
        let _ = protocol.read_response(bytes, None, &mut || Uuid::nil());
    }
}

/// What goes from phone to phone: token, bundle, proof, parts. A proof has one spelling.
pub fn partner(bytes: &[u8]) {
    let agency = AgencyId([4; 32]);
    let keys = KeySet {
        agency,
        serial: 1,
        made_ms: 0,
        keys: vec![KEY],
    };
    let directory = Directory {
        agency,
        serial: 1,
        made_ms: 0,
        staff: Vec::new(),
        devices: Vec::new(),
    };
    let trust = Trust {
        agency,
        root: KEY,
        keys: &keys,
        directory: &directory,
    };
    let _ = ShownToken::open(bytes, &trust);
    let _ = token_of(bytes);
    let key = RecipientKey::from_seed(Secret::take(&mut [5; 32]));
    let _ = open_bundle(bytes, b"token", (WHO.device, &key), &trust);
    if let Ok(proof) = RunProof::parse(bytes) {
        assert!(proof.encode() == bytes);
    }
    let _ = Signed::<RunVoucher>::open(bytes, &KEY);
    if let Ok(page) = Page::parse(bytes) {
        let _ = proved_runs(&page, agency, &keys);
    }
    let _ = PartsHeld::default().take(&String::from_utf8_lossy(bytes));
    if let Ok([only]) = cut_for_qr(bytes).as_deref() {
        assert!(PartsHeld::default().take(only) == Ok(Some(bytes.to_vec())));
    }
}
