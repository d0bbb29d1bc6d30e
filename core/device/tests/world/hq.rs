//! An HQ without a disk: the session's own end, and a list of everything that ever arrived.

use mooring_casefile::{
    Actor, Attribution, CaseFile, CaseId, DeviceId, Edit, Half, Merge, NewAdvice, Now, PersonId,
    RecordId, Roles, Run, Writer,
};
use mooring_exchange::{
    Appended, ChunkState, Effect, Entry, Event, MarkState, Means, OutboxReceipt, OutboxRecord,
    OutboxUpload, PageDraft, PageEntry, Peer, RunKey, RunMark, Session,
};
use mooring_identity::{
    AgencyId, DeviceCertificate, DeviceEntry, Directory, EnrolReply, EnrolRequest, EnrolmentCode,
    EnrolmentTicket, KeySet, Lease, Order, Ordered, Recipient, RecipientKey, RootStatement,
    SealingKeys, Signed, SigningKey, StaffEntry, os_random,
};
use std::collections::{BTreeMap, BTreeSet};

/// HQ.
pub(crate) struct Hq {
    root_key: SigningKey,
    online: SigningKey,
    root: Signed<RootStatement>,
    key_set: Signed<KeySet>,
    codes: Vec<(EnrolmentTicket, String, Roles)>,
    pub(crate) state: Ledger,
}

/// All that a backup of HQ would hold.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    staff: Vec<StaffEntry>,
    devices: Vec<DeviceEntry>,
    peers: BTreeMap<DeviceId, Peer>,
    nonces: BTreeSet<[u8; 16]>,
    chunks: BTreeMap<DeviceId, ([u8; 32], Vec<u8>)>,
    receipts: BTreeMap<[u8; 32], Vec<u8>>,
    /// In commit order; a phone gets its own runs as well, since a restored one lacks some of them.
    feed: Vec<Entry>,
    pub(crate) files: BTreeMap<CaseId, CaseFile>,
    marks: BTreeMap<RunKey, RunMark>,
    pub(crate) pushes: usize,
    /// What phones wrote down of their own use.
    pub(crate) audits: Vec<mooring_exchange::AuditActs>,
}

/// Entries to a page: few, so that there are several pages.
const PAGE: usize = 3;

impl Hq {
    pub(crate) fn new() -> Self {
        let (root_key, online) = (
            SigningKey::make(&mut os_random()),
            SigningKey::make(&mut os_random()),
        );
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
            root_key,
            online,
            codes: Vec::new(),
            state: Ledger::default(),
        }
    }

    fn agency(&self) -> AgencyId {
        self.root.statement().agency()
    }

    /// What the root says about whom phones seal to, as the next page brings it.
    pub(crate) fn publish(&mut self, hq: Recipient, custodians: [Recipient; 2]) {
        let keys = SealingKeys {
            agency: self.agency(),
            serial: 1,
            made_ms: 1,
            hq,
            custodians: Some(custodians),
        };
        let signed = Signed::sign(keys, &self.root_key);
        self.feed(Entry::SealingKeys(signed.bytes().to_vec()));
    }

    /// A lease for the first device, as the next page brings it.
    pub(crate) fn lend(&mut self, made_ms: i64) {
        let lease = Lease {
            agency: self.agency(),
            device: self.first_device(),
            made_ms,
            holds_ms: Lease::USUAL_MS,
        };
        let signed = Signed::sign(lease, &self.online);
        self.feed(Entry::Lease(signed.bytes().to_vec()));
    }

    /// The device that joined first.
    pub(crate) fn first_device(&self) -> [u8; 16] {
        self.state.devices[0].device
    }

    /// An order to destroy the vault of this device, in HQ's signed words.
    pub(crate) fn order_wipe(&self, device: [u8; 16]) -> Vec<u8> {
        let order = Order {
            agency: self.agency(),
            device,
            made_ms: 1,
            what: Ordered::Wipe,
        };
        Signed::sign(order, &self.online).bytes().to_vec()
    }

    /// Keeps sealed records that nobody signed, merges none, and says what it holds and how many those were.
    pub(crate) fn hold_sealed(&mut self, upload: &[u8], key: &RecipientKey) -> (Vec<u8>, u64) {
        let records: Vec<_> = OutboxUpload::parse(upload)
            .unwrap()
            .into_iter()
            .map(|record| record.unwrap())
            .filter(|record| !record.is_signed())
            .collect();
        for record in &records {
            record.open(key).unwrap();
        }
        let receipt = OutboxReceipt {
            agency: self.agency(),
            device: records[0].head().device,
            received_ms: 7,
            changes: records
                .iter()
                .flat_map(OutboxRecord::changes)
                .copied()
                .collect(),
        };
        let signed = Signed::sign(receipt, &self.online);
        let count = signed.statement().changes.len() as u64;
        (signed.bytes().to_vec(), count)
    }

    /// Takes sealed records: verifies, opens, merges, and says what it holds.
    pub(crate) fn take_sealed(&mut self, upload: &[u8], key: &RecipientKey) -> Vec<u8> {
        let mut changes = Vec::new();
        let mut device = None;
        for record in OutboxUpload::parse(upload).unwrap() {
            let record = record.unwrap();
            let by = self.state.peers[&record.head().device].key;
            record.verify(self.agency(), &by).unwrap();
            let who = self.state.who(record.head().device);
            for run in record.open(key).unwrap() {
                self.state.take(run, who);
            }
            changes.extend(record.changes());
            device = Some(record.head().device);
        }
        let receipt = OutboxReceipt {
            agency: self.agency(),
            device: device.unwrap(),
            received_ms: 7,
            changes,
        };
        Signed::sign(receipt, &self.online).bytes().to_vec()
    }

    pub(crate) fn root(&self) -> &[u8] {
        self.root.bytes()
    }

    pub(crate) fn make_code(&mut self, name: &str, roles: Roles) -> String {
        let code = EnrolmentCode::make("127.0.0.1:1", self.agency(), &mut os_random()).unwrap();
        self.codes
            .push((code.derive_ticket(), name.to_owned(), roles));
        code.to_string()
    }

    pub(crate) fn enrol(&mut self, request: &[u8]) -> Vec<u8> {
        let request = EnrolRequest::parse(request).unwrap();
        let (ticket, name, roles) = self
            .codes
            .iter()
            .find(|(ticket, ..)| ticket.id == request.ticket)
            .unwrap();
        request.check(ticket, &self.root).unwrap();
        let number = u8::try_from(self.state.devices.len() + 1).unwrap();
        let (device, person) = ([number; 16], [100 + number; 16]);
        let (name, roles, agency) = (name.clone(), roles.bits(), self.agency());
        self.state.staff.push(StaffEntry {
            person,
            name: name.clone(),
            roles,
        });
        self.state.devices.push(DeviceEntry {
            device,
            person,
            key: request.key,
            epoch: 0,
            revoked_at_seq: None,
        });
        let peer = Peer {
            key: request.key,
            epoch: 0,
            last_seq: 0,
            last_push: [0; 32],
        };
        self.state.peers.insert(DeviceId::new(device), peer);
        let certificate = DeviceCertificate {
            agency,
            device,
            person,
            name,
            roles,
            epoch: 0,
            key: request.key,
            issued_ms: 5,
        };
        let directory = Directory {
            agency,
            serial: u64::from(number),
            made_ms: 5,
            staff: self.state.staff.clone(),
            devices: self.state.devices.clone(),
        };
        let directory = Signed::sign(directory, &self.online);
        self.state
            .feed
            .push(Entry::Directory(directory.bytes().to_vec()));
        let certificate = Signed::sign(certificate, &self.online);
        EnrolReply::make(
            &request,
            &self.key_set,
            &certificate,
            &directory,
            &self.online,
        )
        .encode()
    }

    fn renew(&mut self, device: DeviceId, epoch: u32) -> Vec<u8> {
        let who = self.state.who(device);
        let agency = self.agency();
        let peer = self.state.peers.get_mut(&device).unwrap();
        (peer.epoch, peer.last_seq, peer.last_push) = (epoch, 0, [0; 32]);
        let name = self
            .state
            .staff
            .iter()
            .find(|staff| staff.person == who.person.bytes());
        let certificate = DeviceCertificate {
            agency,
            device: device.bytes(),
            person: who.person.bytes(),
            name: name.unwrap().name.clone(),
            roles: who.roles.bits(),
            epoch,
            key: peer.key,
            issued_ms: 6,
        };
        Signed::sign(certificate, &self.online).bytes().to_vec()
    }

    /// Writes into the HQ half of a case, as a member of staff.
    pub(crate) fn advise(&mut self, case: CaseId, text: &str, now: Now) -> RecordId {
        let id = RecordId::derive(now.wall_ms, [9; 10]);
        let file = self.state.files.get_mut(&case).unwrap();
        let advice = NewAdvice {
            text: text.to_owned(),
            written_on: file.version(),
            expires_ms: None,
            replaces: None,
        };
        let who = Attribution {
            device: DeviceId::HQ,
            person: PersonId::new([200; 16]),
            roles: Roles::NONE,
        };
        let by = Writer {
            actor: Actor::new([201; 16]),
            who,
        };
        let change = file.apply(&Edit::Advice { id, advice }, &by, now).unwrap();
        self.state.feed.push(Entry::Run {
            who,
            run: change.into_run(),
        });
        id
    }

    /// Hands out an entry that did not come from anybody here.
    pub(crate) fn feed(&mut self, entry: Entry) {
        self.state.feed.push(entry);
    }

    pub(crate) fn exchange(&mut self, request: &[u8], now_ms: i64) -> Vec<u8> {
        let mut session = Session::hq(self.agency());
        let mut event = Event::Request(request.to_vec());
        loop {
            let mut random = os_random();
            let effects = session.on(
                event,
                &mut Means {
                    key: &self.online,
                    random: &mut random,
                    now_ms,
                },
            );
            let mut answer = None;
            for effect in effects {
                if let Effect::Renew { device, said } = &effect {
                    let certificate = self.renew(*device, said.statement().epoch + 1);
                    answer = Some(Event::Renewed(Some(certificate)));
                }
                match self.state.carry_out(effect) {
                    Done::Reply(bytes) => return bytes,
                    Done::Event(next) => answer = Some(*next),
                    Done::Nothing => {}
                }
            }
            event = answer.unwrap();
        }
    }
}

enum Done {
    Reply(Vec<u8>),
    Event(Box<Event>),
    Nothing,
}

impl Ledger {
    fn carry_out(&mut self, effect: Effect) -> Done {
        let event = match effect {
            Effect::Send(bytes) => return Done::Reply(bytes),
            Effect::LookUp { device } => Event::Known(self.peers.get(&device).copied()),
            Effect::TakeNonce { nonce, .. } => Event::NonceTaken(self.nonces.insert(nonce)),
            Effect::HoldChunk { device, chunk } => {
                let held = self.chunks.entry(device).or_default();
                if held.0 != chunk.push_id {
                    *held = (chunk.push_id, Vec::new());
                }
                if held.1.len() == chunk.offset as usize {
                    held.1.extend(&chunk.bytes);
                }
                let whole = held.1.len() == chunk.total as usize;
                let length = u32::try_from(held.1.len()).unwrap();
                Event::ChunkHeld(if whole {
                    ChunkState::Whole(held.1.clone())
                } else {
                    ChunkState::Held(length)
                })
            }
            Effect::KeepAudit { acts, .. } => {
                let mark = acts.mark();
                self.audits.push(acts);
                Event::AuditKept(mark)
            }
            Effect::FindReceipt { push, .. } => {
                Event::ReceiptFound(self.receipts.get(&push).cloned())
            }
            Effect::AppendPush(arrival) => {
                self.pushes += 1;
                let hash = arrival.push.header.statement().hash();
                self.receipts.insert(hash, arrival.receipt.bytes().to_vec());
                let peer = self.peers.get_mut(&arrival.device).unwrap();
                (peer.last_seq, peer.last_push) = (arrival.push.header.statement().dev_seq, hash);
                let who = self.who(arrival.device);
                for run in arrival.push.runs {
                    self.take(run.run, who);
                }
                self.chunks.remove(&arrival.device);
                Event::Appended(Appended::Durable)
            }
            Effect::FindFates { ask, check, .. } => {
                let keys = ask
                    .into_iter()
                    .chain(check.into_iter().map(|have| have.key));
                Event::FatesFound(keys.map(|key| self.fate(key)).collect())
            }
            Effect::BuildPage { after, until, .. } => Event::PageBuilt(self.page(after, until)),
            Effect::DropChunks { .. }
            | Effect::Log { .. }
            | Effect::SeenTwice { .. }
            | Effect::Renew { .. } => return Done::Nothing,
            Effect::StoreReceipt(_)
            | Effect::StoreCertificate(_)
            | Effect::StoreFates(_)
            | Effect::StoreAudit(_)
            | Effect::StorePage(_)
            | Effect::HoldPart(_)
            | Effect::PushRefused(_)
            | Effect::Done(_) => unreachable!("an effect of the phone's end"),
        };
        Done::Event(Box::new(event))
    }

    fn who(&self, device: DeviceId) -> Attribution {
        let entry = self
            .devices
            .iter()
            .find(|entry| entry.device == device.bytes())
            .unwrap();
        let roles = self
            .staff
            .iter()
            .find(|staff| staff.person == entry.person)
            .unwrap()
            .roles;
        Attribution {
            device,
            person: PersonId::new(entry.person),
            roles: Roles::from_bits(roles),
        }
    }

    fn take(&mut self, run: Run, who: Attribution) {
        let file = self
            .files
            .entry(run.case)
            .or_insert_with(|| CaseFile::new(run.case));
        let state = match file.merge(&run, &who) {
            Merge::Merged(_) | Merge::Known => MarkState::Merged,
            Merge::Waiting { .. } => MarkState::Waiting,
            Merge::Held(_) => MarkState::Held(1),
        };
        let key = RunKey::of(&run);
        self.marks.insert(
            key,
            RunMark {
                key,
                last_seq: run.last_seq,
                last: run.last,
                state,
            },
        );
        self.feed.push(Entry::Run { who, run });
    }

    fn fate(&self, key: RunKey) -> RunMark {
        let unknown = RunMark {
            key,
            last_seq: 0,
            last: mooring_casefile::ChangeId::new([0; 32]),
            state: MarkState::Unknown,
        };
        self.marks.get(&key).copied().unwrap_or(unknown)
    }

    fn page(&self, after: u64, until: Option<u64>) -> Option<PageDraft> {
        let (after, end) = (usize::try_from(after).unwrap(), self.feed.len());
        let until = until.map_or(end.min(after + PAGE), |until| {
            usize::try_from(until).unwrap()
        });
        if after >= end {
            return None;
        }
        let entries = self.feed.iter().zip(1_u64..).take(until).skip(after);
        let entries = entries.map(|(entry, cursor)| PageEntry {
            cursor,
            entry: entry.clone(),
        });
        Some(PageDraft {
            until: until as u64,
            entries: entries.collect(),
            more: until < end,
        })
    }

    /// How many changes of the field half HQ has in a case.
    pub(crate) fn field_changes(&self, case: CaseId) -> u64 {
        self.files.get(&case).map_or(0, |file| {
            file.marks(Half::Field).values().map(|(seq, _)| *seq).sum()
        })
    }
}
