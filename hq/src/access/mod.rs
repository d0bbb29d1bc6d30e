//! Who may do what at HQ: staff, sign-ins, sessions, permissions, and the audit of every read.

mod audit;
mod permit;
mod sign_in;
mod staff;

pub use sign_in::{IDLE_MS, Session, SignInId, SignedIn};
pub use staff::{AddedStaff, NewStaff};
