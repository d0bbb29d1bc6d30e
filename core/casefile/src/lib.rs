//! What is known of a case: its two halves, every value that anyone ever wrote, the risk that follows from them, and the
//! guard that outside bytes must pass. The only crate that knows Automerge.

mod compare;
mod edit;
mod file;
mod guard;
mod history;
mod ids;
mod layout;
mod may;
mod moment;
mod people;
mod reading;
mod record;
mod risk;
mod run;
mod shelf;
mod told;
mod view;

pub use compare::{Changes, Difference};
pub use edit::{Edit, EditError, NewCase};
pub use file::{CaseFile, Merge, OpenError, Snapshot, Stored, StoredHalf, UnknownVersion};
pub use guard::HeldReason;
pub use ids::{Actor, AssessmentId, BadId, CaseId, ChangeId, DeviceId, Digest, PersonId, RecordId};
pub use may::{Holding, May, Operation, may, may_role, who_may};
pub use moment::{Moment, Now, Stamp};
pub use people::{Attribution, Role, Roles, Writer};
pub use record::{
    Acceptance, Accepted, AdviceMark, Ask, ConfirmKind, Confirmation, Event, Mark, NewAdvice,
    Override, Place, Review, Seen, Settlement, Withdrawal,
};
pub use risk::{
    Beside, DomainRisk, Held, HeldValue, MaySettle, Risk, RiskReason, Unfinished, WaitingOverride,
};
pub use run::{Change, Half, Run, Version};
pub use shelf::Shelf;
pub use told::{SaidBy, Told};
pub use view::{
    AcceptanceView, AdviceView, AssessmentView, CaseView, Entry, ItemView, OverrideView,
    SettlementState, SettlementView, StripEntry, TimelineEntry, TimelineKind, ValueStanding,
    ValueView,
};
