//! Signing in, the session that follows, and its end.

use std::sync::PoisonError;

use mooring_casefile::{Holding, Now, Operation, PersonId, RecordId, Roles, may};
use mooring_identity::{PasswordCheck, check_password, sha256};

use crate::hex::hex;
use crate::ledger::{Audit, HalfSignIn, LedgerError, SessionRow, StaffRow};
use crate::office::{Office, SecondFactorRule};
use crate::refused::Refused;

/// What a signature names: one sign-in of one person.
pub type SignInId = RecordId;

/// A session ends after this long without use.
pub const IDLE_MS: i64 = 15 * 60 * 1000;

/// How often the last use is written down; a page that is merely looked at should not write all the time.
const TOUCH_EVERY_MS: i64 = 10_000;

/// Wrong tries that are free; then each costs twice the wait of the one before.
const FREE_TRIES: usize = 5;
const FIRST_WAIT_MS: i64 = 30_000;
const WINDOW_MS: i64 = 15 * 60 * 1000;

/// A code has to follow the password within this.
const HALF_MS: i64 = 5 * 60 * 1000;

/// A person who is signed in.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub staff: PersonId,
    /// Their name.
    pub name: String,
    /// Their roles as of this request.
    pub roles: Roles,
    /// Which sign-in.
    pub sign_in: SignInId,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// Whether this agency asks for one, and it is not there: then nothing else is let through.
    pub must_set_up: bool,
    csrf: String,
}

impl Session {
    /// The token that every form carries.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether a form carried it; takes equally long whatever it carried.
    pub fn csrf_matches(&self, carried: &str) -> bool {
        sha256(carried.as_bytes()) == sha256(self.csrf.as_bytes())
    }
}

/// A new sign-in: the cookie's value is told once.
pub struct SignedIn {
    /// The cookie's value.
    pub token: String,
    /// The session.
    pub session: Session,
}

/// What came of name and password.
pub enum Entered {
    /// They are enough.
    SignedIn(SignedIn),
    /// They are right, and this person has a second factor.
    AsksForCode {
        /// The value of the cookie that goes with the code.
        token: String,
    },
}

impl Office {
    /// Signs in whoever has no second factor. Nobody who has one is signed in by this.
    pub fn sign_in(&self, name: &str, password: &str, now: Now) -> Result<SignedIn, Refused> {
        match self.enter(name, password, now)? {
            Entered::SignedIn(signed_in) => Ok(signed_in),
            Entered::AsksForCode { .. } => Err(Refused::WrongCode),
        }
    }

    /// Takes name and password, or says why not. Every attempt is written down before the password is looked at.
    pub fn enter(&self, name: &str, password: &str, now: Now) -> Result<Entered, Refused> {
        let _one_at_a_time = self
            .sign_in_door
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let name = name.trim();
        let slate = slate_of(name);
        self.wait_of(&slate, now)?;
        self.ledger.note_attempt(&slate, "wrong", now.wall_ms)?;
        let Some(staff) = self.check_staff(name, password)? else {
            self.note(None, "sign-in", None, Some("wrong-password"), now)?;
            return Err(Refused::WrongPassword);
        };
        if self.has_second_factor(staff.id)? {
            // This attempt was none to count, and the slate is not wiped: or a right password would buy new tries at the code for ever.
            self.ledger.note_attempt(&slate, "half", now.wall_ms)?;
            return self.begin_half(&staff, now);
        }
        self.ledger.note_attempt(&slate, "good", now.wall_ms)?;
        Ok(Entered::SignedIn(self.begin(&staff, now)?))
    }

    /// Takes the code that a sign-in waits for: one of the app, or a recovery code. A wrong one counts like a wrong password.
    pub fn enter_code(&self, token: &str, code: &str, now: Now) -> Result<SignedIn, Refused> {
        let _one_at_a_time = self
            .sign_in_door
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let hash = sha256(token.as_bytes());
        let half = self.ledger.half(&hash)?.ok_or(Refused::SignedOut)?;
        let staff = self
            .ledger
            .staff_member(half.staff)?
            .ok_or(Refused::SignedOut)?;
        if (now.wall_ms - half.begun_ms).abs() > HALF_MS {
            self.ledger.end_half(&hash)?;
            return Err(Refused::SignedOut);
        }
        let slate = slate_of(&staff.name);
        self.wait_of(&slate, now)?;
        self.ledger.note_attempt(&slate, "wrong", now.wall_ms)?;
        if !self.takes_code(staff.id, code, now)? {
            self.note_all(&Audit {
                at_ms: now.wall_ms,
                verb: "sign-in".to_owned(),
                about: Some(staff.id),
                code: Some(Refused::WrongCode.code().to_owned()),
                ..Audit::default()
            })?;
            return Err(Refused::WrongCode);
        }
        if !self.ledger.end_half(&hash)? {
            return Err(Refused::SignedOut);
        }
        self.ledger.note_attempt(&slate, "good", now.wall_ms)?;
        self.begin(&staff, now)
    }

    /// Changes the password of whoever is signed in and knows the old one, and ends every sign-in of theirs.
    pub fn change_own_password(
        &self,
        by: &Session,
        current: &str,
        new: &str,
        now: Now,
    ) -> Result<(), Refused> {
        let _one_at_a_time = self
            .sign_in_door
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let slate = slate_of(&by.name);
        self.wait_of(&slate, now)?;
        self.ledger.note_attempt(&slate, "wrong", now.wall_ms)?;
        if self.check_staff(&by.name, current)?.is_none() {
            let code = Refused::WrongPassword.code();
            self.note(Some(by), "change-password", None, Some(code), now)?;
            return Err(Refused::WrongPassword);
        }
        self.ledger.note_attempt(&slate, "good", now.wall_ms)?;
        self.note(Some(by), "change-password", None, None, now)?;
        self.set_password(by.staff, Some(new), now).map(|_| ())
    }

    fn begin_half(&self, staff: &StaffRow, now: Now) -> Result<Entered, Refused> {
        let token = hex(&self.make_bytes::<32>());
        self.ledger.begin_half(&HalfSignIn {
            token_hash: sha256(token.as_bytes()),
            staff: staff.id,
            begun_ms: now.wall_ms,
        })?;
        self.note_about(staff.id, "password-right", now)?;
        Ok(Entered::AsksForCode { token })
    }

    fn wait_of(&self, slate: &str, now: Now) -> Result<(), Refused> {
        let failed = self
            .ledger
            .failed_attempts(slate, now.wall_ms - WINDOW_MS)?;
        let (Some(over), Some(last)) = (failed.len().checked_sub(FREE_TRIES), failed.last()) else {
            return Ok(());
        };
        let doubled = u32::try_from(over).unwrap_or(u32::MAX).min(5);
        let again_in_ms = last + (FIRST_WAIT_MS << doubled).min(WINDOW_MS) - now.wall_ms;
        if again_in_ms > 0 {
            Err(Refused::TooManyTries { again_in_ms })
        } else {
            Ok(())
        }
    }

    fn check_staff(&self, name: &str, password: &str) -> Result<Option<StaffRow>, Refused> {
        let staff = self.ledger.staff_named(name)?;
        let stored = staff.as_ref().and_then(|staff| staff.password.clone());
        // An unknown name takes as long as a known one, so that names can't be found out.
        let decoy = self
            .decoy_password
            .get_or_init(|| self.hash(&self.make_token()));
        let check = check_password(
            password.as_bytes(),
            stored.as_ref().unwrap_or(decoy),
            self.setup.password_cost,
        )
        .map_err(|_| Refused::Internal {
            code: "password-record",
        })?;
        match (staff, stored, check) {
            (Some(staff), Some(_), PasswordCheck::Right | PasswordCheck::RightButWeak) => {
                Ok(Some(staff))
            }
            (Some(_) | None, _, _) => Ok(None),
        }
    }

    fn begin(&self, staff: &StaffRow, now: Now) -> Result<SignedIn, Refused> {
        let token = hex(&self.make_bytes::<32>());
        let row = SessionRow {
            token_hash: sha256(token.as_bytes()),
            sign_in: self.make_record(now),
            staff: staff.id,
            csrf: self.make_token(),
            begun_ms: now.wall_ms,
            seen_ms: now.wall_ms,
        };
        self.ledger.begin_session(&row)?;
        let session = self.session_of(row, staff)?;
        self.note(Some(&session), "sign-in", None, None, now)?;
        Ok(SignedIn { token, session })
    }

    /// The session of a cookie, used now.
    pub fn session(&self, token: &str, now: Now) -> Result<Session, Refused> {
        let (row, session) = self.find_session(token, now)?;
        if now.wall_ms - row.seen_ms >= TOUCH_EVERY_MS {
            self.ledger.touch_session(&row.token_hash, now.wall_ms)?;
        }
        Ok(session)
    }

    /// The session of a cookie, without counting as use: a page that merely stays open does not keep anyone signed in.
    pub fn peek_session(&self, token: &str, now: Now) -> Result<Session, Refused> {
        Ok(self.find_session(token, now)?.1)
    }

    fn find_session(&self, token: &str, now: Now) -> Result<(SessionRow, Session), Refused> {
        let row = self
            .ledger
            .session(&sha256(token.as_bytes()))?
            .ok_or(Refused::SignedOut)?;
        // A clock that went backwards must not keep a session alive either.
        if (now.wall_ms - row.seen_ms).abs() > IDLE_MS {
            self.ledger.end_session(&row.token_hash, now.wall_ms)?;
            return Err(Refused::SignedOut);
        }
        let staff = self
            .ledger
            .staff_member(row.staff)?
            .ok_or(Refused::SignedOut)?;
        Ok((row.clone(), self.session_of(row, &staff)?))
    }

    /// Ends a session.
    pub fn sign_out(&self, token: &str, now: Now) -> Result<(), Refused> {
        let hash = sha256(token.as_bytes());
        if let Ok((_, session)) = self.find_session(token, now) {
            self.note(Some(&session), "sign-out", None, None, now)?;
        }
        Ok(self.ledger.end_session(&hash, now.wall_ms)?)
    }

    fn session_of(&self, row: SessionRow, staff: &StaffRow) -> Result<Session, LedgerError> {
        let second_factor = self.has_second_factor(staff.id)?;
        let reads = may(Operation::ReadCase, Holding::AtHq, staff.roles).at_all();
        let asked_for = self.setup.second_factor == SecondFactorRule::WhoeverReadsCases && reads;
        Ok(Session {
            staff: staff.id,
            name: staff.name.clone(),
            roles: staff.roles,
            sign_in: row.sign_in,
            second_factor,
            must_set_up: asked_for && !second_factor,
            csrf: row.csrf,
        })
    }
}

/// By hash, because people type passwords into the wrong field.
fn slate_of(name: &str) -> String {
    hex(&sha256(name.trim().to_lowercase().as_bytes()))
}
