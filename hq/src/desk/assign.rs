//! Who holds a case: shown on its page, given and ended there.

use mooring_casefile::{CaseId, Now, Operation, PersonId};
use mooring_exchange::Access;

use crate::access::Session;
use crate::fleet::assign_word;
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// A person with phones that hold, or held, a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// How they hold it: the most that any phone of theirs may show.
    pub access: Access,
}

impl Headquarters {
    /// Gives a person a case, in full or in standby, or ends it for them.
    pub fn assign_case(
        &self,
        by: &Session,
        case: CaseId,
        person: PersonId,
        access: Access,
        now: Now,
    ) -> Result<(), Refused> {
        self.admit(
            by,
            Operation::AssignCase,
            assign_word(access),
            Some(case),
            now,
        )?;
        if access == Access::Shredded {
            return Err(Refused::invalid("A case is not shredded from its page."));
        }
        // Under the board's lock, so that what arrives meanwhile decides after this.
        let board = self.board();
        board.file(case).ok_or(Refused::NotFound)?;
        self.office()
            .ledger
            .staff_member(person)?
            .ok_or(Refused::NotFound)?;
        self.office()
            .give(case, person, access, Some(by.staff), now)?;
        drop(board);
        self.announce(case);
        Ok(())
    }

    /// Who holds a case: what was decided of people, and what their phones were told.
    pub(super) fn holders(&self, case: CaseId) -> Result<Vec<Holder>, Refused> {
        let office = self.office();
        let (decided, held) = (office.ledger.holders(case)?, office.ledger.held_by(case)?);
        let devices = office.ledger.devices()?;
        let mut holders: Vec<Holder> = Vec::new();
        for staff in office.ledger.staff()? {
            let of_phones = devices.iter().filter(|row| row.person == staff.id);
            let of_phones =
                of_phones.filter_map(|row| held.iter().find(|one| one.device == row.id));
            let decided = decided.iter().filter(|row| row.person == staff.id);
            let all = of_phones
                .map(|one| one.access)
                .chain(decided.map(|row| row.access));
            // `Open` is the least of them.
            if let Some(access) = all.min() {
                holders.push(Holder {
                    person: staff.id,
                    name: staff.name,
                    access,
                });
            }
        }
        holders.sort_by_key(|one| one.access);
        Ok(holders)
    }
}
