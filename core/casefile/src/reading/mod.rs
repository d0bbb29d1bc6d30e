//! Reading a case: which values stand, which are held, and who may change that (SAFETY rules 3 to 8). All derived.

pub(crate) mod assessment;
mod authority;
mod case;
mod digest;
mod hidden;
mod past;
mod records;
mod settled;
mod slot;
mod team;

pub(crate) use assessment::AssessmentReading;
pub(crate) use authority::Weight;
pub(crate) use case::Reading;
pub(crate) use records::Said;
pub(crate) use slot::{SlotReading, Standing};
