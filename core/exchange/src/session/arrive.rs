//! HQ takes a push: all of it is checked before anything is appended, and what is wrong with one run costs none of the others.

use mooring_identity::{IdentityError, Signed, sha256};

use crate::{
    Arrival, Effect, MarkState, Means, OpenedPush, Peer, PushHeader, PushRefusal, PushStatus,
    Receipt, RunMark, open_push,
};

use super::hq::{Asked, Hq, Phase};

impl Hq {
    pub(super) fn take_push(
        &mut self,
        mut asked: Asked,
        bytes: &[u8],
        means: &mut Means<'_>,
    ) -> Vec<Effect> {
        let push = match self.open(&asked, bytes) {
            Ok(push) => push,
            Err(error) => return self.refuse_push(asked, error.into()),
        };
        let header = push.header.statement();
        if follows(header, &asked.peer) {
            return self.append(asked, push, means);
        }
        if header.epoch < asked.peer.epoch {
            asked.outdated = Some(push.header.bytes().to_vec());
        }
        // Perhaps it is here already and only our receipt was lost.
        let effect = Effect::FindReceipt {
            device: asked.device(),
            push: header.hash(),
        };
        self.phase = Phase::FindingReceipt(asked);
        vec![effect]
    }

    fn open(&self, asked: &Asked, bytes: &[u8]) -> Result<OpenedPush, IdentityError> {
        if sha256(bytes) != asked.push_id {
            return Err(IdentityError::Malformed);
        }
        open_push(bytes, self.agency, asked.device(), &asked.peer.key)
    }

    fn append(&mut self, mut asked: Asked, push: OpenedPush, means: &Means<'_>) -> Vec<Effect> {
        let (device, push_id) = (asked.device(), asked.push_id);
        let mut effects: Vec<_> = push
            .refused
            .iter()
            .map(|run| Effect::Log {
                device: Some(device),
                code: run.fault.code(),
            })
            .collect();
        let receipt = Signed::sign(receipt(&push, means.now_ms), means.key);
        asked.arrived = receipt
            .statement()
            .marks
            .iter()
            .map(|mark| mark.key)
            .collect();
        self.phase = Phase::Appending(asked, receipt.bytes().to_vec());
        effects.push(Effect::AppendPush(Box::new(Arrival {
            device,
            push_id,
            push,
            receipt,
        })));
        effects
    }

    /// A push that does not follow, and that was not here before.
    pub(super) fn out_of_order(&mut self, mut asked: Asked) -> Vec<Effect> {
        let (device, outdated) = (asked.device(), asked.outdated.take());
        // Who was certified anew pushes under the new epoch: so this comes from somebody else with the same keys.
        let twice = outdated.map(|push| Effect::SeenTwice { device, push });
        let refusal = out_of_order(&asked.peer);
        let mut effects: Vec<_> = twice.into_iter().collect();
        effects.extend(self.refuse_push(asked, refusal));
        effects
    }

    pub(super) fn refuse_push(&mut self, asked: Asked, refusal: PushRefusal) -> Vec<Effect> {
        let (device, push_id) = (asked.device(), asked.push_id);
        let log = Effect::Log {
            device: Some(device),
            code: refusal.code(),
        };
        let mut effects = vec![log, Effect::DropChunks { device, push_id }];
        effects.extend(self.find_fates(asked, PushStatus::Refused(refusal)));
        effects
    }
}

fn follows(header: &PushHeader, peer: &Peer) -> bool {
    header.epoch == peer.epoch
        && Some(header.dev_seq) == peer.last_seq.checked_add(1)
        && header.prev == peer.last_push
}

pub(super) fn out_of_order(peer: &Peer) -> PushRefusal {
    PushRefusal::OutOfOrder {
        epoch: peer.epoch,
        next_seq: peer.last_seq.saturating_add(1),
        prev: peer.last_push,
    }
}

/// What HQ will hold once the append is durable: nobody sees it before.
fn receipt(push: &OpenedPush, received_ms: i64) -> Receipt {
    let header = push.header.statement();
    let mut marks: Vec<RunMark> = Vec::new();
    for arrived in &push.runs {
        let (key, last_seq, last) = (
            arrived.header.key,
            arrived.header.last_seq,
            arrived.header.last,
        );
        marks.push(RunMark {
            key,
            last_seq,
            last,
            state: MarkState::Received,
        });
    }
    // A divided run comes as several; the highest number tells of all.
    marks.sort_unstable();
    marks.reverse();
    marks.dedup_by_key(|mark| mark.key);
    marks.reverse();
    Receipt {
        agency: header.agency,
        device: header.device,
        epoch: header.epoch,
        dev_seq: header.dev_seq,
        push: header.hash(),
        received_ms,
        marks,
        refused: push.refused.clone(),
    }
}
