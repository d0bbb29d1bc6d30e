//! The phones: enrolment codes, enrolment, the signed directory, and who holds which case.

mod assign;
mod directory;
mod enrol;
mod list;
mod make_code;
mod renew;

pub use list::EnrolledPhone;
pub use make_code::MadeCode;
