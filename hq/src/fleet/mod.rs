//! The phones: enrolment codes, enrolment, the signed directory, and who holds which case.

mod assign;
mod directory;
mod enrol;
mod list;
mod make_code;
mod shred;

pub(crate) use assign::assign_word;
pub use list::EnrolledPhone;
pub use make_code::MadeCode;
