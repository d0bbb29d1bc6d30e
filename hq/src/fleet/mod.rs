//! The phones: enrolment codes, enrolment, the signed directory, who holds which case, and what is said to a phone: HQ's keys, its
//! lease, its orders.

mod assign;
mod directory;
mod enrol;
pub(crate) mod known;
mod lend;
mod list;
mod lost;
mod make_code;
mod renew;
mod renew_keys;
mod revoke;
mod shred;

pub(crate) use assign::assign_word;
pub use list::{EnrolledPhone, SealedAside};
pub use lost::LostPhone;
pub use make_code::MadeCode;
