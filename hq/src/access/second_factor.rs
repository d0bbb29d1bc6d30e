//! The second factor: set up by its person, confirmed by a code, asked for at every sign-in from then on.

use mooring_casefile::{Now, PersonId};
use mooring_identity::{MacKey, Purpose, SealKey, Secret, TotpSecret, derive_secret};
use zeroize::Zeroizing;

use super::Session;
use crate::ledger::{Hash, LedgerError, SecondFactorRow};
use crate::office::{Office, UNREADABLE};
use crate::refused::Refused;

const SECRET: Purpose = Purpose::new("mooring.hq.second-factor");
const RECOVERY: Purpose = Purpose::new("mooring.hq.recovery-code");

/// How many recovery codes there are; each works once.
pub const RECOVERY_CODES: usize = 10;

/// What a person takes into their authenticator app. Shown to them alone, and until it is confirmed only.
pub struct SettingUp {
    /// The secret in fours, to be typed.
    pub text: String,
    /// The same as a link.
    pub uri: String,
}

/// How a person's second factor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// There is none.
    None,
    /// It counts, and so many recovery codes are left.
    Confirmed {
        /// How many.
        recovery_codes: u64,
    },
}

impl Office {
    /// How the second factor of whoever is signed in stands.
    pub fn second_factor(&self, by: &Session) -> Result<SecondFactor, Refused> {
        Ok(if self.has_second_factor(by.staff)? {
            SecondFactor::Confirmed {
                recovery_codes: self.ledger.recovery_codes_left(by.staff)?,
            }
        } else {
            SecondFactor::None
        })
    }

    /// Makes a secret. It counts for nothing before it is confirmed, and takes the place of an earlier one that was not.
    pub fn begin_second_factor(&self, by: &Session, now: Now) -> Result<SettingUp, Refused> {
        self.note(Some(by), "second-factor-begin", None, None, now)?;
        let secret = self.with_random(|random| TotpSecret::make(random));
        let row = SecondFactorRow {
            staff: by.staff,
            sealed: self.seal_secret(by.staff, &secret),
            begun_ms: now.wall_ms,
            confirmed_ms: None,
            last_step: 0,
        };
        match self.ledger.begin_second_factor(&row) {
            Err(LedgerError::Conflict) => Err(Refused::invalid(
                "You have a second factor. An administrator takes it away if it is lost.",
            )),
            done => {
                done?;
                Ok(self.setting_up(by, &secret))
            }
        }
    }

    /// What is being set up, once more: after a wrong code the same secret stands.
    pub fn setting_up_again(&self, by: &Session) -> Result<SettingUp, Refused> {
        let row = self.ledger.second_factor(by.staff)?;
        let row = row.filter(|row| row.confirmed_ms.is_none());
        let secret = self.open_secret(&row.ok_or(Refused::NotFound)?)?;
        Ok(self.setting_up(by, &secret))
    }

    /// The app shows the right code: from now on it counts. Gives the recovery codes, which are kept nowhere.
    pub fn confirm_second_factor(
        &self,
        by: &Session,
        code: &str,
        now: Now,
    ) -> Result<Vec<String>, Refused> {
        let row = self.ledger.second_factor(by.staff)?;
        let row = row.filter(|row| row.confirmed_ms.is_none());
        let secret = self.open_secret(&row.ok_or(Refused::NotFound)?)?;
        let step = secret.check(code, now.wall_ms, 0);
        let refused = step.is_none().then_some("wrong-code");
        self.note(Some(by), "second-factor-confirm", None, refused, now)?;
        let step = step.ok_or(Refused::WrongCode)?;
        let codes: Vec<String> = (0..RECOVERY_CODES)
            .map(|_| self.make_recovery_code())
            .collect();
        let hashes: Vec<Hash> = codes
            .iter()
            .map(|code| self.recovery_hash(by.staff, code))
            .collect();
        let confirmed = self
            .ledger
            .confirm_second_factor(by.staff, step, &hashes, now.wall_ms)?;
        if confirmed {
            Ok(codes)
        } else {
            Err(Refused::NotFound)
        }
    }

    /// Takes a person's second factor away and ends their sign-ins: their phone is lost, and their codes with it.
    pub fn reset_second_factor(&self, person: PersonId, now: Now) -> Result<(), Refused> {
        self.ledger.staff_member(person)?.ok_or(Refused::NotFound)?;
        self.ledger.forget_second_factor(person, now.wall_ms)?;
        Ok(self.note_about(person, "reset-second-factor", now)?)
    }

    pub(super) fn has_second_factor(&self, staff: PersonId) -> Result<bool, LedgerError> {
        let row = self.ledger.second_factor(staff)?;
        Ok(row.is_some_and(|row| row.confirmed_ms.is_some()))
    }

    /// Whether it is a code of the app that was not used, or a recovery code that was not used. Either is used up by this.
    pub(super) fn takes_code(
        &self,
        staff: PersonId,
        code: &str,
        now: Now,
    ) -> Result<bool, Refused> {
        let row = self
            .ledger
            .second_factor(staff)?
            .ok_or(Refused::SignedOut)?;
        let step = self
            .open_secret(&row)?
            .check(code, now.wall_ms, row.last_step);
        if let Some(step) = step
            && self.ledger.use_step(staff, step)?
        {
            return Ok(true);
        }
        let hash = self.recovery_hash(staff, &plain(code));
        let used = self.ledger.use_recovery_code(staff, &hash, now.wall_ms)?;
        if used {
            self.note_about(staff, "recovery-code", now)?;
        }
        Ok(used)
    }

    fn setting_up(&self, by: &Session, secret: &TotpSecret) -> SettingUp {
        SettingUp {
            text: secret.text(),
            uri: secret.uri(&self.keys.root.statement().name, &by.name),
        }
    }

    fn seal_secret(&self, staff: PersonId, secret: &TotpSecret) -> Vec<u8> {
        let key = self.second_factor_key();
        self.with_random(|random| key.seal(staff.as_bytes(), secret.expose(), random))
    }

    fn open_secret(&self, row: &SecondFactorRow) -> Result<TotpSecret, Refused> {
        let opened = self
            .second_factor_key()
            .open(row.staff.as_bytes(), &row.sealed);
        let plain = Zeroizing::new(opened.map_err(|_| UNREADABLE)?.to_vec());
        Ok(TotpSecret::parse(&plain).ok_or(UNREADABLE)?)
    }

    fn second_factor_key(&self) -> SealKey {
        SealKey::new(self.derived(SECRET), SECRET)
    }

    fn recovery_hash(&self, staff: PersonId, code: &str) -> Hash {
        let code = Zeroizing::new([staff.as_bytes(), plain(code).as_bytes()].concat());
        MacKey::new(self.derived(RECOVERY), RECOVERY).tag(&code)
    }

    /// From a key that lies beside the ledger and not in it: whoever has the ledger alone can make no code and try none.
    fn derived(&self, purpose: Purpose) -> Secret {
        derive_secret(b"", self.keys.names.expose(), purpose, b"")
    }
}

/// As it was made, however it was typed.
fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
