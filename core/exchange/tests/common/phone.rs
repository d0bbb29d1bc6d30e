//! The phone's end with a vault in memory. What is in [`Vault`] is durable; the session is not.

use std::collections::BTreeMap;

use mooring_casefile::{DeviceId, Run};
use mooring_exchange::*;
use mooring_identity::SigningKey;

use super::hq::Dead;
use super::{AGENCY, NOW_MS, Seeded, key_set};

#[derive(Clone)]
pub struct Vault {
    pub device: DeviceId,
    pub seed: u8,
    pub epoch: u32,
    pub dev_seq: u64,
    pub prev: [u8; 32],
    /// Not yet in a push.
    pub unsent: Vec<Run>,
    /// The runs of the stored push.
    pub in_push: Vec<Run>,
    pub push: Option<Vec<u8>>,
    pub cursor: u64,
    /// What was pulled, and how often.
    pub pulled: BTreeMap<(RunKey, u64), u32>,
    pub marks: BTreeMap<RunKey, RunMark>,
    pub receipts: Vec<Receipt>,
    pub refusals: Vec<PushRefusal>,
    pub ask: Vec<RunKey>,
    pub check: Vec<Have>,
    pub part: Option<PagePart>,
    pub keeps_parts: bool,
    pub chance: u64,
    pub now_ms: i64,
    pub runs_a_push: usize,
    /// Durable effects that still work; then the process is dead.
    pub fuel: Option<u32>,
}

impl Vault {
    pub fn of(device: DeviceId, seed: u8) -> Self {
        Self {
            device,
            seed,
            epoch: 0,
            dev_seq: 0,
            prev: [0; 32],
            unsent: Vec::new(),
            in_push: Vec::new(),
            push: None,
            cursor: 0,
            pulled: BTreeMap::new(),
            marks: BTreeMap::new(),
            receipts: Vec::new(),
            refusals: Vec::new(),
            ask: Vec::new(),
            check: Vec::new(),
            part: None,
            keeps_parts: false,
            chance: u64::from(seed) << 50,
            now_ms: NOW_MS,
            runs_a_push: 1000,
            fuel: None,
        }
    }

    pub fn key(&self) -> SigningKey {
        super::key(self.seed)
    }

    /// Makes and stores the next push, unless one is stored or nothing is unsent.
    pub fn prepare(&mut self) -> Result<Option<SealedPush>, Dead> {
        if let Some(bytes) = &self.push {
            return Ok(Some(SealedPush::parse(bytes.clone()).unwrap()));
        }
        if self.unsent.is_empty() {
            return Ok(None);
        }
        let runs: Vec<_> = self.unsent.iter().take(self.runs_a_push).cloned().collect();
        let draft = PushDraft {
            agency: AGENCY,
            device: self.device,
            epoch: self.epoch,
            dev_seq: self.dev_seq + 1,
            prev: self.prev,
            created_ms: self.now_ms,
        };
        self.chance += 1000;
        let push = SealedPush::make(&draft, &runs, &self.key(), &mut Seeded(self.chance)).unwrap();
        self.burn()?;
        self.unsent.drain(..runs.len());
        (self.in_push, self.push) = (runs, Some(push.bytes().to_vec()));
        Ok(Some(push))
    }

    pub fn session(&mut self) -> Result<Session, Dead> {
        let push = self.prepare()?;
        Ok(Session::phone(PhoneStart {
            agency: AGENCY,
            device: self.device,
            hq: key_set(),
            cursor: self.cursor,
            push,
            ask: self.ask.clone(),
            check: self.check.clone(),
            part: self.part.clone(),
            restored: None,
        }))
    }

    pub fn step(&mut self, session: &mut Session, event: Event) -> Vec<Effect> {
        self.chance += 1000;
        let (key, now_ms) = (self.key(), self.now_ms);
        session.on(
            event,
            &mut Means {
                key: &key,
                random: &mut Seeded(self.chance),
                now_ms,
            },
        )
    }

    /// One whole exchange over `link`: bytes there, bytes back, or the link broke.
    pub fn exchange(
        &mut self,
        mut link: impl FnMut(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Summary, Dead> {
        let mut session = self.session()?;
        let mut effects = self.step(&mut session, Event::Start);
        loop {
            let mut event = None;
            let mut stored = false;
            for effect in effects {
                match effect {
                    Effect::Done(summary) => return Ok(summary),
                    Effect::Send(bytes) => {
                        event = Some(link(&bytes).map_or(Event::LinkBroke, Event::Reply));
                    }
                    other => {
                        self.store(other)?;
                        stored = true;
                    }
                }
            }
            let event = if stored {
                Event::Stored(self.prepare()?)
            } else {
                event.unwrap()
            };
            effects = self.step(&mut session, event);
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

    fn store(&mut self, effect: Effect) -> Result<(), Dead> {
        self.burn()?;
        match effect {
            Effect::StoreReceipt(receipt) => {
                let receipt = receipt.into_statement();
                (self.dev_seq, self.prev) = (receipt.dev_seq, receipt.push);
                self.marks
                    .extend(receipt.marks.iter().map(|mark| (mark.key, *mark)));
                self.receipts.push(receipt);
                self.in_push.clear();
                self.push = None;
            }
            Effect::StoreFates(fates) => {
                self.marks
                    .extend(fates.iter().map(|mark| (mark.key, *mark)));
                let known = &self.marks;
                self.ask.retain(|key| !known.contains_key(key));
            }
            Effect::StorePage(page) => {
                assert_eq!(page.after, self.cursor, "pages follow each other");
                for entry in page.entries {
                    let Entry::Run { run, .. } = entry.entry else {
                        continue;
                    };
                    *self
                        .pulled
                        .entry((RunKey::of(&run), run.first_seq))
                        .or_default() += 1;
                }
                (self.cursor, self.part) = (page.until, None);
            }
            Effect::HoldPart(part) => {
                if self.keeps_parts {
                    self.part = Some(part);
                }
            }
            Effect::PushRefused(refusal) => {
                if let PushRefusal::OutOfOrder {
                    epoch,
                    next_seq,
                    prev,
                } = refusal
                {
                    (self.epoch, self.dev_seq, self.prev) = (epoch, next_seq - 1, prev);
                }
                self.unsent.splice(..0, self.in_push.drain(..));
                self.push = None;
                self.refusals.push(refusal);
            }
            other => panic!("not an effect of the phone's: {other:?}"),
        }
        Ok(())
    }
}
