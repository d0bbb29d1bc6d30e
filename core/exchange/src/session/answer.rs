//! The phone takes an answer: what to store of it, in which order.

use std::cmp::Ordering;

use mooring_identity::{DeviceCertificate, IdentityError, Signed};

use crate::{Answer, Effect, Ended, Entry, Means, PageChunk, PagePart, PushStatus, Receipt};

use super::phone::Phone;

impl Phone {
    pub(super) fn take(&mut self, answer: Answer, means: &mut Means<'_>) -> Vec<Effect> {
        self.idle += 1;
        let mut effects = match self.take_push(answer.push) {
            Ok(effect) => Vec::from_iter(effect),
            Err(error) => return self.over(Ended::BadReply(error)),
        };
        match self.take_certificate(answer.certificate) {
            Ok(effect) => effects.extend(effect),
            Err(error) => return self.over(Ended::BadReply(error)),
        }
        let kept = answer
            .audit
            .filter(|mark| self.audit.as_ref().is_some_and(|acts| acts.mark() == *mark));
        if let Some(mark) = kept {
            self.audit = None;
            self.idle = 0;
            effects.push(Effect::StoreAudit(mark));
        }
        if !answer.fates.is_empty() {
            effects.push(Effect::StoreFates(answer.fates));
        }
        let mut cursor = self.start.cursor;
        match self.take_page(answer.page) {
            Ok(None) => {}
            Ok(Some(Effect::StorePage(page))) => {
                cursor = page.until;
                let told = page.entries.iter();
                let told = told.filter(|entry| !matches!(entry.entry, Entry::Proof(_)));
                self.summary.entries += told.count() as u64;
                effects.push(Effect::StorePage(page));
            }
            Ok(Some(other)) => effects.push(other),
            Err(error) => return self.over(Ended::BadReply(error)),
        }
        self.stored_or_on(effects, cursor, means)
    }

    fn take_certificate(
        &self,
        certificate: Option<Vec<u8>>,
    ) -> Result<Option<Effect>, IdentityError> {
        let Some(bytes) = certificate else {
            return Ok(None);
        };
        let signed = Signed::<DeviceCertificate>::open(&bytes, &self.start.hq)?;
        let said = signed.statement();
        if said.agency != self.start.agency || said.device != self.start.device.bytes() {
            return Err(IdentityError::WrongAddressee);
        }
        Ok(Some(Effect::StoreCertificate(Box::new(signed))))
    }

    fn take_push(&mut self, status: PushStatus) -> Result<Option<Effect>, IdentityError> {
        let Some(push) = &self.start.push else {
            return Ok(None);
        };
        match status {
            PushStatus::Nothing => Ok(None),
            PushStatus::Held { push_id, bytes } => {
                let bytes = usize::try_from(bytes).map_err(|_| IdentityError::TooLarge)?;
                if push_id != push.id() || bytes > push.bytes().len() {
                    return Err(IdentityError::Malformed);
                }
                match bytes.cmp(&self.held) {
                    Ordering::Greater => self.idle = 0,
                    Ordering::Equal => {}
                    // HQ has lost some since: the phone sends them again, but not for ever.
                    Ordering::Less => self.setbacks += 1,
                }
                self.held = bytes;
                Ok(None)
            }
            PushStatus::Receipted(bytes) => {
                let receipt = Signed::<Receipt>::open(&bytes, &self.start.hq)?;
                let said = receipt.statement();
                let ours = said.agency == self.start.agency
                    && said.device == self.start.device
                    && said.push == push.header().hash();
                if !ours {
                    return Err(IdentityError::WrongAddressee);
                }
                self.summary.receipts += 1;
                self.summary.refused_runs += u32::try_from(said.refused.len()).unwrap_or(u32::MAX);
                self.push_is_over();
                Ok(Some(Effect::StoreReceipt(receipt)))
            }
            PushStatus::Refused(refusal) => {
                self.summary.refused_pushes += 1;
                self.push_is_over();
                Ok(Some(Effect::PushRefused(refusal)))
            }
        }
    }

    fn push_is_over(&mut self) {
        (self.start.push, self.held, self.idle) = (None, 0, 0);
    }

    fn take_page(&mut self, chunk: Option<PageChunk>) -> Result<Option<Effect>, IdentityError> {
        let Some(chunk) = chunk else {
            (self.part, self.more) = (None, false);
            return Ok(None);
        };
        self.more = chunk.more;
        if self.part.is_some() && chunk.offset == 0 {
            self.setbacks += 1;
        }
        let Some(part) = joined(self.part.take(), chunk) else {
            // Bytes from another place than we asked for: ask for this page from its beginning.
            self.more = true;
            return Ok(None);
        };
        self.idle = 0;
        match part.complete() {
            None => {
                self.part = Some(part.clone());
                Ok(Some(Effect::HoldPart(part)))
            }
            Some(page) => {
                let page = page?;
                let follows = page.after == self.start.cursor && page.until > page.after;
                if follows {
                    Ok(Some(Effect::StorePage(page)))
                } else {
                    Err(IdentityError::Malformed)
                }
            }
        }
    }
}

/// What is here of a page with the new bytes; none where they do not fit.
fn joined(part: Option<PagePart>, chunk: PageChunk) -> Option<PagePart> {
    let PageChunk {
        until,
        hash,
        total,
        offset,
        bytes,
        ..
    } = chunk;
    let fits = |part: &PagePart| {
        (part.until, part.hash, part.total) == (until, hash, total)
            && part.bytes.len() as u64 == u64::from(offset)
    };
    match part.filter(fits) {
        Some(mut part) => {
            part.bytes.extend(bytes);
            Some(part)
        }
        None if offset == 0 => Some(PagePart {
            until,
            hash,
            total,
            bytes,
        }),
        None => None,
    }
}
