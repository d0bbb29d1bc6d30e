//! The phone's end: asks until everything was sent and fetched. What it asks next follows from what is stored alone.

use mooring_identity::{Direction, Envelope, IdentityError};

use crate::limits::{LARGEST_CHUNK, MOST_KEYS};
use crate::{
    AuditActs, Chunk, Effect, Ended, Event, Means, PagePart, PagePosition, PhoneStart, Refusal,
    Reply, Request, SealedPush, Summary,
};

/// Answers in a row that bring nothing on, or setbacks in all, before a phone gives up.
const PATIENCE: u32 = 4;

#[derive(Debug)]
pub(super) struct Phone {
    pub(super) start: PhoneStart,
    /// This phone's own audit, until HQ says that it holds it.
    pub(super) audit: Option<AuditActs>,
    /// How much of the push HQ says it holds.
    pub(super) held: usize,
    pub(super) part: Option<PagePart>,
    /// Whether HQ may have another page.
    pub(super) more: bool,
    pub(super) summary: Summary,
    /// Answers in a row that brought nothing on.
    pub(super) idle: u32,
    /// How often HQ held less than before, or began a page anew.
    pub(super) setbacks: u32,
    challenge: Vec<u8>,
    resent: u32,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    /// Waiting for the reply to this nonce, which asked about so many keys.
    Asked {
        nonce: [u8; 16],
        asked: usize,
        checked: usize,
    },
    /// Waiting until it is stored; the cursor is then here.
    Storing {
        cursor: u64,
    },
    Over,
}

impl Phone {
    pub(super) fn new(mut start: PhoneStart) -> Self {
        let summary = Summary {
            requests: 0,
            sent: 0,
            received: 0,
            receipts: 0,
            refused_runs: 0,
            refused_pushes: 0,
            entries: 0,
            ended: Ended::Finished,
        };
        let part = start.part.take();
        Self {
            start,
            audit: None,
            held: 0,
            part,
            more: true,
            summary,
            idle: 0,
            setbacks: 0,
            challenge: Vec::new(),
            resent: 0,
            phase: Phase::New,
        }
    }

    pub(super) fn on(&mut self, event: Event, means: &mut Means<'_>) -> Vec<Effect> {
        match (self.phase, event) {
            (Phase::New, Event::Start) => self.ask(means),
            (
                Phase::Asked {
                    nonce,
                    asked,
                    checked,
                },
                Event::Reply(bytes),
            ) => {
                self.summary.received += bytes.len() as u64;
                match self.believe(&bytes, nonce) {
                    Ok(Reply::Refused(refusal)) => self.refused(refusal, means),
                    Ok(Reply::Answer(answer)) => {
                        self.start.ask.drain(..asked);
                        self.start.check.drain(..checked);
                        // HQ has heard it: whether it certified this phone anew stands in the answer.
                        self.start.restored = None;
                        if asked + checked > 0 {
                            self.idle = 0;
                        }
                        self.take(answer, means)
                    }
                    Err(error) => self.over(Ended::BadReply(error)),
                }
            }
            (Phase::Storing { cursor }, Event::Stored(push)) => {
                self.start.cursor = cursor;
                // The driver may as well name the push that is under way: then what HQ holds of it still counts.
                let another = push.filter(|push| {
                    self.start
                        .push
                        .as_ref()
                        .is_none_or(|now| now.id() != push.id())
                });
                if let Some(push) = another {
                    (self.start.push, self.held) = (Some(push), 0);
                }
                self.go_on(means)
            }
            (_, Event::LinkBroke) => self.over(Ended::Cut),
            // An event that belongs to another moment, or to HQ's end: the driver is at fault, and nothing is lost by stopping.
            (Phase::New | Phase::Asked { .. } | Phase::Storing { .. } | Phase::Over, _) => {
                self.over(Ended::Stuck)
            }
        }
    }

    /// After an answer: store first, if there is anything to store.
    pub(super) fn stored_or_on(
        &mut self,
        effects: Vec<Effect>,
        cursor: u64,
        means: &mut Means<'_>,
    ) -> Vec<Effect> {
        if effects.is_empty() {
            return self.go_on(means);
        }
        self.phase = Phase::Storing { cursor };
        effects
    }

    pub(super) fn over(&mut self, ended: Ended) -> Vec<Effect> {
        self.phase = Phase::Over;
        self.summary.ended = ended;
        vec![Effect::Done(self.summary.clone())]
    }

    fn go_on(&mut self, means: &mut Means<'_>) -> Vec<Effect> {
        let done = self.start.push.is_none()
            && self.start.ask.is_empty()
            && self.start.check.is_empty()
            && self.part.is_none()
            && !self.more;
        if done {
            self.over(Ended::Finished)
        } else if self.idle >= PATIENCE || self.setbacks >= PATIENCE {
            self.over(Ended::Stuck)
        } else {
            self.ask(means)
        }
    }

    fn ask(&mut self, means: &mut Means<'_>) -> Vec<Effect> {
        let asked: Vec<_> = self.start.ask.iter().take(MOST_KEYS).copied().collect();
        let room = MOST_KEYS.saturating_sub(asked.len());
        let request = Request {
            cursor: self.start.cursor,
            chunk: self.start.push.as_ref().map(|push| chunk(push, self.held)),
            ask: asked,
            check: self.start.check.iter().take(room).copied().collect(),
            page: self.part.as_ref().and_then(position),
            audit: self.audit.clone(),
            restored: self.start.restored.clone(),
        };
        let mut nonce = [0; 16];
        means.random.fill(&mut nonce);
        let envelope = Envelope {
            direction: Direction::Request,
            agency: self.start.agency,
            device: self.start.device.bytes(),
            nonce,
            time_ms: means.now_ms,
            challenge: self.challenge.clone(),
        };
        let bytes = envelope.seal(&request.encode(), means.key);
        self.phase = Phase::Asked {
            nonce,
            asked: request.ask.len(),
            checked: request.check.len(),
        };
        self.summary.requests += 1;
        self.summary.sent += bytes.len() as u64;
        vec![Effect::Send(bytes)]
    }

    fn believe(&self, bytes: &[u8], nonce: [u8; 16]) -> Result<Reply, IdentityError> {
        let open = Envelope::parse(bytes)?;
        let (envelope, body) = open.verify(Direction::Reply, self.start.agency, &self.start.hq)?;
        if envelope.nonce != nonce || envelope.device != self.start.device.bytes() {
            return Err(IdentityError::WrongAddressee);
        }
        Reply::parse(body)
    }

    fn refused(&mut self, refusal: Refusal, means: &mut Means<'_>) -> Vec<Effect> {
        self.resent += 1;
        match refusal {
            Refusal::Skewed { challenge } if self.resent < PATIENCE => {
                self.challenge = challenge;
                self.ask(means)
            }
            // The link delivered our request twice and we got the second answer.
            Refusal::Replayed if self.resent < PATIENCE => self.ask(means),
            Refusal::Malformed
            | Refusal::TooNew
            | Refusal::TooLarge
            | Refusal::UnknownDevice
            | Refusal::Forged
            | Refusal::Replayed
            | Refusal::Skewed { .. }
            | Refusal::TryLater => self.over(Ended::Refused(refusal)),
        }
    }
}

fn chunk(push: &SealedPush, held: usize) -> Chunk {
    let bytes = push.bytes();
    let end = bytes.len().min(held.saturating_add(LARGEST_CHUNK));
    Chunk {
        push_id: push.id(),
        total: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        offset: u32::try_from(held).unwrap_or(u32::MAX),
        bytes: bytes.get(held..end).unwrap_or_default().to_vec(),
    }
}

fn position(part: &PagePart) -> Option<PagePosition> {
    let offset = u32::try_from(part.bytes.len()).ok()?;
    Some(PagePosition {
        until: part.until,
        hash: part.hash,
        offset,
    })
}
