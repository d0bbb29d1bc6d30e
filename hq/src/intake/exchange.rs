//! One request and its answer: each effect of the session is carried out durably before its next event.

use std::collections::VecDeque;
use std::sync::Arc;

use mooring_casefile::{DeviceId, Now};
use mooring_exchange::{Appended, ChunkState, Effect, Event, Means, Peer, Receipt, Session};
use mooring_identity::KeySet;

use crate::fleet::known::renewed_bytes;
use crate::headquarters::Headquarters;
use crate::keys::Ring;
use crate::ledger::LedgerError;
use crate::office::Office;

/// The signed answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// What to send back, signed whatever it says.
    pub bytes: Vec<u8>,
    /// How it came out.
    pub outcome: Outcome,
}

/// Whether a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was; all that the answer claims is on disk.
    Answered,
    /// It was refused: nothing of it was taken.
    Refused,
    /// HQ could not make it durable.
    TryLater,
}

/// HQ's keys for one answer: all of them, and those that the asking phone knows.
pub(super) struct Keyring {
    pub(super) ring: Arc<Ring>,
    pub(super) known: KeySet,
}

impl Keyring {
    /// A receipt of before, under a key that the phone knows.
    fn receipt(&self, bytes: Vec<u8>) -> Vec<u8> {
        renewed_bytes::<Receipt>(bytes, &self.ring, &self.known)
    }
}

impl Headquarters {
    /// Answers one request of a phone.
    pub fn exchange(&self, request: &[u8], now: Now) -> Answered {
        let keys = self.keyring(request);
        let mut session = Session::hq(self.agency());
        let mut answered = Answered {
            bytes: Vec::new(),
            outcome: Outcome::Answered,
        };
        let mut next = Some(Event::Request(request.to_vec()));
        while let Some(event) = next.take() {
            let mut effects: VecDeque<Effect> = self.step(&mut session, event, &keys, now).into();
            while let Some(effect) = effects.pop_front() {
                if let Effect::Send(bytes) = effect {
                    answered.bytes = bytes;
                } else if let Effect::Log { device, code } = effect {
                    log(device, code);
                    answered.outcome = outcome(code, answered.outcome);
                } else {
                    next = self.carry_out(effect, &keys, now).or(next);
                }
            }
        }
        answered
    }

    /// A ledger that does not say what the phone knows says nothing else either: the answer will be "later".
    fn keyring(&self, request: &[u8]) -> Keyring {
        let office = self.office();
        let known = office
            .refresh_keys()
            .and_then(|()| office.known_to_asker(request));
        let ring = self.keys.ring();
        let known = known.unwrap_or_else(|error| {
            tracing::error!(code = "ledger", %error, "which keys a phone knows");
            ring.key_set.statement().clone()
        });
        Keyring { ring, known }
    }

    fn step(&self, session: &mut Session, event: Event, keys: &Keyring, now: Now) -> Vec<Effect> {
        self.office().with_random(|random| {
            session.on(
                event,
                &mut Means {
                    key: keys.ring.online_of(&keys.known),
                    random,
                    now_ms: now.wall_ms,
                },
            )
        })
    }

    fn carry_out(&self, effect: Effect, keys: &Keyring, now: Now) -> Option<Event> {
        match self.try_carry_out(effect, keys, now) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(code = "ledger", %error, "an exchange was not carried out");
                Some(Event::Failed)
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the phone's effects never come out of HQ's end"
    )]
    fn try_carry_out(
        &self,
        effect: Effect,
        keys: &Keyring,
        now: Now,
    ) -> Result<Option<Event>, LedgerError> {
        let office = self.office();
        Ok(match effect {
            Effect::LookUp { device } => Some(Event::Known(office.peer(device)?)),
            Effect::TakeNonce {
                device,
                nonce,
                until_ms,
            } => {
                let new = office
                    .ledger
                    .spend_nonce(device, &nonce, until_ms, now.wall_ms)?;
                if new {
                    office.ledger.heard_from(device, now.wall_ms)?;
                    office.lend(device, now)?;
                }
                Some(Event::NonceTaken(new))
            }
            Effect::Renew { device, said } => {
                let known = (keys.ring.as_ref(), &keys.known);
                Some(Event::Renewed(office.renew(device, &said, known, now)?))
            }
            Effect::SeenTwice { device, push } => {
                office.seen_twice(device, push, now)?;
                None
            }
            Effect::HoldChunk { device, chunk } => Some(Event::ChunkHeld(
                match office.hold_chunk(device, &chunk, now)? {
                    ChunkState::Receipted(receipt) => ChunkState::Receipted(keys.receipt(receipt)),
                    held @ (ChunkState::Held(_) | ChunkState::Whole(_)) => held,
                },
            )),
            Effect::KeepAudit { device, acts } => Some(Event::AuditKept(
                office.keep_phone_audit(device, &acts, now)?,
            )),
            Effect::DropChunks { device, push_id } => {
                office.ledger.forget_parts(device, Some(&push_id))?;
                None
            }
            Effect::FindReceipt { device, push } => {
                let found = office
                    .ledger
                    .push(&push)?
                    .filter(|row| row.device == device);
                Some(Event::ReceiptFound(
                    found.map(|row| keys.receipt(row.receipt)),
                ))
            }
            Effect::AppendPush(arrival) => {
                Some(Event::Appended(match self.append(&arrival, now)? {
                    Appended::Already(receipt) => Appended::Already(keys.receipt(receipt)),
                    done @ (Appended::Durable | Appended::OutOfOrder(_)) => done,
                }))
            }
            Effect::FindFates { ask, check, .. } => {
                Some(Event::FatesFound(office.find_fates(&ask, &check)?))
            }
            Effect::BuildPage {
                device,
                after,
                until,
            } => Some(Event::PageBuilt(
                office.build_page(device, after, until, keys)?,
            )),
            _ => None,
        })
    }
}

impl Office {
    /// What the session must know of a phone; none if it is not enrolled.
    pub(super) fn peer(&self, device: DeviceId) -> Result<Option<Peer>, LedgerError> {
        let Some(row) = self.ledger.device(device)? else {
            return Ok(None);
        };
        let certificate = self.certificate(&row.certificate)?;
        let said = certificate.statement();
        let last = self.ledger.last_push(device, said.epoch)?;
        let (last_seq, last_push) = last.map_or((0, [0; 32]), |row| (row.dev_seq, row.hash));
        Ok(Some(Peer {
            key: said.key,
            epoch: said.epoch,
            last_seq,
            last_push,
        }))
    }
}

fn log(device: Option<DeviceId>, code: &'static str) {
    let device = device.map(|device| device.to_string());
    tracing::warn!(code, device, "refused");
}

/// A push or a run that was refused is part of an answer; a request that was refused is none.
fn outcome(code: &str, so_far: Outcome) -> Outcome {
    match code {
        "request.try_later" => Outcome::TryLater,
        _ if code.starts_with("request.") => Outcome::Refused,
        _ => so_far,
    }
}
