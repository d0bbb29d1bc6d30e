//! An enrolment code: one use, fifteen minutes, for one person.

use mooring_casefile::{Holding, Now, Operation, PersonId, may};
use mooring_identity::EnrolmentCode;

use crate::ledger::Code;
use crate::office::Office;
use crate::refused::Refused;

/// How long a code is good.
const GOOD_FOR_MS: i64 = 15 * 60 * 1000;

/// A code, told once: HQ keeps only what is derived from it one way.
pub struct MadeCode {
    /// The text to type or to draw as a QR code.
    pub text: String,
    /// When it is over.
    pub expires_ms: i64,
}

impl Office {
    /// Makes a code for one person's phone. `address` is where that phone reaches the device listener.
    pub fn make_code(
        &self,
        person: PersonId,
        address: &str,
        now: Now,
    ) -> Result<MadeCode, Refused> {
        let staff = self.ledger.staff_member(person)?.ok_or(Refused::NotFound)?;
        if !may(Operation::CarryPhone, Holding::AtHq, staff.roles).at_all() {
            return Err(Refused::forbidden(
                "Whoever only runs the system or reads figures carries no phone: give them a role of the team first.",
            ));
        }
        let code = self
            .with_random(|random| EnrolmentCode::make(address, self.agency(), random))
            .map_err(|_| Refused::invalid("That address is too long for a code."))?;
        let ticket = code.derive_ticket();
        let expires_ms = now.wall_ms + GOOD_FOR_MS;
        self.ledger.add_code(&Code {
            ticket: ticket.id,
            key: *ticket.key().expose(),
            person,
            expires_ms,
        })?;
        self.note_about(person, "enrol-code", now)?;
        Ok(MadeCode {
            text: code.to_string(),
            expires_ms,
        })
    }
}
