//! What was captured before enrolment is pinned to who enrolled: whoever the phone is certified for later did not write it.

use crate::device::Device;
use crate::seams::Seams;
use crate::vault::sql::actors::{self, Hand};
use crate::vault::sql::facts::{self, Fact};
use mooring_casefile::{CaseId, Now, PersonId, Role, Roles};
use mooring_identity::{
    AgencyId, DeviceCertificate, Directory, EnrolReply, EnrolRequest, EnrolmentCode, KdfParams,
    KeySet, RootStatement, Signed, SigningKey, SoftwareKeyProvider, os_random,
};
use tempfile::TempDir;

pub(crate) const PIN: &[u8] = b"271828";
pub(crate) const ROBIN: [u8; 16] = [101; 16];
const KIM: [u8; 16] = [102; 16];

pub(crate) fn at(ms: i64) -> Now {
    Now {
        wall_ms: 1_760_000_000_000 + ms,
        uptime_ms: u64::try_from(ms).unwrap(),
        boot_id: [7; 16],
    }
}

/// As much of an HQ as it takes to certify a phone.
pub(crate) struct Hq {
    online: SigningKey,
    root: Signed<RootStatement>,
    key_set: Signed<KeySet>,
}

impl Hq {
    pub(crate) fn new() -> Self {
        let [root_key, online] = [(); 2].map(|()| SigningKey::make(&mut os_random()));
        let root = RootStatement {
            name: "Harbor County".into(),
            root: root_key.verify_key(),
            tls_ca_der: vec![1],
            made_ms: 1,
        };
        let key_set = KeySet {
            agency: root.agency(),
            serial: 1,
            made_ms: 1,
            keys: vec![online.verify_key()],
        };
        Self {
            root: Signed::sign(root, &root_key),
            key_set: Signed::sign(key_set, &root_key),
            online,
        }
    }

    fn agency(&self) -> AgencyId {
        self.root.statement().agency()
    }

    fn certify(&self, request: &EnrolRequest, person: [u8; 16]) -> Signed<DeviceCertificate> {
        let certificate = DeviceCertificate {
            agency: self.agency(),
            device: [1; 16],
            person,
            name: "somebody".into(),
            roles: Roles::NONE.with(Role::Responder).bits(),
            epoch: 0,
            key: request.key,
            issued_ms: 5,
        };
        Signed::sign(certificate, &self.online)
    }

    /// Enrols the phone for this person; the request, to certify it again.
    pub(crate) fn enrol(&self, device: &mut Device, person: [u8; 16]) -> EnrolRequest {
        let code = EnrolmentCode::make("127.0.0.1:1", self.agency(), &mut os_random()).unwrap();
        let root = self.root.bytes();
        let step = device.begin_enrolment(&code.to_string(), root, at(3));
        let request = EnrolRequest::parse(&step.unwrap().request).unwrap();
        let certificate = self.certify(&request, person);
        let directory = Directory {
            agency: self.agency(),
            serial: 1,
            made_ms: 5,
            staff: Vec::new(),
            devices: Vec::new(),
        };
        let directory = Signed::sign(directory, &self.online);
        let reply = EnrolReply::make(
            &request,
            &self.key_set,
            &certificate,
            &directory,
            &self.online,
        );
        device.finish_enrolment(&reply.encode(), at(4)).unwrap();
        request
    }
}

/// A phone with a vault, not enrolled.
pub(crate) fn phone(dir: &TempDir) -> Device {
    let provider = Box::new(SoftwareKeyProvider::make(&mut os_random()));
    let seams = Seams {
        provider,
        random: Box::new(os_random()),
    };
    Device::create(dir.path(), PIN, KdfParams::trying_out(), seams, at(0)).unwrap()
}

fn hands(device: &mut Device, case: CaseId) -> Vec<Option<PersonId>> {
    let (open, _) = device.opened(at(9)).unwrap();
    let hands = open
        .vault
        .look(|connection| Ok(actors::of_case(connection, case)?));
    hands
        .unwrap()
        .into_iter()
        .map(|(_, _, hand)| match hand {
            Hand::Own => None,
            Hand::Of(who) => Some(who.person),
        })
        .collect()
}

#[test]
fn whoever_the_phone_is_certified_for_later_did_not_write_what_was_captured_before() {
    let dir = TempDir::new().unwrap();
    let mut device = phone(&dir);
    let case = device.new_case("Pier 7", None, at(1)).unwrap();
    assert_eq!(hands(&mut device, case), [None]);
    let hq = Hq::new();
    let request = hq.enrol(&mut device, ROBIN);
    assert_eq!(hands(&mut device, case), [Some(PersonId::new(ROBIN))]);
    // HQ certifies the same phone for somebody else.
    let certificate = hq.certify(&request, KIM);
    let (open, _) = device.opened(at(5)).unwrap();
    open.vault
        .write(at(5), |tx| {
            Ok(facts::put(tx, Fact::Certificate, certificate.bytes())?)
        })
        .unwrap();
    device.lock();
    device.unlock(PIN, at(6)).unwrap();
    let created = device.show(case, at(7)).unwrap().view.created.unwrap();
    assert_eq!(created.who.person, PersonId::new(ROBIN));
}
