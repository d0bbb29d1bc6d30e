//! Bundles as bytes: what proves a run, to whom, and what proves nothing.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the helpers of a test stop it where they fail"
)]

mod common;

use common::{AGENCY, NOW_MS, PHONE, Seeded, heavy_run, key, responder};
use mooring_casefile::{Attribution, DeviceId, Half, PersonId, Run};
use mooring_exchange::*;
use mooring_identity::{
    DeviceCertificate, DeviceEntry, Directory, IdentityError, KeySet, RecipientKey, Secret, Signed,
    SigningKey,
};

const PARTNER: DeviceId = DeviceId::new([2; 16]);

/// What two phones hold of the agency, and the root behind it.
struct Agency {
    root: SigningKey,
    keys: KeySet,
    directory: Directory,
}

impl Agency {
    fn new() -> Self {
        let mut agency = Self {
            root: key(100),
            keys: common::key_set(),
            directory: Directory {
                agency: AGENCY,
                serial: 1,
                made_ms: NOW_MS,
                staff: Vec::new(),
                devices: Vec::new(),
            },
        };
        for number in [1, 2] {
            agency.directory.devices.push(DeviceEntry {
                device: [number; 16],
                person: [7; 16],
                key: key(number).verify_key(),
                epoch: 3,
                revoked_at_seq: None,
            });
        }
        agency
    }

    fn trust(&self) -> Trust<'_> {
        Trust {
            agency: AGENCY,
            root: self.root.verify_key(),
            keys: &self.keys,
            directory: &self.directory,
        }
    }

    fn key_set(&self) -> Vec<u8> {
        Signed::sign(self.keys.clone(), &self.root).bytes().to_vec()
    }
}

fn said_of(number: u8) -> DeviceCertificate {
    DeviceCertificate {
        agency: AGENCY,
        device: [number; 16],
        person: [7; 16],
        name: "Robin".into(),
        roles: responder(PHONE).roles.bits(),
        epoch: 3,
        key: key(number).verify_key(),
        issued_ms: NOW_MS - 1,
    }
}

fn certificate(number: u8) -> Vec<u8> {
    Signed::sign(said_of(number), &common::hq_key())
        .bytes()
        .to_vec()
}

fn once() -> RecipientKey {
    RecipientKey::from_seed(Secret::take(&mut [50; 32]))
}

fn token(agency: &Agency) -> Vec<u8> {
    let draft = TokenDraft {
        agency: AGENCY,
        device: PARTNER,
        to: once().recipient(),
        certificate: &certificate(2),
        key_set: &agency.key_set(),
        made_ms: NOW_MS,
    };
    ShownToken::make(&draft, &key(2), &mut Seeded(3)).0
}

/// The phone's own word for a run, whatever it is worth.
fn vouched(run: &Run, by: u8) -> RunProof {
    let voucher = RunVoucher {
        agency: AGENCY,
        device: DeviceId::new([by; 16]),
        epoch: 3,
        header: RunHeader::of(run),
    };
    RunProof::Device {
        certificate: certificate(by),
        voucher: Signed::sign(voucher, &key(by)).bytes().to_vec(),
    }
}

fn bundle(agency: &Agency, runs: &[(Run, RunProof)]) -> Vec<u8> {
    let token = token(agency);
    let draft = BundleDraft {
        token: &ShownToken::open(&token, &agency.trust()).unwrap(),
        from: PHONE,
        certificate: &certificate(1),
        key_set: &agency.key_set(),
        case: runs[0].0.case,
        runs,
        made_ms: NOW_MS,
    };
    seal_bundle(&draft, &key(1), &mut Seeded(4)).unwrap()
}

fn open(agency: &Agency, bundle: &[u8]) -> Result<OpenedBundle, BundleFault> {
    open_bundle(bundle, &token(agency), (PARTNER, &once()), &agency.trust())
}

fn run() -> Run {
    heavy_run(1, 4, 20)
}

/// HQ's page with these runs, as a phone gets it.
fn page(runs: Vec<(Attribution, Run)>) -> Page {
    let mut entries: Vec<_> = (1..)
        .zip(runs)
        .map(|(cursor, (who, run))| PageEntry {
            cursor,
            entry: Entry::Run { who, run },
        })
        .collect();
    let until = entries.len() as u64;
    prove_page(&mut entries, (AGENCY, PHONE), (0, until), &common::hq_key());
    Page {
        after: 0,
        until,
        entries,
    }
}

fn from_hq(agency: &Agency, run: &Run, who: Attribution) -> RunProof {
    let other = heavy_run(2, 3, 20);
    let page = Page::parse(&page(vec![(responder(PHONE), other), (who, run.clone())]).encode());
    let proved = proved_runs(&page.unwrap(), AGENCY, &agency.keys);
    proved[1].proof.clone()
}

#[track_caller]
fn check_left_out(agency: &Agency, run: Run, proof: RunProof) {
    let good = (heavy_run(1, 2, 20), vouched(&heavy_run(1, 2, 20), 1));
    let opened = open(agency, &bundle(agency, &[good, (run, proof)])).unwrap();
    assert_eq!((opened.runs.len(), opened.left_out), (1, 1));
}

#[test]
fn a_run_is_its_authors_by_its_own_word_or_by_hqs() {
    let agency = Agency::new();
    let hqs = Attribution {
        device: DeviceId::HQ,
        person: PersonId::new([9; 16]),
        ..responder(PHONE)
    };
    let review = Run {
        half: Half::Hq,
        ..run()
    };
    let runs = [
        (run(), vouched(&run(), 1)),
        (review.clone(), from_hq(&agency, &review, hqs)),
    ];
    let opened = open(&agency, &bundle(&agency, &runs)).unwrap();
    let who: Vec<_> = opened.runs.iter().map(|given| given.who).collect();
    assert_eq!(who, [responder(PHONE), hqs]);
    assert_eq!(opened.left_out, 0);
    assert_eq!(opened.from, said_of(1));
}

#[test]
fn no_proof_speaks_for_another_run_another_author_or_hqs_half() {
    let agency = Agency::new();
    let other = heavy_run(3, 4, 20);
    let in_case = Run {
        case: run().case,
        ..other.clone()
    };
    // Another run's proof.
    check_left_out(&agency, run(), vouched(&in_case, 1));
    // Signed by a phone that is not the one it names.
    let RunProof::Device { voucher, .. } = vouched(&run(), 2) else {
        return;
    };
    let stolen = RunProof::Device {
        certificate: certificate(1),
        voucher,
    };
    check_left_out(&agency, run(), stolen);
    // HQ's half is HQ's alone.
    let review = Run {
        half: Half::Hq,
        ..run()
    };
    check_left_out(&agency, review.clone(), vouched(&review, 1));
    // HQ's word about a run names its writer: nobody else's name goes with it.
    let RunProof::Hq {
        root,
        salt,
        path,
        header,
        ..
    } = from_hq(&agency, &run(), responder(PHONE))
    else {
        return;
    };
    let renamed = RunProof::Hq {
        root,
        salt,
        path,
        who: responder(PARTNER),
        header,
    };
    check_left_out(&agency, run(), renamed);
    // Another case's run, well proved.
    check_left_out(&agency, other.clone(), vouched(&other, 1));
}

#[test]
fn a_longer_run_is_proved_by_its_end_and_a_hole_in_it_is_noticed() {
    let agency = Agency::new();
    let whole = run();
    let end = Run {
        first_seq: 3,
        changes: whole.changes[2..].to_vec(),
        ..whole.clone()
    };
    let proof = from_hq(&agency, &end, responder(PHONE));
    let opened = open(&agency, &bundle(&agency, &[(whole.clone(), proof.clone())])).unwrap();
    assert_eq!(opened.runs[0].run, whole);
    let mut forged = whole;
    forged.changes[0] = heavy_run(1, 4, 21).changes[0].clone();
    check_left_out(&agency, forged, proof);
}

#[test]
fn the_root_of_a_page_is_the_same_each_time_and_another_phones_is_another() {
    let runs = || vec![(responder(PHONE), run())];
    assert!(page(runs()).encode() == page(runs()).encode());
    let mut entries = vec![page(runs()).entries[0].clone()];
    prove_page(&mut entries, (AGENCY, PARTNER), (0, 1), &common::hq_key());
    assert!(entries != page(runs()).entries);
    // A page whose entries were changed on the way proves nothing, and is still a page.
    let agency = Agency::new();
    let mut changed = page(runs());
    changed.entries[0].entry = Entry::Run {
        who: responder(PARTNER),
        run: run(),
    };
    assert_eq!(proved_runs(&changed, AGENCY, &agency.keys), []);
}

#[test]
fn who_hq_took_back_gives_nothing_and_is_given_nothing() {
    let (before, mut agency) = (Agency::new(), Agency::new());
    let given = bundle(&before, &[(run(), vouched(&run(), 1))]);
    agency.directory.devices[0].revoked_at_seq = Some(4);
    assert_eq!(open(&agency, &given).err(), Some(BundleFault::Revoked));
    agency.directory.devices[1].revoked_at_seq = Some(4);
    let shown = ShownToken::open(&token(&before), &agency.trust());
    assert_eq!(shown.err(), Some(BundleFault::Revoked));
}

#[test]
fn a_phone_with_a_later_certificate_does_not_stand_for_an_earlier_one() {
    let (before, mut agency) = (Agency::new(), Agency::new());
    let given = bundle(&before, &[(run(), vouched(&run(), 1))]);
    agency.directory.devices[0].epoch = 4;
    assert_eq!(open(&agency, &given).err(), Some(BundleFault::Revoked));
    // Not in the list, and older than it: it was taken out. Not in the list and newer: it enrolled since.
    let mut agency = Agency::new();
    agency.directory.devices.remove(0);
    assert_eq!(open(&agency, &given).err(), Some(BundleFault::Revoked));
    agency.directory.made_ms = NOW_MS - 2;
    assert!(open(&agency, &given).is_ok());
}

#[test]
fn a_revoked_authors_own_word_is_no_proof_and_hqs_is() {
    let mut agency = Agency::new();
    let author = |number| Attribution {
        device: DeviceId::new([number; 16]),
        ..responder(PHONE)
    };
    agency.directory.devices.push(DeviceEntry {
        device: [3; 16],
        person: [7; 16],
        key: key(3).verify_key(),
        epoch: 3,
        revoked_at_seq: Some(1),
    });
    check_left_out(&agency, run(), vouched(&run(), 3));
    let proof = from_hq(&agency, &run(), author(3));
    let opened = open(&agency, &bundle(&agency, &[(run(), proof)])).unwrap();
    assert_eq!(opened.runs[0].who, author(3));
}

#[test]
fn another_agencys_papers_prove_nothing_here() {
    let ours = Agency::new();
    let mut theirs = Agency::new();
    theirs.keys.keys = vec![key(77).verify_key()];
    theirs.keys.serial = 9;
    theirs.root = key(78);
    let shown = ShownToken::open(&token(&ours), &theirs.trust());
    assert_eq!(
        shown.err(),
        Some(BundleFault::Identity(IdentityError::Forged))
    );
    // A key set that comes along counts only if our root certified it.
    let newest = ours.trust().newest_keys(&theirs.key_set());
    assert_eq!(newest, ours.keys);
}

#[test]
fn keys_that_the_root_certified_later_come_along() {
    let mut newer = Agency::new();
    newer.keys.serial = 2;
    newer.keys.keys.push(key(77).verify_key());
    let older = Agency::new();
    assert_eq!(older.trust().newest_keys(&newer.key_set()), newer.keys);
    assert_eq!(newer.trust().newest_keys(&older.key_set()), newer.keys);
}

#[test]
fn two_who_built_on_each_other_are_taken_in_turn() {
    let run = run();
    let pieces = in_turn(run.clone());
    assert_eq!(
        pieces,
        std::slice::from_ref(&run),
        "one writer's run stays whole"
    );
    let mut broken = run;
    broken.changes[1][40] ^= 1;
    assert_eq!(in_turn(broken.clone()), [broken]);
}
