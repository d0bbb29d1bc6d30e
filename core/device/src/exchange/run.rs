//! Driving the session: carry out its effects in order, and hand out what is to be sent.

use super::exchanged::{Exchanged, Tally};
use super::progress::{self, Progress};
use super::{fates, pack, page, receipt, renewal};
use crate::device::{Device, Open};
use crate::error::{BadInput, Error, Forbidden, Result};
use crate::seams::Seams;
use crate::vault::sql::audit::Act;
use crate::vault::sql::audit_sent;
use crate::vault::sql::facts::{self, Fact};
use crate::vault::sql::push;
use mooring_casefile::Now;
use mooring_exchange::{
    Effect, Ended, Event, Means, PhoneStart, PushRefusal, SealedPush, Session, Summary,
};

/// An exchange under way. It is forgotten at every lock, and nothing is lost by that.
pub(crate) struct Running {
    session: Session,
    tally: Tally,
    /// Pushes made anew because HQ's chain stood elsewhere: more than a few say that something else is wrong.
    remade: u32,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Carry these bytes to HQ, and its answer to [`Device::exchange_reply`].
    Send(Vec<u8>),
    /// It is over.
    Done(Box<Exchanged>),
}

/// Pushes made anew in one exchange before it is left to the next.
const REMAKES: u32 = 2;

impl Device {
    /// Where HQ is, and the certificate authority that its listener is pinned to.
    pub fn hq(&self) -> Result<(&str, &[u8])> {
        let open = self.open.as_ref().ok_or(Error::Locked)?;
        let enrolment = open
            .me
            .enrolment
            .as_ref()
            .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
        Ok((&enrolment.address, &enrolment.tls_ca_der))
    }

    /// Begins an exchange, in place of one that was under way.
    pub fn begin_exchange(&mut self, now: Now) -> Result<Next> {
        let (open, seams) = self.opened_unattended()?;
        let mut tally = Tally::default();
        let start = open.phone_start(&mut tally, seams, now)?;
        open.vault.read(now, Act::Exchange, |_| Ok(()))?;
        let mut session = Session::phone(start);
        // A restored phone sends nothing before HQ has said what it has.
        if !open.restored
            && let Some(acts) = open
                .vault
                .look(|connection| Ok(audit_sent::to_send(connection)?))?
        {
            session.carry(acts);
        }
        open.running = Some(Running {
            session,
            tally,
            remade: 0,
        });
        open.drive(Event::Start, seams, now)
    }

    /// Takes HQ's answer.
    pub fn exchange_reply(&mut self, reply: Vec<u8>, now: Now) -> Result<Next> {
        let (open, seams) = self.opened_unattended()?;
        open.drive(Event::Reply(reply), seams, now)
    }

    /// The link broke. What HQ has not receipted goes again with the next exchange.
    pub fn exchange_cut(&mut self, now: Now) -> Result<Next> {
        let (open, seams) = self.opened_unattended()?;
        open.drive(Event::LinkBroke, seams, now)
    }
}

impl Open {
    fn phone_start(
        &mut self,
        tally: &mut Tally,
        seams: &mut Seams,
        now: Now,
    ) -> Result<PhoneStart> {
        let enrolment = self
            .me
            .enrolment
            .as_ref()
            .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
        let (agency, hq) = (enrolment.agency, enrolment.key_set.clone());
        Ok(PhoneStart {
            agency,
            device: self.me.attribution.device,
            hq,
            cursor: Progress::load(&mut self.vault)?.cursor,
            push: self.push_if_known(tally, seams, now)?,
            ask: fates::to_ask(&mut self.vault)?,
            check: fates::to_check(self)?,
            restored: self.says_restored(now)?,
            part: progress::load_part(&mut self.vault)?,
        })
    }

    /// A restored phone sends nothing before HQ has said what it has and certified it anew: the first whole exchange only pulls and
    /// compares.
    fn push_if_known(
        &mut self,
        tally: &mut Tally,
        seams: &mut Seams,
        now: Now,
    ) -> Result<Option<SealedPush>> {
        if self.restored || self.must_renew()? {
            Ok(None)
        } else {
            pack::next_push(self, tally, seams, now)
        }
    }

    fn drive(&mut self, event: Event, seams: &mut Seams, now: Now) -> Result<Next> {
        let mut running = self
            .running
            .take()
            .ok_or(Error::BadInput(BadInput::Order))?;
        let mut event = event;
        loop {
            // An error drops the session: the next exchange begins from what is on disk.
            match self.step(&mut running, event, seams, now)? {
                Step::Out(Next::Send(bytes)) => {
                    self.running = Some(running);
                    return Ok(Next::Send(bytes));
                }
                Step::Out(done @ Next::Done(_)) => return Ok(done),
                Step::Stored(next) => event = next,
            }
        }
    }

    fn step(
        &mut self,
        running: &mut Running,
        event: Event,
        seams: &mut Seams,
        now: Now,
    ) -> Result<Step> {
        let mut means = Means {
            key: &self.key,
            random: seams.random.as_mut(),
            now_ms: now.wall_ms,
        };
        let effects = running.session.on(event, &mut means);
        let mut push_is_over = false;
        for effect in effects {
            match effect {
                Effect::Send(bytes) => return Ok(Step::Out(Next::Send(bytes))),
                Effect::Done(summary) => {
                    let tally = std::mem::take(&mut running.tally);
                    return Ok(Step::Out(self.finish(summary, tally, now)));
                }
                Effect::StoreReceipt(receipt) => {
                    let covered =
                        receipt::store(self, receipt.statement(), &mut running.tally, now)?;
                    // What HQ did not take stays unsent; sending it again in the same exchange would never end.
                    push_is_over = covered > 0;
                }
                Effect::StoreCertificate(signed) => self.store_certificate(&signed, now)?,
                Effect::StoreAudit(mark) => self
                    .vault
                    .write(now, |tx| Ok(audit_sent::at_hq(tx, mark)?))?,
                Effect::StoreFates(marks) => fates::store(self, &marks, now)?,
                Effect::StorePage(page) => {
                    page::store(self, &page, &mut running.tally, seams, now)?;
                    if let Some(enrolment) = &self.me.enrolment {
                        running.session.trust(enrolment.key_set.clone());
                    }
                }
                Effect::HoldPart(part) => self
                    .vault
                    .write(now, |tx| Ok(progress::store_part(tx, &part)?))?,
                Effect::PushRefused(refusal) => {
                    push_is_over = self.refused(&refusal, running, now)?;
                }
                // HQ's end of the session never runs here.
                Effect::LookUp { .. }
                | Effect::TakeNonce { .. }
                | Effect::Renew { .. }
                | Effect::SeenTwice { .. }
                | Effect::KeepAudit { .. }
                | Effect::HoldChunk { .. }
                | Effect::DropChunks { .. }
                | Effect::FindReceipt { .. }
                | Effect::AppendPush(_)
                | Effect::FindFates { .. }
                | Effect::BuildPage { .. }
                | Effect::Log { .. } => return Err(Error::Internal("session")),
            }
        }
        let next = if push_is_over {
            self.push_if_known(&mut running.tally, seams, now)?
        } else {
            None
        };
        Ok(Step::Stored(Event::Stored(next)))
    }

    /// Drops the push and says whether another may be tried in this exchange. What was in it stays unsent.
    fn refused(&mut self, refusal: &PushRefusal, running: &mut Running, now: Now) -> Result<bool> {
        running.tally.refused_codes.push(refusal.code());
        let mut progress = Progress::load(&mut self.vault)?;
        let epoch = self
            .me
            .enrolment
            .as_ref()
            .map_or(0, |enrolment| enrolment.certificate.epoch);
        let mut elsewhere = false;
        let again = match refusal {
            // HQ has less of this chain than it receipted, or as much: it was restored, and the chain goes on from what it has.
            PushRefusal::OutOfOrder {
                epoch: known,
                next_seq,
                prev,
            } if *known == epoch && progress.reaches(next_seq.saturating_sub(1), prev) => {
                progress.dev_seq = next_seq.saturating_sub(1);
                progress.prev = *prev;
                running.remade += 1;
                running.remade <= REMAKES
            }
            // HQ has pushes under this phone's keys that this phone does not know of, or knows another epoch.
            PushRefusal::OutOfOrder { .. } => {
                elsewhere = true;
                false
            }
            PushRefusal::Malformed
            | PushRefusal::TooNew
            | PushRefusal::TooLarge
            | PushRefusal::Forged
            | PushRefusal::WrongAddressee => false,
        };
        let noticed = self.restored;
        self.vault.write(now, |tx| {
            push::drop_any(tx)?;
            if elsewhere {
                renewal::went_on_elsewhere(tx, noticed, now)?;
            }
            Ok(progress.store(tx)?)
        })?;
        Ok(again)
    }

    /// HQ's marks were compared and its page read to the end: from the next exchange on this phone sends again what HQ lacks. Should the
    /// fact not be written, the next opening pulls and compares once more.
    fn is_known_again(&mut self, now: Now) {
        if self.restored {
            let forgotten = self
                .vault
                .write(now, |tx| Ok(facts::forget(tx, Fact::Restored)?));
            self.restored = forgotten.is_err();
        }
    }

    fn finish(&mut self, summary: Summary, mut tally: Tally, now: Now) -> Next {
        if let Ended::Refused(refusal) = &summary.ended {
            tally.refused_codes.push(refusal.code());
        }
        if summary.ended == Ended::Finished {
            self.checked_marks = true;
            self.is_known_again(now);
            // It only saves space: what does not work now is tried after the next exchange.
            let _ = self.compact(now);
        }
        // What can't be dropped now is unreadable all the same, and is dropped at the next tick.
        tally
            .dropped
            .extend(self.drop_over(now).unwrap_or_default());
        let Tally {
            new_advice,
            sent_changes,
            merged_runs,
            waiting_runs,
            held_runs,
            damaged_cases,
            refused_codes,
            dropped,
        } = tally;
        Next::Done(Box::new(Exchanged {
            summary,
            new_advice,
            sent_changes,
            merged_runs,
            waiting_runs,
            held_runs,
            damaged_cases,
            refused_codes,
            dropped,
        }))
    }
}

enum Step {
    Out(Next),
    Stored(Event),
}
