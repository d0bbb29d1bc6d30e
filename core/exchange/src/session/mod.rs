//! One exchange, as a state machine: the same type at both ends, events in and effects out, no I/O.
//!
//! ```text
//! phone                                   HQ
//! Start ─────────────→ Send(request) ───→ Request → LookUp → TakeNonce → KeepAudit → HoldChunk | AppendPush → FindFates → BuildPage
//! Reply ←──────────────────────────────── Send(reply)
//!   → StoreReceipt, StoreAudit, StoreFates, StorePage → (driver stores) → Stored → Send … until Done
//! ```
//! At HQ each event gives at most one effect that needs an answer; carry out the others in order first.

mod answer;
mod arrive;
mod events;
mod hq;
mod phone;
mod say;

pub use events::{
    Appended, Arrival, ChunkState, Effect, Ended, Event, Means, PageDraft, Peer, PhoneStart,
    Summary,
};

use mooring_identity::{AgencyId, KeySet};

use crate::AuditActs;

use hq::Hq;
use phone::Phone;

/// One end of one exchange. Dropping it at any point is safe: begin anew from what is stored.
#[derive(Debug)]
pub struct Session(End);

#[derive(Debug)]
enum End {
    Phone(Box<Phone>),
    Hq(Box<Hq>),
}

impl Session {
    /// The phone's end of a whole exchange, from [`Event::Start`] to [`Effect::Done`].
    pub fn phone(start: PhoneStart) -> Self {
        Self(End::Phone(Box::new(Phone::new(start))))
    }

    /// The phone's end: its own audit goes along until HQ says that it holds it. An exchange does not wait for that.
    pub fn carry(&mut self, acts: AuditActs) {
        match &mut self.0 {
            End::Phone(phone) => phone.audit = Some(acts),
            End::Hq(_) => {}
        }
    }

    /// HQ's end of one request, from [`Event::Request`] to [`Effect::Send`]; HQ keeps nothing between two but its ledger.
    pub fn hq(agency: AgencyId) -> Self {
        Self(End::Hq(Box::new(Hq::new(agency))))
    }

    /// The phone's end: HQ's keys as they are from now on, because a page that was just stored brought them. HQ's end knows its own.
    pub fn trust(&mut self, hq: KeySet) {
        match &mut self.0 {
            End::Phone(phone) => phone.start.hq = hq,
            End::Hq(_) => {}
        }
    }

    /// What to do now. Carry out every effect in order, durably, before the next event.
    pub fn on(&mut self, event: Event, means: &mut Means<'_>) -> Vec<Effect> {
        match &mut self.0 {
            End::Phone(phone) => phone.on(event, means),
            End::Hq(hq) => hq.on(event, means),
        }
    }
}
