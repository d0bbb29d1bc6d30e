//! Adding staff, finding them, setting a password.

use mooring_casefile::{Now, PersonId, Roles};
use mooring_identity::hash_password;

use super::blocklist::why_guessed;
use crate::ledger::{LedgerError, StaffRow};
use crate::office::Office;
use crate::refused::Refused;

/// Passwords shorter than this are refused.
const SHORTEST_PASSWORD: usize = 10;
const LONGEST: usize = 256;

/// A staff member to be added.
pub struct NewStaff {
    /// The name that they sign in with and that others read.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
    /// Their password; one is made if there is none.
    pub password: Option<String>,
}

/// A staff member who was added.
pub struct AddedStaff {
    /// Who.
    pub person: PersonId,
    /// Their password, to be told once.
    pub password: String,
}

impl Office {
    /// Adds a staff member and tells the phones.
    pub fn add_staff(&self, new: &NewStaff, now: Now) -> Result<AddedStaff, Refused> {
        let name = new.name.trim();
        if name.is_empty() || name.len() > LONGEST {
            return Err(Refused::invalid("A name is needed, of at most 256 bytes."));
        }
        let password = self.chosen_or_made(new.password.as_deref(), name)?;
        let row = StaffRow {
            id: self.make_person(),
            name: name.to_owned(),
            roles: new.roles,
            password: Some(self.hash(&password)),
            added_ms: now.wall_ms,
        };
        match self.ledger.add_staff(&row) {
            Err(LedgerError::Conflict) => {
                return Err(Refused::invalid(
                    "Someone of that name is on the staff already.",
                ));
            }
            done => done?,
        }
        self.note_about(row.id, "add-staff", now)?;
        self.refresh_directory(now)?;
        Ok(AddedStaff {
            person: row.id,
            password,
        })
    }

    /// Sets a password, makes one if none is given, and ends that person's sign-ins.
    pub fn set_password(
        &self,
        person: PersonId,
        password: Option<&str>,
        now: Now,
    ) -> Result<String, Refused> {
        let staff = self.ledger.staff_member(person)?.ok_or(Refused::NotFound)?;
        let password = self.chosen_or_made(password, &staff.name)?;
        self.ledger
            .set_password(person, &self.hash(&password), now.wall_ms)?;
        self.note_about(person, "set-password", now)?;
        Ok(password)
    }

    /// Finds a staff member by name or by id.
    pub fn find_staff(&self, name_or_id: &str) -> Result<StaffRow, Refused> {
        let by_name = self.ledger.staff_named(name_or_id)?;
        let found = match (by_name, PersonId::parse(name_or_id)) {
            (Some(row), _) => Some(row),
            (None, Ok(id)) => self.ledger.staff_member(id)?,
            (None, Err(_)) => None,
        };
        found.ok_or(Refused::NotFound)
    }

    /// Everyone.
    pub fn staff(&self) -> Result<Vec<StaffRow>, Refused> {
        Ok(self.ledger.staff()?)
    }

    fn chosen_or_made(&self, password: Option<&str>, name: &str) -> Result<String, Refused> {
        let Some(password) = password else {
            return Ok(self.make_password());
        };
        if password.len() < SHORTEST_PASSWORD || password.len() > LONGEST {
            return Err(Refused::invalid("A password has 10 to 256 characters."));
        }
        let agency = &self.keys.root.statement().name;
        if let Some(why) = why_guessed(password, &[name, agency]) {
            return Err(Refused::Invalid {
                why: format!("That password is among the first to be guessed. {why}"),
            });
        }
        Ok(password.to_owned())
    }

    /// Twenty letters and digits in fours: 100 bits.
    fn make_password(&self) -> String {
        self.make_letters::<20>()
    }

    /// Sixteen, 80 bits: good once, and tried as slowly as a password.
    pub(super) fn make_recovery_code(&self) -> String {
        self.make_letters::<16>()
    }

    /// Letters and digits that are hard to confuse, in fours, five bits each.
    fn make_letters<const N: usize>(&self) -> String {
        const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
        let letters = self.make_bytes::<N>().map(|byte| {
            ALPHABET
                .get(usize::from(byte & 31))
                .map_or('a', |b| char::from(*b))
        });
        let groups: Vec<String> = letters
            .chunks(4)
            .map(|group| group.iter().collect())
            .collect();
        groups.join("-")
    }

    pub(crate) fn hash(&self, password: &str) -> String {
        self.with_random(|random| {
            hash_password(password.as_bytes(), self.setup.password_cost, random)
        })
    }
}
