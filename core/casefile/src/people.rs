//! Who says so, as far as a case file must know: the verified device, its person, and the roles that rule 6 asks for.

use serde::{Deserialize, Serialize};

use crate::ids::{Actor, DeviceId, PersonId};

/// What a person may be in an agency. The numbers are part of formats: only ever add at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Role {
    /// Goes to the person in crisis.
    Responder = 0,
    /// Goes along with lived experience.
    Peer = 1,
    /// A licensed clinician: may settle downward what another answered.
    Clinician = 2,
    /// May settle downward, accept, review and advise.
    Psychiatrist = 3,
    /// Leads the shift.
    Supervisor = 4,
    /// Sends the team.
    Dispatcher = 5,
    /// Reads figures, not persons.
    Analyst = 6,
    /// Runs the system; reads no case by that role.
    Administrator = 7,
}

impl Role {
    /// Every role, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Responder,
        Self::Peer,
        Self::Clinician,
        Self::Psychiatrist,
        Self::Supervisor,
        Self::Dispatcher,
        Self::Analyst,
        Self::Administrator,
    ];

    /// The role in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Responder => "responder",
            Self::Peer => "peer",
            Self::Clinician => "clinician",
            Self::Psychiatrist => "psychiatrist",
            Self::Supervisor => "supervisor",
            Self::Dispatcher => "dispatcher",
            Self::Analyst => "analyst",
            Self::Administrator => "administrator",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of roles.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Roles(u16);

impl Roles {
    /// No role at all.
    pub const NONE: Self = Self(0);

    /// The set of formats; bits that this version does not know are kept and give nothing.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The set as formats carry it.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// This set and one more role.
    #[must_use]
    pub const fn with(self, role: Role) -> Self {
        Self(self.0 | role.bit())
    }

    /// Whether the role is in it.
    pub const fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// What both sets hold: where two statements about one writer differ, fewer roles are the safe reading.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The roles in words, "clinician, supervisor".
    pub fn words(self) -> String {
        let held: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| self.has(*role))
            .map(Role::words)
            .collect();
        held.join(", ")
    }
}

/// The verified origin of a run: filled in by whoever checked the signature, never read from the run itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Attribution {
    /// The enrolled device, or [`DeviceId::HQ`].
    pub device: DeviceId,
    /// Its person; at HQ the member of staff for whom HQ signs.
    pub person: PersonId,
    /// What that person was when the run was verified.
    pub roles: Roles,
}

impl Attribution {
    /// Whether both are the same device and person, whatever their roles.
    pub fn same_writer(&self, other: &Self) -> bool {
        self.device == other.device && self.person == other.person
    }
}

/// Who writes now, and under which actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writer {
    /// This process run's actor: one actor has one device and one person.
    pub actor: Actor,
    /// Device, person, roles.
    pub who: Attribution,
}

#[cfg(test)]
mod tests {
    use super::{Role, Roles};

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set = Roles::NONE.with(Role::Clinician).with(Role::Supervisor);
        let held: Vec<_> = Role::ALL
            .into_iter()
            .filter(|role| set.has(*role))
            .collect();
        assert_eq!(held, [Role::Clinician, Role::Supervisor]);
        assert_eq!(set.words(), "clinician, supervisor");
        assert_eq!(Roles::from_bits(set.bits()), set);
    }
}
