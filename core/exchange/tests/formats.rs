//! Golden files: made once by version 0 of each format, and only read ever after.
//!
//! `cargo test -p mooring-exchange --test formats -- --ignored` makes those that are missing and never touches one that is there.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of a test stop it where they fail"
)]

mod common;

use std::path::PathBuf;

use common::{AGENCY, NOW_MS, PHONE, Seeded, heavy_run, hq_key, key, key_set, responder};
use mooring_casefile::{Half, Run};
use mooring_exchange::*;
use mooring_identity::{
    DeviceCertificate, Directory, IdentityError, MerkleProof, RecipientKey, Secret, Signed,
};

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(format!("{name}.v0.bin"))
}

fn golden(name: &str) -> Vec<u8> {
    std::fs::read(path(name))
        .unwrap_or_else(|_| panic!("no golden file {name}: make it with --ignored"))
}

fn run() -> Run {
    heavy_run(1, 4, 20)
}

fn damaged_run() -> Run {
    let mut run = heavy_run(2, 2, 20);
    run.changes[1][40] ^= 1;
    run
}

fn push() -> SealedPush {
    let draft = PushDraft {
        agency: AGENCY,
        device: PHONE,
        epoch: 3,
        dev_seq: 4,
        prev: [5; 32],
        created_ms: NOW_MS,
    };
    SealedPush::make(&draft, &[run(), damaged_run()], &key(1), &mut Seeded(1)).unwrap()
}

fn mark(state: MarkState) -> RunMark {
    RunMark {
        key: RunKey::of(&run()),
        last_seq: 4,
        last: run().last,
        state,
    }
}

fn receipt() -> Receipt {
    Receipt {
        agency: AGENCY,
        device: PHONE,
        epoch: 3,
        dev_seq: 4,
        push: [6; 32],
        received_ms: NOW_MS,
        marks: vec![mark(MarkState::Received), mark(MarkState::Held(7))],
        refused: [
            RunFault::Malformed,
            RunFault::TooLarge,
            RunFault::ForeignHalf,
        ]
        .map(|fault| RefusedRun {
            key: RunKey::of(&damaged_run()),
            first_seq: 1,
            last_seq: 2,
            fault,
        })
        .to_vec(),
    }
}

fn assignment() -> Assignment {
    Assignment {
        agency: AGENCY,
        case: run().case,
        device: PHONE,
        access: Access::Standby,
        made_ms: NOW_MS,
    }
}

fn tombstone() -> Assignment {
    Assignment {
        access: Access::Shredded,
        ..assignment()
    }
}

fn request() -> Request {
    Request {
        cursor: 9,
        chunk: Some(Chunk {
            push_id: [1; 32],
            total: 10,
            offset: 2,
            bytes: vec![3; 8],
        }),
        ask: vec![RunKey {
            half: Half::Hq,
            ..RunKey::of(&run())
        }],
        check: vec![Have {
            key: RunKey::of(&run()),
            last_seq: 300,
            last: run().last,
        }],
        page: Some(PagePosition {
            until: 12,
            hash: [4; 32],
            offset: 5,
        }),
        audit: None,
        restored: None,
    }
}

fn acts() -> AuditActs {
    let act = |at_ms, kind, case| AuditAct { at_ms, kind, case };
    AuditActs {
        before: [6; 32],
        first: 3,
        acts: vec![act(NOW_MS, 1, None), act(NOW_MS + 1, 3, Some(run().case))],
        head: [8; 32],
    }
}

fn request_with_audit() -> Request {
    Request {
        audit: Some(acts()),
        ..request()
    }
}

fn restored() -> Restored {
    Restored {
        agency: AGENCY,
        device: PHONE,
        epoch: 3,
        dev_seq: 4,
        push: [5; 32],
        made_ms: NOW_MS,
    }
}

fn request_restored() -> Request {
    Request {
        restored: Some(Signed::sign(restored(), &key(1)).bytes().to_vec()),
        ..Request::default()
    }
}

fn reply_certificate() -> Reply {
    Reply::Answer(Answer {
        push: PushStatus::Nothing,
        fates: Vec::new(),
        page: None,
        audit: None,
        certificate: Some(vec![1, 2]),
    })
}

fn answers() -> Vec<(&'static str, Reply)> {
    let page = PageChunk {
        until: 12,
        hash: [4; 32],
        total: 6,
        offset: 5,
        bytes: vec![1],
        more: true,
    };
    let states = [MarkState::Merged, MarkState::Waiting, MarkState::Unknown]
        .map(mark)
        .to_vec();
    let answer = |push, page| {
        Reply::Answer(Answer {
            push,
            fates: states.clone(),
            page,
            audit: None,
            certificate: None,
        })
    };
    let out_of_order = PushRefusal::OutOfOrder {
        epoch: 1,
        next_seq: 2,
        prev: [3; 32],
    };
    let with_audit = Reply::Answer(Answer {
        push: PushStatus::Nothing,
        fates: vec![],
        page: None,
        certificate: None,
        audit: Some(acts().mark()),
    });
    vec![
        ("reply-audit", with_audit),
        ("reply-nothing", answer(PushStatus::Nothing, None)),
        (
            "reply-held",
            answer(
                PushStatus::Held {
                    push_id: [1; 32],
                    bytes: 7,
                },
                Some(page),
            ),
        ),
        (
            "reply-receipted",
            answer(PushStatus::Receipted(vec![1, 2, 3]), None),
        ),
        (
            "reply-out-of-order",
            answer(PushStatus::Refused(out_of_order), None),
        ),
        (
            "reply-skewed",
            Reply::Refused(Refusal::Skewed {
                challenge: vec![1, 2],
            }),
        ),
        ("reply-try-later", Reply::Refused(Refusal::TryLater)),
    ]
}

fn page() -> Page {
    let entries = [
        Entry::Run {
            who: responder(PHONE),
            run: run(),
        },
        Entry::Directory(vec![1]),
        Entry::KeySet(vec![2]),
        Entry::Assignment(vec![3]),
        Entry::Protocol {
            questionnaire: b"{}".to_vec(),
            rules: Some(b"[]".to_vec()),
        },
        Entry::Protocol {
            questionnaire: b"{}".to_vec(),
            rules: None,
        },
        Entry::Unreadable {
            kind: 77,
            bytes: vec![4],
        },
    ];
    let entries = (5..)
        .zip(entries)
        .map(|(cursor, entry)| PageEntry { cursor, entry })
        .collect();
    Page {
        after: 4,
        until: 11,
        entries,
    }
}

fn qr_part() -> Vec<u8> {
    cut_for_qr(b"case").unwrap().concat().into_bytes()
}

/// Pages of one entry that the first pages did not have.
fn page_of_keys() -> Page {
    page_of(Entry::SealingKeys(vec![5]))
}

fn page_of(entry: Entry) -> Page {
    Page {
        after: 11,
        until: 12,
        entries: vec![PageEntry { cursor: 12, entry }],
    }
}

fn sealed_to() -> RecipientKey {
    RecipientKey::from_seed(Secret::take(&mut [40; 32]))
}

fn outbox_upload() -> OutboxUpload {
    let head = OutboxHead {
        agency: AGENCY,
        device: PHONE,
        epoch: 3,
        made_ms: NOW_MS,
        serial: 4,
    };
    let to = sealed_to().recipient();
    let record = OutboxRecord::seal(head, &[run()], to, &key(1), &mut Seeded(2)).unwrap();
    let mut upload = OutboxUpload::default();
    assert!(upload.add(record.encode()));
    upload
}

fn outbox_receipt() -> OutboxReceipt {
    OutboxReceipt {
        agency: AGENCY,
        device: PHONE,
        received_ms: NOW_MS,
        changes: vec![run().last],
    }
}

fn voucher() -> RunVoucher {
    RunVoucher {
        agency: AGENCY,
        device: PHONE,
        epoch: 3,
        header: RunHeader::of(&run()),
    }
}

fn page_root() -> PageRoot {
    PageRoot {
        agency: AGENCY,
        runs: 2,
        root: [8; 32],
    }
}

/// One proof of each kind.
fn proofs() -> [(&'static str, RunProof); 2] {
    let device = RunProof::Device {
        certificate: vec![1, 2],
        voucher: Signed::sign(voucher(), &key(1)).bytes().to_vec(),
    };
    let path = MerkleProof {
        index: 1,
        leaves: 2,
        path: vec![[9; 32]],
    };
    let hq = RunProof::Hq {
        root: Signed::sign(page_root(), &hq_key()).bytes().to_vec(),
        salt: [10; 32],
        path,
        who: responder(PHONE),
        header: RunHeader::of(&run()),
    };
    [("proof-device", device), ("proof-hq", hq)]
}

fn certificate() -> DeviceCertificate {
    DeviceCertificate {
        agency: AGENCY,
        device: PHONE.bytes(),
        person: [7; 16],
        name: "Robin".into(),
        roles: 1,
        epoch: 3,
        key: key(1).verify_key(),
        issued_ms: NOW_MS,
    }
}

fn token() -> Vec<u8> {
    let key_set = Signed::sign(key_set(), &key(100));
    let certificate = Signed::sign(certificate(), &hq_key());
    let draft = TokenDraft {
        agency: AGENCY,
        device: PHONE,
        to: sealed_to().recipient(),
        certificate: certificate.bytes(),
        key_set: key_set.bytes(),
        made_ms: NOW_MS,
    };
    ShownToken::make(&draft, &key(1), &mut Seeded(5)).0
}

fn directory() -> Directory {
    Directory {
        agency: AGENCY,
        serial: 1,
        made_ms: 0,
        staff: Vec::new(),
        devices: Vec::new(),
    }
}

fn with_trust<T>(look: impl FnOnce(&Trust<'_>) -> T) -> T {
    let (keys, directory) = (key_set(), directory());
    look(&Trust {
        agency: AGENCY,
        root: key(100).verify_key(),
        keys: &keys,
        directory: &directory,
    })
}

fn bundle() -> Vec<u8> {
    let certificate = Signed::sign(certificate(), &hq_key()).bytes().to_vec();
    let proof = RunProof::Device {
        certificate: certificate.clone(),
        voucher: Signed::sign(voucher(), &key(1)).bytes().to_vec(),
    };
    let key_set = Signed::sign(key_set(), &key(100));
    let draft = BundleDraft {
        token: &with_trust(|trust| ShownToken::open(&token(), trust)).unwrap(),
        from: PHONE,
        certificate: &certificate,
        key_set: key_set.bytes(),
        case: run().case,
        runs: &[(run(), proof)],
        made_ms: NOW_MS,
    };
    seal_bundle(&draft, &key(1), &mut Seeded(6)).unwrap()
}

fn outbox_answer() -> OutboxAnswer {
    OutboxAnswer {
        key_set: vec![8],
        receipts: vec![Signed::sign(outbox_receipt(), &hq_key()).bytes().to_vec()],
        orders: vec![vec![9], vec![10, 11]],
    }
}

/// Formats whose every byte is fixed: written again they are the golden file.
fn exact() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![
        ("run", encode_run(&run())),
        ("run-raw", encode_run(&damaged_run())),
        ("run-header", RunHeader::of(&run()).encode()),
        (
            "receipt",
            Signed::sign(receipt(), &hq_key()).bytes().to_vec(),
        ),
        (
            "assignment",
            Signed::sign(assignment(), &hq_key()).bytes().to_vec(),
        ),
        (
            "assignment-shredded",
            Signed::sign(tombstone(), &hq_key()).bytes().to_vec(),
        ),
        (
            "outbox-receipt",
            Signed::sign(outbox_receipt(), &hq_key()).bytes().to_vec(),
        ),
        ("outbox-answer", outbox_answer().encode()),
        ("request", request().encode()),
        ("request-empty", Request::default().encode()),
        ("request-restored", request_restored().encode()),
        ("reply-certificate", reply_certificate().encode()),
        ("partner-token", token()),
        ("qr-part", qr_part()),
        ("request-audit", request_with_audit().encode()),
    ];
    all.extend(proofs().map(|(name, proof)| (name, proof.encode())));
    all.extend(
        answers()
            .into_iter()
            .map(|(name, reply)| (name, reply.encode())),
    );
    all
}

#[test]
#[ignore = "makes golden files that are missing; run it once for a new format"]
fn make_missing() {
    let packed = [
        ("push", push().bytes().to_vec()),
        ("page", page().encode()),
        ("page-sealing-keys", page_of_keys().encode()),
        ("page-lease", page_of(Entry::Lease(vec![6])).encode()),
        ("page-order", page_of(Entry::Order(vec![7])).encode()),
        ("outbox-upload", outbox_upload().encode()),
        ("page-proof", page_of(Entry::Proof(vec![8])).encode()),
        ("partner-bundle", bundle()),
    ];
    for (name, bytes) in exact().into_iter().chain(packed) {
        if !path(name).exists() {
            std::fs::write(path(name), bytes).unwrap();
        }
    }
}

#[test]
fn every_format_is_still_written_as_version_0_wrote_it() {
    for (name, bytes) in exact() {
        assert!(
            bytes == golden(name),
            "{name} is written otherwise: that is a new version"
        );
    }
}

#[test]
fn the_run_of_version_0_is_still_read() {
    assert!(decode_run(&golden("run")).unwrap() == run());
    assert_eq!(
        decode_run(&golden("run-raw")).unwrap_err(),
        IdentityError::Malformed
    );
}

#[test]
fn the_push_of_version_0_is_still_opened() {
    // Its bytes depend on zstd's version too; what they say does not.
    let opened = open_push(&golden("push"), AGENCY, PHONE, &key(1).verify_key()).unwrap();
    assert_eq!(opened.header.statement(), push().header());
    assert!(opened.runs.len() == 1 && opened.runs[0].run == run());
    assert_eq!(opened.refused[0].key, RunKey::of(&damaged_run()));
}

#[test]
fn the_sealed_records_of_version_0_are_still_opened() {
    let upload = OutboxUpload::parse(&golden("outbox-upload")).unwrap();
    let record = upload[0].as_ref().unwrap();
    assert_eq!(record.verify(AGENCY, &key(1).verify_key()), Ok(()));
    assert!(record.open(&sealed_to()).unwrap() == [run()]);
    let signed = Signed::<OutboxReceipt>::open(&golden("outbox-receipt"), &key_set()).unwrap();
    assert_eq!(signed.statement(), &outbox_receipt());
    let mut later = golden("outbox-upload");
    later[0] = 1;
    assert_eq!(
        OutboxUpload::parse(&later).unwrap_err(),
        IdentityError::TooNew
    );
}

#[test]
fn what_goes_from_phone_to_phone_in_version_0_is_still_believed() {
    let token = golden("partner-token");
    let shown = with_trust(|trust| ShownToken::open(&token, trust)).unwrap();
    assert_eq!(shown.certificate(), &certificate());
    assert_eq!(
        shown.token().nonce,
        token_of(&golden("partner-bundle")).unwrap()
    );
    let opened = with_trust(|trust| {
        let me = (PHONE, &sealed_to());
        open_bundle(&golden("partner-bundle"), &token, me, trust)
    });
    let opened = opened.unwrap();
    assert!(opened.runs.len() == 1 && opened.runs[0].run == run());
    for (name, proof) in proofs() {
        assert_eq!(RunProof::parse(&golden(name)), Ok(proof));
    }
    let part = String::from_utf8(golden("qr-part")).unwrap();
    assert_eq!(PartsHeld::default().take(&part), Ok(Some(b"case".to_vec())));
    for name in ["partner-token", "partner-bundle", "proof-device"] {
        let mut later = golden(name);
        later[0] = 1;
        let refused = [
            with_trust(|trust| ShownToken::open(&later, trust)).err(),
            with_trust(|trust| open_bundle(&later, &token, (PHONE, &sealed_to()), trust)).err(),
            RunProof::parse(&later).err().map(BundleFault::Identity),
        ];
        let too_new = Some(BundleFault::Identity(IdentityError::TooNew));
        assert_eq!(refused, [too_new; 3], "{name}");
    }
}

#[test]
fn the_answer_to_an_upload_of_version_0_is_still_read() {
    assert_eq!(
        OutboxAnswer::parse(&golden("outbox-answer")),
        Ok(outbox_answer())
    );
    let mut later = golden("outbox-answer");
    later[0] = 1;
    assert_eq!(OutboxAnswer::parse(&later), Err(IdentityError::TooNew));
}

#[test]
fn the_page_of_version_0_is_still_read() {
    assert!(Page::parse(&golden("page")).unwrap() == page());
    assert!(Page::parse(&golden("page-sealing-keys")).unwrap() == page_of_keys());
    let (lease, order) = (Entry::Lease(vec![6]), Entry::Order(vec![7]));
    assert!(Page::parse(&golden("page-lease")).unwrap() == page_of(lease));
    assert!(Page::parse(&golden("page-order")).unwrap() == page_of(order));
    let proof = Entry::Proof(vec![8]);
    assert!(Page::parse(&golden("page-proof")).unwrap() == page_of(proof));
}

#[test]
fn statements_of_version_0_are_still_believed() {
    let signed = Signed::<Receipt>::open(&golden("receipt"), &key_set()).unwrap();
    assert_eq!(signed.into_statement(), receipt());
    let signed = Signed::<Assignment>::open(&golden("assignment"), &key_set()).unwrap();
    assert_eq!(signed.into_statement(), assignment());
    let signed = Signed::<Assignment>::open(&golden("assignment-shredded"), &key_set()).unwrap();
    assert_eq!(signed.into_statement(), tombstone());
}

#[test]
fn requests_and_replies_of_version_0_are_still_read() {
    assert_eq!(Request::parse(&golden("request")), Ok(request()));
    assert_eq!(
        Request::parse(&golden("request-empty")),
        Ok(Request::default())
    );
    let said = Request::parse(&golden("request-restored")).unwrap();
    assert_eq!(said, request_restored());
    let said = Signed::<Restored>::open(&said.restored.unwrap(), &key(1).verify_key()).unwrap();
    assert_eq!(said.statement(), &restored());
    assert_eq!(
        Reply::parse(&golden("reply-certificate")),
        Ok(reply_certificate())
    );
    assert_eq!(
        Request::parse(&golden("request-audit")),
        Ok(request_with_audit())
    );
    for (name, reply) in answers() {
        assert_eq!(Reply::parse(&golden(name)), Ok(reply), "{name}");
    }
}

#[test]
fn a_later_version_of_any_format_is_too_new_and_never_guessed_at() {
    let later = |name: &str| {
        let mut bytes = golden(name);
        bytes[0] = 1;
        bytes
    };
    assert_eq!(
        decode_run(&later("run")).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        Request::parse(&later("request")),
        Err(IdentityError::TooNew)
    );
    assert_eq!(
        Reply::parse(&later("reply-held")),
        Err(IdentityError::TooNew)
    );
    assert_eq!(
        Page::parse(&later("page")).unwrap_err(),
        IdentityError::TooNew
    );
    assert_eq!(
        Signed::<Receipt>::open(&later("receipt"), &key_set()).unwrap_err(),
        IdentityError::TooNew
    );
    let push = open_push(&later("push"), AGENCY, PHONE, &key(1).verify_key());
    assert_eq!(push.unwrap_err(), IdentityError::TooNew);
}

#[test]
fn every_code_of_the_help_desk_is_its_own() {
    let mut codes = vec![
        Refusal::Malformed.code(),
        Refusal::TooNew.code(),
        Refusal::TooLarge.code(),
        Refusal::UnknownDevice.code(),
        Refusal::Forged.code(),
        Refusal::Replayed.code(),
        Refusal::Skewed { challenge: vec![] }.code(),
        Refusal::TryLater.code(),
        PushRefusal::Malformed.code(),
        PushRefusal::TooNew.code(),
        PushRefusal::TooLarge.code(),
        PushRefusal::Forged.code(),
        PushRefusal::WrongAddressee.code(),
        PushRefusal::OutOfOrder {
            epoch: 0,
            next_seq: 0,
            prev: [0; 32],
        }
        .code(),
        RunFault::Malformed.code(),
        RunFault::TooLarge.code(),
        RunFault::ForeignHalf.code(),
    ];
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count);
}
