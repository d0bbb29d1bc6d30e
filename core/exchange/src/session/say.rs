//! HQ answers: fates, a byte range of a page, one signed envelope.

use mooring_casefile::DeviceId;
use mooring_identity::{AgencyId, Direction, Envelope, SigningKey, sha256};

use crate::limits::{LARGEST_CHUNK, LARGEST_PAGE, MOST_KEYS};
use crate::{
    Answer, Effect, Means, Page, PageChunk, PageDraft, PagePosition, PushStatus, Refusal, Reply,
    RunMark, prove_page,
};

use super::hq::{Asked, Hq, Phase};

impl Hq {
    pub(super) fn find_fates(&mut self, asked: Asked, status: PushStatus) -> Vec<Effect> {
        let check = asked.request.check.clone();
        // What was asked comes first; what just arrived fills up, and the phone can ask for the rest.
        let room = MOST_KEYS.saturating_sub(check.len());
        let ask: Vec<_> = asked
            .request
            .ask
            .iter()
            .chain(&asked.arrived)
            .take(room)
            .copied()
            .collect();
        if ask.is_empty() && check.is_empty() {
            return self.build_page(asked, status, Vec::new());
        }
        let device = asked.device();
        self.phase = Phase::FindingFates(asked, status);
        vec![Effect::FindFates { device, ask, check }]
    }

    pub(super) fn build_page(
        &mut self,
        asked: Asked,
        status: PushStatus,
        mut fates: Vec<RunMark>,
    ) -> Vec<Effect> {
        fates.truncate(MOST_KEYS);
        let device = asked.device();
        let after = asked.request.cursor;
        let until = asked.request.page.map(|page| page.until);
        self.phase = Phase::BuildingPage(asked, status, fates);
        vec![Effect::BuildPage {
            device,
            after,
            until,
        }]
    }

    pub(super) fn answer(
        &mut self,
        asked: &Asked,
        push: PushStatus,
        fates: Vec<RunMark>,
        draft: Option<PageDraft>,
        means: &Means<'_>,
    ) -> Vec<Effect> {
        let place = (self.agency, asked.device());
        let page = draft.map(|draft| page_chunk(asked, place, draft, means.key));
        let Ok(page) = page.transpose() else {
            return self.refuse(Some(&asked.envelope), Refusal::TryLater, means);
        };
        let reply = Reply::Answer(Answer {
            push,
            fates,
            page,
            audit: asked.audit,
            certificate: asked.certificate.clone(),
        });
        vec![Effect::Send(self.seal(
            Some(&asked.envelope),
            &reply,
            means,
        ))]
    }

    /// Takes nothing of the request. To an envelope that could not even be read the reply names no nonce; no phone believes it, but the
    /// carrier has something to say.
    pub(super) fn refuse(
        &mut self,
        to: Option<&Envelope>,
        refusal: Refusal,
        means: &Means<'_>,
    ) -> Vec<Effect> {
        self.phase = Phase::Over;
        let device = to.map(|envelope| DeviceId::new(envelope.device));
        let log = Effect::Log {
            device,
            code: refusal.code(),
        };
        vec![
            log,
            Effect::Send(self.seal(to, &Reply::Refused(refusal), means)),
        ]
    }

    fn seal(&self, to: Option<&Envelope>, reply: &Reply, means: &Means<'_>) -> Vec<u8> {
        let envelope = Envelope {
            direction: Direction::Reply,
            agency: self.agency,
            device: to.map_or([0; 16], |envelope| envelope.device),
            nonce: to.map_or([0; 16], |envelope| envelope.nonce),
            time_ms: means.now_ms,
            challenge: Vec::new(),
        };
        envelope.seal(&reply.encode(), means.key)
    }
}

/// A page beyond the cap of its format: HQ's own fault.
struct TooLarge;

fn page_chunk(
    asked: &Asked,
    place: (AgencyId, DeviceId),
    draft: PageDraft,
    key: &SigningKey,
) -> Result<PageChunk, TooLarge> {
    let PageDraft {
        until,
        mut entries,
        more,
    } = draft;
    prove_page(&mut entries, place, (asked.request.cursor, until), key);
    let bytes = Page {
        after: asked.request.cursor,
        until,
        entries,
    }
    .encode();
    if bytes.len() > LARGEST_PAGE {
        return Err(TooLarge);
    }
    let total = u32::try_from(bytes.len()).map_err(|_| TooLarge)?;
    let hash = sha256(&bytes);
    // If the page came out otherwise than before, the phone's part of it is worth nothing: begin again.
    let same =
        |page: &PagePosition| page.until == until && page.hash == hash && page.offset < total;
    let offset = asked
        .request
        .page
        .filter(same)
        .map_or(0, |page| page.offset);
    let start = usize::try_from(offset).map_err(|_| TooLarge)?;
    let end = bytes.len().min(start.saturating_add(LARGEST_CHUNK));
    let bytes = bytes.get(start..end).unwrap_or_default().to_vec();
    Ok(PageChunk {
        until,
        hash,
        total,
        offset,
        bytes,
        more,
    })
}
