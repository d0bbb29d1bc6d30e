//! HQ's end with a ledger in memory. What is in [`Ledger`] is durable; the session is not.

use std::collections::{BTreeMap, BTreeSet};

use mooring_casefile::{Attribution, DeviceId, Run};
use mooring_exchange::*;
use mooring_identity::Signed;

use super::{AGENCY, Seeded, hq_key, responder};

#[derive(Clone, Default)]
pub struct Ledger {
    pub peers: BTreeMap<DeviceId, Peer>,
    /// Cursor, writer, run.
    pub rows: Vec<(u64, Attribution, Run)>,
    pub receipts: BTreeMap<[u8; 32], ([u8; 32], Vec<u8>)>,
    pub nonces: BTreeSet<(DeviceId, [u8; 16])>,
    pub chunks: BTreeMap<DeviceId, ([u8; 32], Vec<u8>)>,
    pub log: Vec<&'static str>,
    pub audits: Vec<AuditActs>,
    pub now_ms: i64,
    /// How many bytes of runs make a page.
    pub page_bytes: usize,
    pub chance: u64,
    /// Durable effects that still work; then the process is dead.
    pub fuel: Option<u32>,
}

/// The process died in the middle of a step.
#[derive(Debug)]
pub struct Dead;

impl Ledger {
    pub fn with(devices: &[(DeviceId, u8)]) -> Self {
        let peer = |seed: u8| Peer {
            key: super::key(seed).verify_key(),
            epoch: 0,
            last_seq: 0,
            last_push: [0; 32],
        };
        Self {
            peers: devices
                .iter()
                .map(|(device, seed)| (*device, peer(*seed)))
                .collect(),
            now_ms: super::NOW_MS,
            page_bytes: PAGE_TARGET,
            ..Self::default()
        }
    }

    /// Adds somebody's run, as if it had come in another push.
    pub fn add(&mut self, device: DeviceId, run: Run) {
        self.rows
            .push((self.rows.len() as u64 + 1, responder(device), run));
    }

    pub fn serve(&mut self, request: &[u8]) -> Result<Vec<u8>, Dead> {
        let mut session = Session::hq(AGENCY);
        let mut event = Event::Request(request.to_vec());
        loop {
            let key = hq_key();
            self.chance += 1000;
            let mut random = Seeded(self.chance);
            let effects = session.on(
                event,
                &mut Means {
                    key: &key,
                    random: &mut random,
                    now_ms: self.now_ms,
                },
            );
            let mut next = None;
            for effect in effects {
                match effect {
                    Effect::Send(bytes) => return Ok(bytes),
                    other => next = self.carry_out(other)?.or(next),
                }
            }
            event = next.expect("HQ's session always goes on or answers");
        }
    }

    fn burn(&mut self) -> Result<(), Dead> {
        match &mut self.fuel {
            Some(0) => Err(Dead),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Result<Option<Event>, Dead> {
        Ok(Some(match effect {
            Effect::LookUp { device } => Event::Known(self.peers.get(&device).copied()),
            Effect::TakeNonce { device, nonce, .. } => {
                self.burn()?;
                Event::NonceTaken(self.nonces.insert((device, nonce)))
            }
            Effect::KeepAudit { acts, .. } => {
                self.burn()?;
                let mark = acts.mark();
                self.audits.push(acts);
                Event::AuditKept(mark)
            }
            Effect::HoldChunk { device, chunk } => {
                self.burn()?;
                Event::ChunkHeld(self.hold(device, &chunk))
            }
            Effect::DropChunks { device, .. } => {
                self.burn()?;
                self.chunks.remove(&device);
                return Ok(None);
            }
            Effect::FindReceipt { push, .. } => {
                Event::ReceiptFound(self.receipts.get(&push).map(|(_, receipt)| receipt.clone()))
            }
            Effect::AppendPush(arrival) => {
                self.burn()?;
                Event::Appended(self.append(*arrival))
            }
            Effect::FindFates { ask, check, .. } => {
                let keys = ask
                    .into_iter()
                    .chain(check.into_iter().map(|have| have.key));
                Event::FatesFound(keys.map(|key| self.mark(key)).collect())
            }
            Effect::BuildPage {
                device,
                after,
                until,
            } => Event::PageBuilt(self.page(device, after, until)),
            Effect::Log { code, .. } => {
                self.log.push(code);
                return Ok(None);
            }
            other => panic!("not an effect of HQ's: {other:?}"),
        }))
    }

    fn hold(&mut self, device: DeviceId, chunk: &Chunk) -> ChunkState {
        if let Some((_, receipt)) = self.receipts.values().find(|(id, _)| *id == chunk.push_id) {
            return ChunkState::Receipted(receipt.clone());
        }
        let held = self
            .chunks
            .entry(device)
            .or_insert_with(|| (chunk.push_id, Vec::new()));
        if held.0 != chunk.push_id {
            *held = (chunk.push_id, Vec::new());
        }
        if held.1.len() == chunk.offset as usize {
            held.1.extend(&chunk.bytes);
        }
        if held.1.len() == chunk.total as usize {
            return ChunkState::Whole(held.1.clone());
        }
        ChunkState::Held(u32::try_from(held.1.len()).unwrap())
    }

    fn append(&mut self, arrival: Arrival) -> Appended {
        let header = *arrival.push.header.statement();
        if let Some((_, receipt)) = self.receipts.get(&header.hash()) {
            return Appended::Already(receipt.clone());
        }
        let peer = self.peers.get_mut(&arrival.device).unwrap();
        if header.dev_seq != peer.last_seq + 1 {
            return Appended::OutOfOrder(*peer);
        }
        (peer.last_seq, peer.last_push) = (header.dev_seq, header.hash());
        for arrived in arrival.push.runs {
            self.add(arrival.device, arrived.run);
        }
        self.receipts.insert(
            header.hash(),
            (arrival.push_id, arrival.receipt.bytes().to_vec()),
        );
        self.chunks.remove(&arrival.device);
        Appended::Durable
    }

    fn mark(&self, key: RunKey) -> RunMark {
        let last = self
            .rows
            .iter()
            .filter(|(_, _, run)| RunKey::of(run) == key)
            .max_by_key(|row| row.2.last_seq);
        match last {
            Some((_, _, run)) => RunMark {
                key,
                last_seq: run.last_seq,
                last: run.last,
                state: MarkState::Merged,
            },
            None => RunMark {
                key,
                last_seq: 0,
                last: mooring_casefile::ChangeId::new([0; 32]),
                state: MarkState::Unknown,
            },
        }
    }

    fn page(&self, device: DeviceId, after: u64, until: Option<u64>) -> Option<PageDraft> {
        let (mut entries, mut size, mut end) = (Vec::new(), 0, after);
        for (cursor, who, run) in self.rows.iter().filter(|row| row.0 > after) {
            if until.map_or(size >= self.page_bytes, |until| *cursor > until) {
                break;
            }
            end = *cursor;
            if who.device != device {
                size += run.changes.iter().map(Vec::len).sum::<usize>();
                entries.push(PageEntry {
                    cursor: *cursor,
                    entry: Entry::Run {
                        who: *who,
                        run: run.clone(),
                    },
                });
            }
        }
        let more = self.rows.iter().any(|row| row.0 > end);
        (end > after).then_some(PageDraft {
            until: end,
            entries,
            more,
        })
    }

    pub fn receipt(&self, push: &[u8; 32]) -> Signed<Receipt> {
        Signed::open(&self.receipts[push].1, &super::key_set()).unwrap()
    }
}
