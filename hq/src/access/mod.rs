//! Who may do what at HQ: staff, sign-ins, sessions, permissions, and the audit of every read.

mod audit;
mod blocklist;
mod permit;
mod second_factor;
mod sign_in;
mod staff;

pub use second_factor::{RECOVERY_CODES, SecondFactor, SettingUp};
pub use sign_in::{Entered, IDLE_MS, Session, SignInId, SignedIn};
pub use staff::{AddedStaff, NewStaff};
