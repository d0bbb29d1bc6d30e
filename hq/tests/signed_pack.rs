//! A signed pack: what version 0 wrote is still believed, and nothing that anybody changed is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that does not get on should say where at once"
)]

use std::path::{Path, PathBuf};

use mooring_hq::pack::{NotBuilt, Signer, build, verify};
use mooring_identity::{
    AgencyId, IdentityError, KeySet, RootStatement, Secret, Signed, SigningKey,
};

const QUESTIONNAIRE: &str = r#"{"resourceType": "Questionnaire", "id": "two", "status": "active",
    "item": [{"linkId": "plan", "type": "boolean"}]}"#;
const RULES: &str = r#"{"version": 0, "not_validated": true, "rules": [{"id": "plan", "domain": "suicide",
    "level": "high", "when": {"yes": "plan"}, "reason": "A plan", "source": "policy", "policy": true}]}"#;
const MADE_MS: i64 = 1_764_000_000_000;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::take(&mut [seed; 32]))
}

/// The agency of root key 1 with online key 2, and what `signing` signs with.
fn signer(signing: u8) -> Option<Signer> {
    let root = RootStatement {
        name: "Harbor County".into(),
        root: key(1).verify_key(),
        tls_ca_der: vec![1],
        made_ms: 1,
    };
    let key_set = KeySet {
        agency: AgencyId::of(&key(1).verify_key()),
        serial: 1,
        made_ms: 1,
        keys: vec![key(2).verify_key()],
    };
    Signer::new(
        Signed::sign(root, &key(1)),
        Signed::sign(key_set, &key(1)),
        key(signing),
    )
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("two.questionnaire.json", QUESTIONNAIRE);
    write("two.rules.json", RULES);
    write("numbers.txt", "the on-call number goes here");
    folder
}

fn built(folder: &Path) -> Vec<u8> {
    build(folder, &signer(2).unwrap(), 7, MADE_MS).unwrap()
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/pack.v0.bin")
}

#[test]
fn a_pack_of_version_0_is_still_written_and_believed() {
    let folder = folder();
    let bytes = built(folder.path());
    if std::env::var_os("UPDATE_GOLDEN").is_some() && !golden().exists() {
        std::fs::create_dir_all(golden().parent().unwrap()).unwrap();
        std::fs::write(golden(), &bytes).unwrap();
    }
    let kept = std::fs::read(golden()).unwrap();
    assert!(bytes == kept, "written otherwise: that is a new version");
    let verified = verify(&kept).unwrap();
    assert_eq!(verified.agency, AgencyId::of(&key(1).verify_key()));
    assert_eq!((verified.serial, verified.made_ms), (7, MADE_MS));
    let names: Vec<&str> = verified
        .files
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        ["numbers.txt", "two.questionnaire.json", "two.rules.json"]
    );
    assert_eq!(verified.checked.faults, []);
}

#[test]
fn a_later_version_is_too_new_and_never_guessed_at() {
    let mut bytes = built(folder().path());
    bytes[0] = 1;
    assert_eq!(verify(&bytes).err(), Some(IdentityError::TooNew));
}

#[test]
fn no_byte_can_be_changed_added_or_taken_away() {
    let bytes = built(folder().path());
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(verify(&changed).is_err(), "byte {at}");
        assert!(verify(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(verify(&[bytes.as_slice(), &[0]].concat()).is_err());
}

#[test]
fn a_key_that_the_root_does_not_vouch_for_signs_nothing() {
    assert!(signer(3).is_none());
}

#[test]
fn a_folder_with_a_fault_becomes_no_pack() {
    let folder = folder();
    std::fs::write(folder.path().join("lost.rules.json"), RULES).unwrap();
    let refused = build(folder.path(), &signer(2).unwrap(), 7, MADE_MS);
    assert!(matches!(refused, Err(NotBuilt::Faults(found)) if found.faults.len() == 1));
}

#[test]
fn a_link_that_leads_out_of_the_folder_becomes_no_pack() {
    let folder = folder();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("hostname")).unwrap();
    let refused = build(folder.path(), &signer(2).unwrap(), 7, MADE_MS);
    assert!(matches!(refused, Err(NotBuilt::Folder(_))));
}
