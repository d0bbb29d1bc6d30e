//! HQ's end: one request, answered from the ledger alone.

use mooring_casefile::DeviceId;
use mooring_identity::{
    AgencyId, Challenge, Direction, Envelope, FRESH_WITHIN_MS, Freshness, IdentityError, Signed,
};

use crate::{
    Appended, AuditMark, ChunkState, Effect, Event, Means, Peer, PushStatus, Refusal, Request,
    Restored, RunKey, RunMark,
};

use super::arrive::out_of_order;

/// No envelope with a request in it is larger.
const LARGEST_REQUEST: usize = 5 << 20;

#[derive(Debug)]
pub(super) struct Hq {
    pub(super) agency: AgencyId,
    pub(super) phase: Phase,
}

#[derive(Debug)]
pub(super) enum Phase {
    New,
    LookingUp { bytes: Vec<u8> },
    TakingNonce(Asked),
    KeepingAudit(Asked),
    Renewing(Asked),
    HoldingChunk(Asked),
    FindingReceipt(Asked),
    Appending(Asked, Vec<u8>),
    FindingFates(Asked, PushStatus),
    BuildingPage(Asked, PushStatus, Vec<RunMark>),
    Over,
}

impl Phase {
    /// Whom to answer when there is nothing better to say.
    fn envelope(self) -> Option<Envelope> {
        match self {
            Self::New | Self::Over => None,
            Self::LookingUp { bytes } => claimed(&bytes),
            Self::TakingNonce(asked)
            | Self::KeepingAudit(asked)
            | Self::Renewing(asked)
            | Self::HoldingChunk(asked)
            | Self::FindingReceipt(asked)
            | Self::Appending(asked, _)
            | Self::FindingFates(asked, _)
            | Self::BuildingPage(asked, _, _) => Some(asked.envelope),
        }
    }
}

/// What an envelope claims, believed or not.
fn claimed(bytes: &[u8]) -> Option<Envelope> {
    Envelope::parse(bytes).ok().map(|open| open.claim().clone())
}

/// A request that is believed.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) envelope: Envelope,
    pub(super) request: Request,
    pub(super) peer: Peer,
    /// SHA-256 of the push that the chunk belongs to; zeros without one.
    pub(super) push_id: [u8; 32],
    /// How far the phone's audit is held, if it sent some.
    pub(super) audit: Option<AuditMark>,
    /// What just arrived: its fate is told at once.
    pub(super) arrived: Vec<RunKey>,
    /// The signed header of a push under an epoch that was given up.
    pub(super) outdated: Option<Vec<u8>>,
    /// What this phone was certified with anew.
    pub(super) certificate: Option<Vec<u8>>,
}

impl Asked {
    pub(super) fn device(&self) -> DeviceId {
        DeviceId::new(self.envelope.device)
    }
}

impl Hq {
    pub(super) fn new(agency: AgencyId) -> Self {
        Self {
            agency,
            phase: Phase::New,
        }
    }

    pub(super) fn on(&mut self, event: Event, means: &mut Means<'_>) -> Vec<Effect> {
        match (std::mem::replace(&mut self.phase, Phase::Over), event) {
            (Phase::New, Event::Request(bytes)) => self.read(bytes, means),
            (Phase::LookingUp { bytes }, Event::Known(peer)) => self.believe(&bytes, peer, means),
            (Phase::TakingNonce(asked), Event::NonceTaken(true)) => self.begin(asked, means),
            (Phase::TakingNonce(asked), Event::NonceTaken(false)) => {
                self.refuse(Some(&asked.envelope), Refusal::Replayed, means)
            }
            (Phase::KeepingAudit(mut asked), Event::AuditKept(mark)) => {
                asked.audit = Some(mark);
                self.begin(asked, means)
            }
            (Phase::Renewing(mut asked), Event::Renewed(certificate)) => {
                asked.certificate = certificate;
                self.take_chunk(asked, means)
            }
            (Phase::HoldingChunk(asked), Event::ChunkHeld(state)) => {
                self.chunk_held(asked, state, means)
            }
            (Phase::FindingReceipt(asked), Event::ReceiptFound(Some(receipt)))
            | (Phase::Appending(asked, receipt), Event::Appended(Appended::Durable))
            | (Phase::Appending(asked, _), Event::Appended(Appended::Already(receipt))) => {
                self.find_fates(asked, PushStatus::Receipted(receipt))
            }
            (Phase::FindingReceipt(asked), Event::ReceiptFound(None)) => self.out_of_order(asked),
            (Phase::Appending(asked, _), Event::Appended(Appended::OutOfOrder(peer))) => {
                self.refuse_push(asked, out_of_order(&peer))
            }
            (Phase::FindingFates(asked, status), Event::FatesFound(fates)) => {
                self.build_page(asked, status, fates)
            }
            (Phase::BuildingPage(asked, status, fates), Event::PageBuilt(draft)) => {
                self.answer(&asked, status, fates, draft, means)
            }
            // The ledger failed, or the driver sent an event of another moment. HQ never answers for what is not on disk: the phone
            // tries again, and what is there by then is found.
            (phase, _) => self.refuse(phase.envelope().as_ref(), Refusal::TryLater, means),
        }
    }

    fn read(&mut self, bytes: Vec<u8>, means: &mut Means<'_>) -> Vec<Effect> {
        if bytes.len() > LARGEST_REQUEST {
            return self.refuse(None, Refusal::TooLarge, means);
        }
        match Envelope::parse(&bytes) {
            Ok(open) => {
                let device = DeviceId::new(open.claim().device);
                self.phase = Phase::LookingUp { bytes };
                vec![Effect::LookUp { device }]
            }
            Err(error) => self.refuse(None, error.into(), means),
        }
    }

    fn believe(&mut self, bytes: &[u8], peer: Option<Peer>, means: &mut Means<'_>) -> Vec<Effect> {
        let Some(peer) = peer else {
            return self.refuse(claimed(bytes).as_ref(), Refusal::UnknownDevice, means);
        };
        match self.verify(bytes, peer) {
            Ok(asked) => match asked
                .envelope
                .freshness(means.now_ms, &means.key.verify_key())
            {
                Freshness::Fresh => self.take_nonce(asked, means),
                Freshness::Skewed => {
                    let challenge = self.challenge(&asked, means);
                    self.refuse(Some(&asked.envelope), Refusal::Skewed { challenge }, means)
                }
            },
            Err(error) => self.refuse(claimed(bytes).as_ref(), error.into(), means),
        }
    }

    fn verify(&self, bytes: &[u8], peer: Peer) -> Result<Asked, IdentityError> {
        let (envelope, body) =
            Envelope::parse(bytes)?.verify(Direction::Request, self.agency, &peer.key)?;
        let request = Request::parse(body)?;
        let push_id = request
            .chunk
            .as_ref()
            .map_or([0; 32], |chunk| chunk.push_id);
        Ok(Asked {
            envelope,
            request,
            peer,
            push_id,
            audit: None,
            arrived: Vec::new(),
            outdated: None,
            certificate: None,
        })
    }

    fn challenge(&self, asked: &Asked, means: &mut Means<'_>) -> Vec<u8> {
        let mut salt = [0; 16];
        means.random.fill(&mut salt);
        let challenge = Challenge {
            agency: self.agency,
            device: asked.envelope.device,
            time_ms: means.now_ms,
            salt,
        };
        Signed::sign(challenge, means.key).bytes().to_vec()
    }

    fn take_nonce(&mut self, asked: Asked, means: &Means<'_>) -> Vec<Effect> {
        // An envelope is fresh once more when HQ's clock comes to the time that it names, which a challenge lets lie in the future.
        let latest = means.now_ms.max(asked.envelope.time_ms);
        let until_ms = latest.saturating_add(2 * FRESH_WITHIN_MS);
        let effect = Effect::TakeNonce {
            device: asked.device(),
            nonce: asked.envelope.nonce,
            until_ms,
        };
        self.phase = Phase::TakingNonce(asked);
        vec![effect]
    }

    fn begin(&mut self, mut asked: Asked, means: &mut Means<'_>) -> Vec<Effect> {
        if let Some(acts) = asked.request.audit.take() {
            let device = asked.device();
            self.phase = Phase::KeepingAudit(asked);
            return vec![Effect::KeepAudit { device, acts }];
        }
        let Some(said) = asked.request.restored.take() else {
            return self.take_chunk(asked, means);
        };
        let device = asked.device();
        if let Ok(said) = self.came_back(&asked, &said) {
            self.phase = Phase::Renewing(asked);
            let said = Box::new(said);
            return vec![Effect::Renew { device, said }];
        }
        // Signed by somebody else, or about somebody else: the rest of the request is answered all the same.
        let mut effects = vec![Effect::Log {
            device: Some(device),
            code: "restored.forged",
        }];
        effects.extend(self.take_chunk(asked, means));
        effects
    }

    fn came_back(&self, asked: &Asked, said: &[u8]) -> Result<Signed<Restored>, IdentityError> {
        let said = Signed::<Restored>::open(said, &asked.peer.key)?;
        let own =
            said.statement().agency == self.agency && said.statement().device == asked.device();
        if own {
            Ok(said)
        } else {
            Err(IdentityError::WrongAddressee)
        }
    }

    fn take_chunk(&mut self, mut asked: Asked, means: &mut Means<'_>) -> Vec<Effect> {
        match asked.request.chunk.take() {
            None => self.find_fates(asked, PushStatus::Nothing),
            Some(chunk) if chunk.is_whole() => self.take_push(asked, &chunk.bytes, means),
            Some(chunk) => {
                let device = asked.device();
                self.phase = Phase::HoldingChunk(asked);
                vec![Effect::HoldChunk { device, chunk }]
            }
        }
    }

    fn chunk_held(
        &mut self,
        asked: Asked,
        state: ChunkState,
        means: &mut Means<'_>,
    ) -> Vec<Effect> {
        let push_id = asked.push_id;
        match state {
            ChunkState::Held(bytes) => self.find_fates(asked, PushStatus::Held { push_id, bytes }),
            ChunkState::Whole(bytes) => self.take_push(asked, &bytes, means),
            ChunkState::Receipted(receipt) => {
                self.find_fates(asked, PushStatus::Receipted(receipt))
            }
        }
    }
}
